#include "textflag.h"

// The loops across scale 4 rows of the source at a time. Register use:
//   BX  the frame                R9  to the next row of the source
//   DI  result                   R10 bases, R11 index, R12 weights
//   SI  to its next row          R13 bytes to the next pair of taps
//   CX  registers left           R15 pairs left

#define LOAD_SCALE_FRAME \
	MOVQ f+0(FP), BX  \
	MOVQ 0(BX), DI    \
	MOVQ 8(BX), SI    \
	MOVQ 24(BX), R9   \
	MOVQ 32(BX), R10  \
	MOVQ 40(BX), R11  \
	MOVQ 48(BX), R12  \
	MOVQ 56(BX), CX   \
	MOVQ 72(BX), R13

// func scaleAVX512(f *scaleFrame)
TEXT ·scaleAVX512(SB), NOSPLIT, $0-8
	LOAD_SCALE_FRAME
	MOVQ         16(BX), R8           // the source
	LEAQ         (R9)(R9*2), DX
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
	VMOVDQA64 Z16, Z3
	VMOVDQA64 Z16, Z4
	MOVQ      64(BX), R15
	SUBQ      $2, R15
	JLT       single512

double512: // two pairs of taps from one window
	VMOVDQU64 (R12), Z5
	VMOVDQU64 64(R12), Z9
	VMOVDQU64 (AX), Z6
	VMOVDQU64 (AX)(R9*1), Z7
	VMOVDQU64 (AX)(R9*2), Z20
	VMOVDQU64 (AX)(DX*1), Z21
	VPERMB.Z  Z6, Z0, K1, Z10
	VPERMB.Z  Z7, Z0, K1, Z11
	VPERMB.Z  Z20, Z0, K1, Z12
	VPERMB.Z  Z21, Z0, K1, Z13
	VPERMB.Z  Z6, Z8, K1, Z22
	VPERMB.Z  Z7, Z8, K1, Z23
	VPERMB.Z  Z20, Z8, K1, Z24
	VPERMB.Z  Z21, Z8, K1, Z25
	VPDPWSSD  Z5, Z10, Z1
	VPDPWSSD  Z5, Z11, Z2
	VPDPWSSD  Z5, Z12, Z3
	VPDPWSSD  Z5, Z13, Z4
	VPDPWSSD  Z9, Z22, Z1
	VPDPWSSD  Z9, Z23, Z2
	VPDPWSSD  Z9, Z24, Z3
	VPDPWSSD  Z9, Z25, Z4
	LEAQ      (AX)(R13*2), AX
	ADDQ      $128, R12
	SUBQ      $2, R15
	JGE       double512

single512:
	ADDQ      $2, R15
	JEQ       round512
	VMOVDQU64 (R12), Z5
	VPERMB.Z  (AX), Z0, K1, Z10
	VPERMB.Z  (AX)(R9*1), Z0, K1, Z11
	VPERMB.Z  (AX)(R9*2), Z0, K1, Z12
	VPERMB.Z  (AX)(DX*1), Z0, K1, Z13
	VPDPWSSD  Z5, Z10, Z1
	VPDPWSSD  Z5, Z11, Z2
	VPDPWSSD  Z5, Z12, Z3
	VPDPWSSD  Z5, Z13, Z4
	ADDQ      $64, R12

round512:
	VPSRAD  $14, Z1, Z1
	VPSRAD  $14, Z2, Z2
	VPSRAD  $14, Z3, Z3
	VPSRAD  $14, Z4, Z4
	CMPQ    80(BX), $0
	JEQ     store512
	VPMAXSD Z17, Z1, Z1
	VPMAXSD Z17, Z2, Z2
	VPMAXSD Z17, Z3, Z3
	VPMAXSD Z17, Z4, Z4
	VPMINSD Z18, Z1, Z1
	VPMINSD Z18, Z2, Z2
	VPMINSD Z18, Z3, Z3
	VPMINSD Z18, Z4, Z4

store512:
	LEAQ      (DI)(SI*2), R15
	VCVTDQ2PS Z1, Z1
	VCVTDQ2PS Z2, Z2
	VCVTDQ2PS Z3, Z3
	VCVTDQ2PS Z4, Z4
	VMOVUPS   Z1, (DI)
	VMOVUPS   Z2, (DI)(SI*1)
	VMOVUPS   Z3, (R15)
	VMOVUPS   Z4, (R15)(SI*1)
	ADDQ      $64, DI
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

