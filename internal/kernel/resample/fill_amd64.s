#include "textflag.h"

// reverse16 reverses 16 bytes.
DATA reverse16<>+0(SB)/8, $0x08090a0b0c0d0e0f
DATA reverse16<>+8(SB)/8, $0x0001020304050607
GLOBL reverse16<>(SB), RODATA|NOPTR, $16

// reverseRGB reverses 5 pixels, behind one byte.
DATA reverseRGB<>+0(SB)/8, $0x060b0a090e0d0c80
DATA reverseRGB<>+8(SB)/8, $0x0201000504030807
GLOBL reverseRGB<>(SB), RODATA|NOPTR, $16

#define LOAD_FILL_FRAME \
	MOVQ f+0(FP), BX  \
	MOVQ 0(BX), DI    \
	MOVQ 8(BX), SI    \
	MOVQ 16(BX), CX   \
	MOVQ 24(BX), R12  \
	MOVQ 32(BX), R13  \
	XORL DX, DX

#define NEXT_FILL(size, block, done) \
	CMPQ    DX, CX    \
	JGE     done      \
	ADDQ    $size, DX \
	CMPQ    DX, CX    \
	CMOVQGT CX, DX    \
	JMP     block

// func fillAVX512(f *fillFrame)
TEXT ·fillAVX512(SB), NOSPLIT, $0-8
	LOAD_FILL_FRAME
	VMOVUPS (R12), Z16
	VMOVUPS 64(R12), Z17
	VMOVUPS 128(R12), Z18
	VMOVUPS (R13), Z19
	VMOVUPS 64(R13), Z20
	VMOVUPS 128(R13), Z21

block:
	VPMOVZXBD (SI)(DX*1), Z0
	VPMOVZXBD 16(SI)(DX*1), Z1
	VPMOVZXBD 32(SI)(DX*1), Z2
	VCVTDQ2PS Z0, Z0
	VCVTDQ2PS Z1, Z1
	VCVTDQ2PS Z2, Z2
	VMULPS    Z16, Z0, Z0
	VMULPS    Z17, Z1, Z1
	VMULPS    Z18, Z2, Z2
	VADDPS    Z19, Z0, Z0
	VADDPS    Z20, Z1, Z1
	VADDPS    Z21, Z2, Z2
	CMPQ      40(BX), $0
	JNE       stream
	VMOVUPS   Z0, (DI)(DX*4)
	VMOVUPS   Z1, 64(DI)(DX*4)
	VMOVUPS   Z2, 128(DI)(DX*4)
	NEXT_FILL(48, block, done)

stream:
	VMOVNTPS  Z0, (DI)(DX*4)
	VMOVNTPS  Z1, 64(DI)(DX*4)
	VMOVNTPS  Z2, 128(DI)(DX*4)
	NEXT_FILL(48, block, done)

done:
	VZEROUPPER
	RET

#define FILL2(from, to, y) \
	VPMOVZXBD from(SI)(DX*1), y \
	VCVTDQ2PS y, y              \
	VMULPS    to(R12), y, y     \
	VADDPS    to(R13), y, y

// func fillAVX2(f *fillFrame)
TEXT ·fillAVX2(SB), NOSPLIT, $0-8
	LOAD_FILL_FRAME

block:
	FILL2(0, 0, Y0)
	FILL2(8, 32, Y1)
	FILL2(16, 64, Y2)
	FILL2(24, 96, Y3)
	FILL2(32, 128, Y4)
	FILL2(40, 160, Y5)
	CMPQ 40(BX), $0
	JNE  stream
	VMOVUPS Y0, (DI)(DX*4)
	VMOVUPS Y1, 32(DI)(DX*4)
	VMOVUPS Y2, 64(DI)(DX*4)
	VMOVUPS Y3, 96(DI)(DX*4)
	VMOVUPS Y4, 128(DI)(DX*4)
	VMOVUPS Y5, 160(DI)(DX*4)
	NEXT_FILL(48, block, done)

