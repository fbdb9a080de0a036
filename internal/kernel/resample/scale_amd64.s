#include "textflag.h"

// Register use of the loops across:
//   BX  the frame          R8  upper row of the source
//   DI  upper result       R9  from there to the lower row
//   SI  lower result       R10 bases, R11 index, R12 weights
//   CX  registers left     R13 bytes to the next pair of taps, R15 pairs left

#define LOAD_SCALE_FRAME \
	MOVQ f+0(FP), BX  \
	MOVQ 0(BX), DI    \
	MOVQ 8(BX), SI    \
	MOVQ 16(BX), R8   \
	MOVQ 24(BX), R9   \
	SUBQ R8, R9       \
	MOVQ 32(BX), R10  \
	MOVQ 40(BX), R11  \
	MOVQ 48(BX), R12  \
	MOVQ 56(BX), CX   \
	MOVQ 72(BX), R13

// func scaleAVX512(f *scaleFrame)
TEXT ·scaleAVX512(SB), NOSPLIT, $0-8
	LOAD_SCALE_FRAME
	MOVQ         $0x5555555555555555, AX
	KMOVQ        AX, K1               // every other byte
	MOVL         $8192, AX
	VPBROADCASTD AX, Z16              // a half
	VPXORD       Z17, Z17, Z17
	MOVL         $255, AX
	VPBROADCASTD AX, Z18
	VPBROADCASTB R13, Z19

register512:
	MOVLQSX   (R10), AX
	ADDQ      R8, AX
	VMOVDQU64 (R11), Z0
	VPADDB    Z19, Z0, Z8             // the next pair
	VMOVDQA64 Z16, Z1
	VMOVDQA64 Z16, Z2
	MOVQ      64(BX), R15

	SUBQ      $2, R15
	JLT       single512

double512: // two pairs of taps from one window
	VMOVDQU64 (AX), Z6
	VMOVDQU64 (AX)(R9*1), Z7
	VMOVDQU64 (R12), Z5
	VMOVDQU64 64(R12), Z9
	VPERMB.Z  Z6, Z0, K1, Z3
	VPERMB.Z  Z7, Z0, K1, Z4
	VPERMB.Z  Z6, Z8, K1, Z10
	VPERMB.Z  Z7, Z8, K1, Z11
	VPDPWSSD  Z5, Z3, Z1
	VPDPWSSD  Z5, Z4, Z2
	VPDPWSSD  Z9, Z10, Z1
	VPDPWSSD  Z9, Z11, Z2
	LEAQ      (AX)(R13*2), AX
	ADDQ      $128, R12
	SUBQ      $2, R15
	JGE       double512

single512:
	ADDQ      $2, R15
	JEQ       round512
	VMOVDQU64 (R12), Z5
	VPERMB.Z  (AX), Z0, K1, Z3
	VPERMB.Z  (AX)(R9*1), Z0, K1, Z4
	VPDPWSSD  Z5, Z3, Z1
	VPDPWSSD  Z5, Z4, Z2
	ADDQ      $64, R12

round512:
	VPSRAD $14, Z1, Z1
	VPSRAD $14, Z2, Z2
	CMPQ   80(BX), $0
	JEQ    store512
	VPMAXSD Z17, Z1, Z1
	VPMAXSD Z17, Z2, Z2
	VPMINSD Z18, Z1, Z1
	VPMINSD Z18, Z2, Z2

store512:
	VCVTDQ2PS Z1, Z1
	VCVTDQ2PS Z2, Z2
	VMOVUPS   Z1, (DI)
	VMOVUPS   Z2, (SI)
	ADDQ      $64, DI
	ADDQ      $64, SI
	ADDQ      $64, R11
	ADDQ      $4, R10
	DECQ      CX
	JNZ       register512
	VZEROUPPER
	RET

