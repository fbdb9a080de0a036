#include "textflag.h"

// half has 0.5 of the last of 14 bits after the point: 2^-15. Sums start with
// it, so that rounding to the nearest integer never meets a tie.
DATA half<>+0(SB)/4, $0x38000000
GLOBL half<>(SB), RODATA|NOPTR, $4

DATA most<>+0(SB)/4, $255
GLOBL most<>(SB), RODATA|NOPTR, $4

// interleave puts the quarters of packed registers into their order.
DATA interleave<>+0(SB)/8, $0x0000000400000000
DATA interleave<>+8(SB)/8, $0x0000000500000001
DATA interleave<>+16(SB)/8, $0x0000000600000002
DATA interleave<>+24(SB)/8, $0x0000000700000003
GLOBL interleave<>(SB), RODATA|NOPTR, $32

// Register use of the loops down:
//   BX  the frame          R8  ring
//   DI  result             R9  offsets of rows, R10 factors
//   CX  the last block     R11 taps
//   DX  the block          R12 scale, R13 bias
//   SI  the block in the ring, AX the tap, R15 its row

#define LOAD_SUM_FRAME(result) \
	MOVQ f+0(FP), BX      \
	MOVQ result(BX), DI   \
	MOVQ 16(BX), R8       \
	MOVQ 24(BX), R9       \
	MOVQ 32(BX), R10      \
	MOVQ 40(BX), R11      \
	MOVQ 48(BX), CX       \
	MOVQ 56(BX), R12      \
	MOVQ 64(BX), R13      \
	XORL DX, DX

// NEXT_BLOCK goes on with the next block, and at the end with one that ends
// with the row.
#define NEXT_BLOCK(block, done) \
	CMPQ    DX, CX  \
	JGE     done    \
	ADDQ    $48, DX \
	CMPQ    DX, CX  \
	CMOVQGT CX, DX  \
	JMP     block

#define SUM512(tap) \
	LEAQ    (R8)(DX*4), SI  \
	VMOVAPS Z22, Z0         \
	VMOVAPS Z22, Z1         \
	VMOVAPS Z22, Z2         \
	XORL    AX, AX          \
tap:                        \
	MOVQ         (R9)(AX*8), R15  \
	VBROADCASTSS (R10)(AX*4), Z3  \
	LEAQ         (SI)(R15*4), R15 \
	VFMADD231PS  (R15), Z3, Z0    \
	VFMADD231PS  64(R15), Z3, Z1  \
	VFMADD231PS  128(R15), Z3, Z2 \
	INCQ         AX               \
	CMPQ         AX, R11          \
	JLT          tap              \
	VCVTPS2DQ    Z0, Z0           \
	VCVTPS2DQ    Z1, Z1           \
	VCVTPS2DQ    Z2, Z2           \
	CMPQ         72(BX), $0

// func sumFloatsAVX512(f *sumFrame)
TEXT ·sumFloatsAVX512(SB), NOSPLIT, $0-8
	LOAD_SUM_FRAME(8)
	VBROADCASTSS half<>(SB), Z22
	VPXORD       Z23, Z23, Z23
	VPBROADCASTD most<>(SB), Z24
	VMOVUPS      (R12), Z16
	VMOVUPS      64(R12), Z17
	VMOVUPS      128(R12), Z18
	VMOVUPS      (R13), Z19
	VMOVUPS      64(R13), Z20
	VMOVUPS      128(R13), Z21

block:
	SUM512(tap)
	JEQ     store
	VPMAXSD Z23, Z0, Z0
	VPMAXSD Z23, Z1, Z1
	VPMAXSD Z23, Z2, Z2
	VPMINSD Z24, Z0, Z0
	VPMINSD Z24, Z1, Z1
	VPMINSD Z24, Z2, Z2

store:
	VCVTDQ2PS Z0, Z0
	VCVTDQ2PS Z1, Z1
	VCVTDQ2PS Z2, Z2
	VMULPS    Z16, Z0, Z0
	VMULPS    Z17, Z1, Z1
	VMULPS    Z18, Z2, Z2
	VADDPS    Z19, Z0, Z0
	VADDPS    Z20, Z1, Z1
	VADDPS    Z21, Z2, Z2
	CMPQ      80(BX), $0
	JNE       stream
	VMOVUPS   Z0, (DI)(DX*4)
	VMOVUPS   Z1, 64(DI)(DX*4)
	VMOVUPS   Z2, 128(DI)(DX*4)
	NEXT_BLOCK(block, done)

stream:
	VMOVNTPS  Z0, (DI)(DX*4)
	VMOVNTPS  Z1, 64(DI)(DX*4)
	VMOVNTPS  Z2, 128(DI)(DX*4)
	NEXT_BLOCK(block, done)

done:
	VZEROUPPER
	RET

// func sumBytesAVX512(f *sumFrame)
TEXT ·sumBytesAVX512(SB), NOSPLIT, $0-8
	LOAD_SUM_FRAME(0)
	VBROADCASTSS half<>(SB), Z22
	VPXORD       Z23, Z23, Z23