stream:
	VMOVNTPS Y0, (DI)(DX*4)
	VMOVNTPS Y1, 32(DI)(DX*4)
	VMOVNTPS Y2, 64(DI)(DX*4)
	VMOVNTPS Y3, 96(DI)(DX*4)
	VMOVNTPS Y4, 128(DI)(DX*4)
	VMOVNTPS Y5, 160(DI)(DX*4)
	NEXT_FILL(48, block, done)

done:
	VZEROUPPER
	RET

// Register use of the loops that split channels:
//   DI, R8, R9  the results    R12 scale, R13 bias, R11 shuffles
//   SI  three times the block further in the source
//   CX  the last block, DX the block

#define LOAD_SPLIT_FRAME(r, g, b) \
	MOVQ f+0(FP), BX  \
	MOVQ r(BX), DI    \
	MOVQ g(BX), R8    \
	MOVQ b(BX), R9    \
	MOVQ 48(BX), R10  \
	MOVQ 56(BX), CX   \
	MOVQ 64(BX), R12  \
	MOVQ 72(BX), R13  \
	MOVQ 80(BX), R11  \
	XORL DX, DX

// func splitFloatsAVX512(f *splitFrame)
TEXT ·splitFloatsAVX512(SB), NOSPLIT, $0-8
	LOAD_SPLIT_FRAME(0, 8, 16)
	MOVQ         $0xffffffffffff, AX
	KMOVQ        AX, K1               // 48 bytes
	MOVQ         $0x1111111111111111, AX
	KMOVQ        AX, K2               // the lowest byte of each value
	VMOVDQU64    (R11), Z10
	VMOVDQU64    64(R11), Z11
	VMOVDQU64    128(R11), Z12
	VBROADCASTSS (R12), Z16
	VBROADCASTSS 4(R12), Z17
	VBROADCASTSS 8(R12), Z18
	VBROADCASTSS (R13), Z19
	VBROADCASTSS 4(R13), Z20
	VBROADCASTSS 8(R13), Z21

block:
	LEAQ        (DX)(DX*2), SI
	VMOVDQU8.Z  (R10)(SI*1), K1, Z3
	VPERMB.Z    Z3, Z10, K2, Z0
	VPERMB.Z    Z3, Z11, K2, Z1
	VPERMB.Z    Z3, Z12, K2, Z2
	VCVTDQ2PS   Z0, Z0
	VCVTDQ2PS   Z1, Z1
	VCVTDQ2PS   Z2, Z2
	VMULPS      Z16, Z0, Z0
	VMULPS      Z17, Z1, Z1
	VMULPS      Z18, Z2, Z2
	VADDPS      Z19, Z0, Z0
	VADDPS      Z20, Z1, Z1
	VADDPS      Z21, Z2, Z2
	CMPQ        88(BX), $0
	JNE         stream
	VMOVUPS     Z0, (DI)(DX*4)
	VMOVUPS     Z1, (R8)(DX*4)
	VMOVUPS     Z2, (R9)(DX*4)
	NEXT_FILL(16, block, done)

stream:
	VMOVNTPS    Z0, (DI)(DX*4)
	VMOVNTPS    Z1, (R8)(DX*4)
	VMOVNTPS    Z2, (R9)(DX*4)
	NEXT_FILL(16, block, done)

done:
	VZEROUPPER
	RET

// PICK gathers a channel of the 16 pixels in X0, X1 and X2.
#define PICK(shuffles, to) \
	VPSHUFB shuffles(R11), X0, to    \
	VPSHUFB shuffles+16(R11), X1, X4 \
	VPSHUFB shuffles+32(R11), X2, X5 \
	VPOR    X4, to, to               \
	VPOR    X5, to, to

#define LOAD_PIXELS \
	LEAQ    (DX)(DX*2), SI     \
	VMOVDQU (R10)(SI*1), X0    \
	VMOVDQU 16(R10)(SI*1), X1  \
	VMOVDQU 32(R10)(SI*1), X2