// byPixel picks two bytes of each of 3 channels, 3 bytes apart.
DATA byPixel<>+0(SB)/8, $0x8004800180038000
DATA byPixel<>+8(SB)/8, $0x8080808080058002
GLOBL byPixel<>(SB), RODATA|NOPTR, $16

#define CONSTANTS2 \
	MOVL         $8192, AX \
	VMOVD        AX, X10   \
	VPBROADCASTD X10, Y10  \
	VPXOR        Y11, Y11, Y11 \
	MOVL         $255, AX  \
	VMOVD        AX, X12   \
	VPBROADCASTD X12, Y12

#define START2 \
	MOVLQSX (R10), AX  \
	MOVLQSX 4(R10), DX \
	ADDQ    R8, AX     \
	ADDQ    R8, DX     \
	VMOVDQA Y10, Y1    \
	VMOVDQA Y10, Y2    \
	MOVQ    64(BX), R15

// PAIRS2 adds the products of all pairs of taps of a register: of the upper
// row in Y1, of the lower one in Y2.
#define PAIRS2(pair) \
pair:                                        \
	VMOVDQU     (R12), Y5                \
	VMOVDQU     (AX), X3                 \
	VMOVDQU     (AX)(R9*1), X4           \
	VINSERTI128 $1, (DX), Y3, Y3         \
	VINSERTI128 $1, (DX)(R9*1), Y4, Y4   \
	VPSHUFB     Y0, Y3, Y3               \
	VPSHUFB     Y0, Y4, Y4               \
	VPMADDWD    Y5, Y3, Y3               \
	VPMADDWD    Y5, Y4, Y4               \
	VPADDD      Y3, Y1, Y1               \
	VPADDD      Y4, Y2, Y2               \
	ADDQ        R13, AX                  \
	ADDQ        R13, DX                  \
	ADDQ        $32, R12                 \
	DECQ        R15                      \
	JNZ         pair                     \
	VPSRAD      $14, Y1, Y1              \
	VPSRAD      $14, Y2, Y2              \
	CMPQ        80(BX), $0

#define CLIP2 \
	VPMAXSD Y11, Y1, Y1 \
	VPMAXSD Y11, Y2, Y2 \
	VPMINSD Y12, Y1, Y1 \
	VPMINSD Y12, Y2, Y2

// func scaleAVX2(f *scaleFrame)
TEXT ·scaleAVX2(SB), NOSPLIT, $0-8
	LOAD_SCALE_FRAME
	CONSTANTS2

register2:
	START2
	VMOVDQU (R11), Y0
	PAIRS2(pair2)
	JEQ store2
	CLIP2

store2:
	VCVTDQ2PS Y1, Y1
	VCVTDQ2PS Y2, Y2
	VMOVUPS   Y1, (DI)
	VMOVUPS   Y2, (SI)
	ADDQ      $32, DI
	ADDQ      $32, SI
	ADDQ      $32, R11
	ADDQ      $8, R10
	DECQ      CX
	JNZ       register2
	VZEROUPPER
	RET

// func scaleByPixelAVX2(f *scaleFrame)
TEXT ·scaleByPixelAVX2(SB), NOSPLIT, $0-8
	LOAD_SCALE_FRAME
	CONSTANTS2
	VBROADCASTI128 byPixel<>(SB), Y0

register3:
	START2
	PAIRS2(pair3)
	JEQ store3
	CLIP2

store3:
	VCVTDQ2PS    Y1, Y1
	VCVTDQ2PS    Y2, Y2
	VEXTRACTF128 $1, Y1, X3
	VEXTRACTF128 $1, Y2, X4
	VMOVUPS      X1, (DI)
	VMOVUPS      X3, 12(DI) // over the value that is not used
	VMOVUPS      X2, (SI)
	VMOVUPS      X4, 12(SI)
	ADDQ         $24, DI
	ADDQ         $24, SI
	ADDQ         $8, R10
	DECQ         CX
	JNZ          register3
	VZEROUPPER
	RET
