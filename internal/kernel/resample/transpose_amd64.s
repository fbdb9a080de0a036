#include "textflag.h"

// spread puts 3 bytes into every 4, gather takes them out again.
DATA spread<>+0(SB)/8, $0x8005040380020100
DATA spread<>+8(SB)/8, $0x800b0a0980080706
GLOBL spread<>(SB), RODATA|NOPTR, $16

DATA gather<>+0(SB)/8, $0x0908060504020100
DATA gather<>+8(SB)/8, $0x808080800e0d0c0a
GLOBL gather<>(SB), RODATA|NOPTR, $16

// PUT stores 4 pixels and goes to the next row of the result.
#define PUT(x) \
	VPSHUFB X9, x, x        \
	VMOVQ   x, (DI)         \
	VPEXTRD $2, x, 8(DI)    \
	ADDQ    R8, DI

// func transposeAVX2(f *transposeFrame)
TEXT ·transposeAVX2(SB), NOSPLIT, $0-8
	MOVQ    f+0(FP), BX
	MOVQ    0(BX), DI
	MOVQ    8(BX), SI
	MOVQ    16(BX), R8
	MOVQ    24(BX), R9
	MOVQ    32(BX), CX
	LEAQ    (R9)(R9*2), R10
	VMOVDQU spread<>(SB), X8
	VMOVDQU gather<>(SB), X9

block:
	VMOVDQU     (SI), X0
	VMOVDQU     (SI)(R9*1), X1
	VMOVDQU     (SI)(R9*2), X2
	VMOVDQU     (SI)(R10*1), X3
	VPSHUFB     X8, X0, X0
	VPSHUFB     X8, X1, X1
	VPSHUFB     X8, X2, X2
	VPSHUFB     X8, X3, X3
	VPUNPCKLDQ  X1, X0, X4
	VPUNPCKHDQ  X1, X0, X5
	VPUNPCKLDQ  X3, X2, X6
	VPUNPCKHDQ  X3, X2, X7
	VPUNPCKLQDQ X6, X4, X0
	VPUNPCKHQDQ X6, X4, X1
	VPUNPCKLQDQ X7, X5, X2
	VPUNPCKHQDQ X7, X5, X3
	PUT(X0)
	PUT(X1)
	PUT(X2)
	PUT(X3)
	ADDQ        $12, SI
	DECQ        CX
	JNZ         block
	VZEROUPPER
	RET