#define SPLIT2(move, shuffles, to, scale, bias) \
	PICK(shuffles, X3)             \
	VPMOVZXBD X3, Y6               \
	VPSRLDQ   $8, X3, X3           \
	VPMOVZXBD X3, Y7               \
	VCVTDQ2PS Y6, Y6               \
	VCVTDQ2PS Y7, Y7               \
	VMULPS    scale, Y6, Y6        \
	VMULPS    scale, Y7, Y7        \
	VADDPS    bias, Y6, Y6         \
	VADDPS    bias, Y7, Y7         \
	move      Y6, (to)(DX*4)       \
	move      Y7, 32(to)(DX*4)

// func splitFloatsAVX2(f *splitFrame)
TEXT ·splitFloatsAVX2(SB), NOSPLIT, $0-8
	LOAD_SPLIT_FRAME(0, 8, 16)
	VBROADCASTSS (R12), Y8
	VBROADCASTSS 4(R12), Y9
	VBROADCASTSS 8(R12), Y10
	VBROADCASTSS (R13), Y11
	VBROADCASTSS 4(R13), Y12
	VBROADCASTSS 8(R13), Y13

block:
	LOAD_PIXELS
	CMPQ 88(BX), $0
	JNE  stream
	SPLIT2(VMOVUPS, 0, DI, Y8, Y11)
	SPLIT2(VMOVUPS, 48, R8, Y9, Y12)
	SPLIT2(VMOVUPS, 96, R9, Y10, Y13)
	NEXT_FILL(16, block, done)

stream:
	SPLIT2(VMOVNTPS, 0, DI, Y8, Y11)
	SPLIT2(VMOVNTPS, 48, R8, Y9, Y12)
	SPLIT2(VMOVNTPS, 96, R9, Y10, Y13)
	NEXT_FILL(16, block, done)

done:
	VZEROUPPER
	RET

// func splitBytesAVX2(f *splitFrame)
TEXT ·splitBytesAVX2(SB), NOSPLIT, $0-8
	LOAD_SPLIT_FRAME(24, 32, 40)

block:
	LOAD_PIXELS
	PICK(0, X3)
	VMOVDQU X3, (DI)(DX*1)
	PICK(48, X3)
	VMOVDQU X3, (R8)(DX*1)
	PICK(96, X3)
	VMOVDQU X3, (R9)(DX*1)
	NEXT_FILL(16, block, done)

done:
	VZEROUPPER
	RET

#define LOAD_MIRROR_FRAME \
	MOVQ f+0(FP), BX  \
	MOVQ 0(BX), DI    \
	MOVQ 8(BX), SI    \
	MOVQ 16(BX), CX

// func mirrorGrayAVX2(f *mirrorFrame)
TEXT ·mirrorGrayAVX2(SB), NOSPLIT, $0-8
	LOAD_MIRROR_FRAME
	VBROADCASTI128 reverse16<>(SB), Y1

gray:
	VMOVDQU (SI), Y0
	VPSHUFB Y1, Y0, Y0
	VPERMQ  $0x4e, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	SUBQ    $32, DI
	DECQ    CX
	JNZ     gray
	VZEROUPPER
	RET

// func mirrorRGBAVX2(f *mirrorFrame)
TEXT ·mirrorRGBAVX2(SB), NOSPLIT, $0-8
	LOAD_MIRROR_FRAME
	VMOVDQU reverseRGB<>(SB), X1

rgb:
	VMOVDQU (SI), X0
	VPSHUFB X1, X0, X0
	VMOVDQU X0, (DI)
	ADDQ    $15, SI
	SUBQ    $15, DI
	DECQ    CX
	JNZ     rgb
	VZEROUPPER
	RET

// func fence()
TEXT ·fence(SB), NOSPLIT, $0-0
	SFENCE
	RET