block:
	SUM512(tap)
	JEQ     store
	VPMAXSD Z23, Z0, Z0
	VPMAXSD Z23, Z1, Z1
	VPMAXSD Z23, Z2, Z2

store:
	VPMOVUSDB Z0, X0
	VPMOVUSDB Z1, X1
	VPMOVUSDB Z2, X2
	VMOVDQU   X0, (DI)(DX*1)
	VMOVDQU   X1, 16(DI)(DX*1)
	VMOVDQU   X2, 32(DI)(DX*1)
	NEXT_BLOCK(block, done)

done:
	VZEROUPPER
	RET

#define SUM2(tap) \
	LEAQ    (R8)(DX*4), SI  \
	VMOVAPS Y12, Y0         \
	VMOVAPS Y12, Y1         \
	VMOVAPS Y12, Y2         \
	VMOVAPS Y12, Y3         \
	VMOVAPS Y12, Y4         \
	VMOVAPS Y12, Y5         \
	XORL    AX, AX          \
tap:                        \
	MOVQ         (R9)(AX*8), R15  \
	VBROADCASTSS (R10)(AX*4), Y6  \
	LEAQ         (SI)(R15*4), R15 \
	VFMADD231PS  (R15), Y6, Y0    \
	VFMADD231PS  32(R15), Y6, Y1  \
	VFMADD231PS  64(R15), Y6, Y2  \
	VFMADD231PS  96(R15), Y6, Y3  \
	VFMADD231PS  128(R15), Y6, Y4 \
	VFMADD231PS  160(R15), Y6, Y5 \
	INCQ         AX               \
	CMPQ         AX, R11          \
	JLT          tap              \
	VCVTPS2DQ    Y0, Y0           \
	VCVTPS2DQ    Y1, Y1           \
	VCVTPS2DQ    Y2, Y2           \
	VCVTPS2DQ    Y3, Y3           \
	VCVTPS2DQ    Y4, Y4           \
	VCVTPS2DQ    Y5, Y5

#define FINISH2(at, sum) \
	VCVTDQ2PS sum, sum            \
	VMULPS    at(R12), sum, sum   \
	VADDPS    at(R13), sum, sum

#define CLIP2(sum) \
	VPMAXSD Y13, sum, sum \
	VPMINSD Y14, sum, sum

// func sumFloatsAVX2(f *sumFrame)
TEXT ·sumFloatsAVX2(SB), NOSPLIT, $0-8
	LOAD_SUM_FRAME(8)
	VBROADCASTSS half<>(SB), Y12
	VPXOR        Y13, Y13, Y13
	VPBROADCASTD most<>(SB), Y14

block:
	SUM2(tap)
	CMPQ 72(BX), $0
	JEQ  store
	CLIP2(Y0)
	CLIP2(Y1)
	CLIP2(Y2)
	CLIP2(Y3)
	CLIP2(Y4)
	CLIP2(Y5)

store:
	FINISH2(0, Y0)
	FINISH2(32, Y1)
	FINISH2(64, Y2)
	FINISH2(96, Y3)
	FINISH2(128, Y4)
	FINISH2(160, Y5)
	CMPQ 80(BX), $0
	JNE  stream
	VMOVUPS Y0, (DI)(DX*4)
	VMOVUPS Y1, 32(DI)(DX*4)
	VMOVUPS Y2, 64(DI)(DX*4)
	VMOVUPS Y3, 96(DI)(DX*4)
	VMOVUPS Y4, 128(DI)(DX*4)
	VMOVUPS Y5, 160(DI)(DX*4)
	NEXT_BLOCK(block, done)

stream:
	VMOVNTPS Y0, (DI)(DX*4)
	VMOVNTPS Y1, 32(DI)(DX*4)
	VMOVNTPS Y2, 64(DI)(DX*4)
	VMOVNTPS Y3, 96(DI)(DX*4)
	VMOVNTPS Y4, 128(DI)(DX*4)
	VMOVNTPS Y5, 160(DI)(DX*4)
	NEXT_BLOCK(block, done)

done:
	VZEROUPPER
	RET

// func sumBytesAVX2(f *sumFrame)
TEXT ·sumBytesAVX2(SB), NOSPLIT, $0-8
	LOAD_SUM_FRAME(0)
	VBROADCASTSS half<>(SB), Y12
	VMOVDQU      interleave<>(SB), Y13

block:
	SUM2(tap)
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSDW Y5, Y4, Y4
	VPACKUSWB Y2, Y0, Y0
	VPACKUSWB Y4, Y4, Y4
	VPERMD    Y0, Y13, Y0
	VPERMD    Y4, Y13, Y4
	VMOVDQU   Y0, (DI)(DX*1)
	VMOVDQU   X4, 32(DI)(DX*1)
	NEXT_BLOCK(block, done)

done:
	VZEROUPPER
	RET
