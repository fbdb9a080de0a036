#include "textflag.h"
#include "tile_amd64.h"

// Register use of the tiles with AVX2:
//   DI  A, row 0     SI  A, row 3         R8  A's row stride
//   DX  B            R9  A's depth stride    R10 B's depth stride
//   CX  depth left   R11 segments left       R12, R13 segment starts of A, B
//   BX  the frame    AX  C                   Y12, Y13 a line of B

#define LOAD_B \
	VMOVUPS (DX), Y12             \
	VMOVUPS 32(DX), Y13

// ROW adds one element of A, at address x, times the line of B.
#define ROW(x, lo, hi) \
	VBROADCASTSS x, Y14           \
	VFMADD231PS  Y12, Y14, lo     \
	VFMADD231PS  Y13, Y14, hi

#define STORE(lo, hi) \
	VMOVUPS lo, (AX)              \
	VMOVUPS hi, 32(AX)            \
	ADDQ    R8, AX

#define ACCUMULATE(lo, hi) \
	VADDPS (AX), lo, lo           \
	VADDPS 32(AX), hi, hi         \
	STORE(lo, hi)

#define LOAD_C \
	MOVQ FRAME_C(BX), AX          \
	MOVQ FRAME_CROW(BX), R8       \
	CMPQ FRAME_ACCUMULATE(BX), $0

// func tile6AVX2(f *tileFrame)
TEXT ·tile6AVX2(SB), NOSPLIT, $0-8
	LOAD_FRAME
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11

segment6:
	START_SEGMENT
	LEAQ (DI)(R8*2), SI
	ADDQ R8, SI

depth6:
	LOAD_B
	ROW((DI), Y0, Y1)
	ROW((DI)(R8*1), Y2, Y3)
	ROW((DI)(R8*2), Y4, Y5)
	ROW((SI), Y6, Y7)
	ROW((SI)(R8*1), Y8, Y9)
	ROW((SI)(R8*2), Y10, Y11)
	ADDQ R9, DI
	ADDQ R9, SI
	ADDQ R10, DX
	DECQ CX
	JNZ  depth6
	NEXT_SEGMENT
	DECQ R11
	JNZ  segment6

	LOAD_C
	JNE  add6
	STORE(Y0, Y1)
	STORE(Y2, Y3)
	STORE(Y4, Y5)
	STORE(Y6, Y7)
	STORE(Y8, Y9)
	STORE(Y10, Y11)
	VZEROUPPER
	RET

add6:
	ACCUMULATE(Y0, Y1)
	ACCUMULATE(Y2, Y3)
	ACCUMULATE(Y4, Y5)
	ACCUMULATE(Y6, Y7)
	ACCUMULATE(Y8, Y9)
	ACCUMULATE(Y10, Y11)
	VZEROUPPER
	RET

// func tile4AVX2(f *tileFrame)
TEXT ·tile4AVX2(SB), NOSPLIT, $0-8
	LOAD_FRAME
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

segment4:
	START_SEGMENT
	LEAQ (DI)(R8*2), SI
	ADDQ R8, SI

depth4:
	LOAD_B
	ROW((DI), Y0, Y1)
	ROW((DI)(R8*1), Y2, Y3)
	ROW((DI)(R8*2), Y4, Y5)
	ROW((SI), Y6, Y7)
	ADDQ R9, DI
	ADDQ R9, SI
	ADDQ R10, DX
	DECQ CX
	JNZ  depth4
	NEXT_SEGMENT
	DECQ R11
	JNZ  segment4

	LOAD_C
	JNE  add4
	STORE(Y0, Y1)
	STORE(Y2, Y3)
	STORE(Y4, Y5)
	STORE(Y6, Y7)
	VZEROUPPER
	RET

add4:
	ACCUMULATE(Y0, Y1)
	ACCUMULATE(Y2, Y3)
	ACCUMULATE(Y4, Y5)
	ACCUMULATE(Y6, Y7)
	VZEROUPPER
	RET

// func tile2AVX2(f *tileFrame)
TEXT ·tile2AVX2(SB), NOSPLIT, $0-8
	LOAD_FRAME
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

segment2:
	START_SEGMENT

depth2:
	LOAD_B
	ROW((DI), Y0, Y1)
	ROW((DI)(R8*1), Y2, Y3)
	ADDQ R9, DI
	ADDQ R10, DX
	DECQ CX
	JNZ  depth2
	NEXT_SEGMENT
	DECQ R11
	JNZ  segment2

	LOAD_C
	JNE  add2
	STORE(Y0, Y1)
	STORE(Y2, Y3)
	VZEROUPPER
	RET

add2:
	ACCUMULATE(Y0, Y1)
	ACCUMULATE(Y2, Y3)
	VZEROUPPER
	RET

// func tile1AVX2(f *tileFrame)
TEXT ·tile1AVX2(SB), NOSPLIT, $0-8
	LOAD_FRAME
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1

segment1:
	START_SEGMENT

depth1:
	LOAD_B
	ROW((DI), Y0, Y1)
	ADDQ R9, DI
	ADDQ R10, DX
	DECQ CX
	JNZ  depth1
	NEXT_SEGMENT
	DECQ R11
	JNZ  segment1

	LOAD_C
	JNE  add1
	STORE(Y0, Y1)
	VZEROUPPER
	RET

add1:
	ACCUMULATE(Y0, Y1)
	VZEROUPPER
	RET
