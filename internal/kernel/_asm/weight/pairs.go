package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/dsbuild/dsbuild/internal/kernel/asm/bf16"
)

// pairLines rounds two lines at a time and lets their words alternate.
func pairLines() {
	TEXT("pairLinesBF16", NOSPLIT,
		"func(to *float32, toStride int, low, high *float32, fromStride, floats, n int)")
	Pragma("noescape")
	Doc("pairLinesBF16 is pairLinesGeneric. Strides are in bytes, floats and n are not 0.")
	order := GLOBL("order", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(uint32(i|(16+i)<<16)))
	}
	VMOVDQU16(order, Z31)
	Load(Param("to"), RDI)
	Load(Param("toStride"), R8)
	Load(Param("low"), RSI)
	Load(Param("high"), R10)
	Load(Param("fromStride"), R9)
	Load(Param("floats"), RAX)
	Load(Param("n"), RDX)
	Label("line")
	XORQ(RBX, RBX)
	MOVQ(RAX, R11)
	Label("piece")
	MOVQ(U64(0xffff), R12)
	CMPQ(R11, Imm(16))
	JGE(LabelRef("whole"))
	MOVQ(R11, RCX)
	MOVQ(U64(1), R12)
	SHLQ(CL, R12)
	DECQ(R12)
	Label("whole")
	KMOVW(R12L, K1)
	VMOVUPS_Z(Mem{Base: RSI, Index: RBX, Scale: 1}, K1, Z0)
	VMOVUPS_Z(Mem{Base: R10, Index: RBX, Scale: 1}, K1, Z1)
	bf16.Convert(Z0, Y0)
	bf16.Convert(Z1, Y1)
	VINSERTI64X4(Imm(1), Y1, Z0, Z0)
	VPERMW(Z0, Z31, Z0)
	VMOVUPS(Z0, K1, Mem{Base: RDI, Index: RBX, Scale: 1})
	ADDQ(Imm(64), RBX)
	SUBQ(Imm(16), R11)
	JG(LabelRef("piece"))
	ADDQ(R9, RSI)
	ADDQ(R9, R10)
	ADDQ(R8, RDI)
	DECQ(RDX)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}
