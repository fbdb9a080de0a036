// The frame of all tiles, see tileFrame, and what each of them begins with.

#define FRAME_C 0
#define FRAME_A 8
#define FRAME_B 16
#define FRAME_CROW 24
#define FRAME_AROW 32
#define FRAME_ADEPTH 40
#define FRAME_ASEGMENT 48
#define FRAME_BDEPTH 56
#define FRAME_BSEGMENT 64
#define FRAME_DEPTH 72
#define FRAME_SEGMENTS 80
#define FRAME_ACCUMULATE 88
#define FRAME_MASK 96

#define LOAD_FRAME \
	MOVQ f+0(FP), BX              \
	MOVQ FRAME_A(BX), R12         \
	MOVQ FRAME_B(BX), R13         \
	MOVQ FRAME_AROW(BX), R8       \
	MOVQ FRAME_ADEPTH(BX), R9     \
	MOVQ FRAME_BDEPTH(BX), R10    \
	MOVQ FRAME_SEGMENTS(BX), R11

#define START_SEGMENT \
	MOVQ R12, DI                  \
	MOVQ R13, DX                  \
	MOVQ FRAME_DEPTH(BX), CX

#define NEXT_SEGMENT \
	ADDQ FRAME_ASEGMENT(BX), R12  \
	ADDQ FRAME_BSEGMENT(BX), R13