// With AVX2 the windows of the two lanes begin at AX and DX; R8 leads three
// rows further.
#define CONSTANTS2 \
	LEAQ         (R9)(R9*2), R8 \
	MOVL         $8192, AX      \
	VMOVD        AX, X10        \
	VPBROADCASTD X10, Y10       \
	VPXOR        Y11, Y11, Y11  \
	MOVL         $255, AX       \
	VMOVD        AX, X12        \
	VPBROADCASTD X12, Y12

#define START2 \
	MOVLQSX (R10), AX    \
	MOVLQSX 4(R10), DX   \
	ADDQ    16(BX), AX   \
	ADDQ    16(BX), DX   \
	VMOVDQA Y10, Y1      \
	VMOVDQA Y10, Y2      \
	VMOVDQA Y10, Y3      \
	VMOVDQA Y10, Y4      \
	MOVQ    64(BX), R15

// PAIRS2 adds the products of all pairs of taps of a register: of the 4 rows
// in Y1 to Y4.
#define PAIRS2(pair) \
pair:                                        \
	VMOVDQU     (R12), Y5                \
	VMOVDQU     (AX), X6                 \
	VMOVDQU     (AX)(R9*1), X7           \
	VMOVDQU     (AX)(R9*2), X8           \
	VMOVDQU     (AX)(R8*1), X9           \
	VINSERTI128 $1, (DX), Y6, Y6         \
	VINSERTI128 $1, (DX)(R9*1), Y7, Y7   \
	VINSERTI128 $1, (DX)(R9*2), Y8, Y8   \
	VINSERTI128 $1, (DX)(R8*1), Y9, Y9   \
	VPSHUFB     Y0, Y6, Y6               \
	VPSHUFB     Y0, Y7, Y7               \
	VPSHUFB     Y0, Y8, Y8               \
	VPSHUFB     Y0, Y9, Y9               \
	VPMADDWD    Y5, Y6, Y6               \
	VPMADDWD    Y5, Y7, Y7               \
	VPMADDWD    Y5, Y8, Y8               \
	VPMADDWD    Y5, Y9, Y9               \
	VPADDD      Y6, Y1, Y1               \
	VPADDD      Y7, Y2, Y2               \
	VPADDD      Y8, Y3, Y3               \
	VPADDD      Y9, Y4, Y4               \
	ADDQ        R13, AX                  \
	ADDQ        R13, DX                  \
	ADDQ        $32, R12                 \
	DECQ        R15                      \
	JNZ         pair                     \
	VPSRAD      $14, Y1, Y1              \
	VPSRAD      $14, Y2, Y2              \
	VPSRAD      $14, Y3, Y3              \
	VPSRAD      $14, Y4, Y4              \
	CMPQ        80(BX), $0

#define CLIP2 \
	VPMAXSD Y11, Y1, Y1 \
	VPMAXSD Y11, Y2, Y2 \
	VPMAXSD Y11, Y3, Y3 \
	VPMAXSD Y11, Y4, Y4 \
	VPMINSD Y12, Y1, Y1 \
	VPMINSD Y12, Y2, Y2 \
	VPMINSD Y12, Y3, Y3 \
	VPMINSD Y12, Y4, Y4

#define FLOATS2 \
	LEAQ      (DI)(SI*2), R15 \
	VCVTDQ2PS Y1, Y1          \
	VCVTDQ2PS Y2, Y2          \
	VCVTDQ2PS Y3, Y3          \
	VCVTDQ2PS Y4, Y4

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
	FLOATS2
	VMOVUPS Y1, (DI)
	VMOVUPS Y2, (DI)(SI*1)
	VMOVUPS Y3, (R15)
	VMOVUPS Y4, (R15)(SI*1)
	ADDQ    $32, DI
	ADDQ    $32, R11
	ADDQ    $8, R10
	DECQ    CX
	JNZ     register2
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

store3: // each second pixel over the value of the first that is not used
	FLOATS2
	VEXTRACTF128 $1, Y1, X6
	VEXTRACTF128 $1, Y2, X7
	VEXTRACTF128 $1, Y3, X8
	VEXTRACTF128 $1, Y4, X9
	VMOVUPS      X1, (DI)
	VMOVUPS      X6, 12(DI)
	VMOVUPS      X2, (DI)(SI*1)
	VMOVUPS      X7, 12(DI)(SI*1)
	VMOVUPS      X3, (R15)
	VMOVUPS      X8, 12(R15)
	VMOVUPS      X4, (R15)(SI*1)
	VMOVUPS      X9, 12(R15)(SI*1)
	ADDQ         $24, DI
	ADDQ         $8, R10
	DECQ         CX
	JNZ          register3
	VZEROUPPER
	RET
