package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// packs are the copies that go before the tiles.
func packs() {
	pack(true)
	pack(false)
	packNarrow()
	copyLines()
	pairLines()
	addTo()
}

// pack adds up lines of up to 32 columns, and copies them with zeros behind
// them where it is asked to.
func pack(copies bool) {
	name, pointers := "sumLinesAVX512", "from"
	if copies {
		name, pointers = "packAVX512", "to, from"
	}
	TEXT(name, NOSPLIT, "func("+pointers+" *float32, stride, n int, mask uint32, sum *float32)")
	Pragma("noescape")
	Doc(name+" is its generic twin. The stride is in bytes, mask has a bit for each column,",
		"n is not 0.")
	if copies {
		Load(Param("to"), RDI)
	}
	Load(Param("from"), RSI)
	Load(Param("stride"), R8)
	Load(Param("n"), RCX)
	Load(Param("mask"), EAX)
	Load(Param("sum"), RBX)
	KMOVW(EAX, K1)
	SHRL(Imm(16), EAX)
	KMOVW(EAX, K2)
	VMOVUPS(Mem{Base: RBX}, Z0)
	VMOVUPS(Mem{Base: RBX, Disp: 64}, Z1)
	Label("line")
	VMOVUPS_Z(Mem{Base: RSI}, K1, Z2)
	VMOVUPS_Z(Mem{Base: RSI, Disp: 64}, K2, Z3)
	VADDPS(Z2, Z0, Z0)
	VADDPS(Z3, Z1, Z1)
	if copies {
		VMOVUPS(Z2, Mem{Base: RDI})
		VMOVUPS(Z3, Mem{Base: RDI, Disp: 64})
		ADDQ(U32(128), RDI)
	}
	ADDQ(R8, RSI)
	DECQ(RCX)
	JNZ(LabelRef("line"))
	VMOVUPS(Z0, Mem{Base: RBX})
	VMOVUPS(Z1, Mem{Base: RBX, Disp: 64})
	VZEROUPPER()
	RET()
}

// packNarrow is what pack(true) is with AVX2, for 32 columns.
func packNarrow() {
	TEXT("packAVX2", NOSPLIT, "func(to, from *float32, stride, n int, sum *float32)")
	Pragma("noescape")
	Doc("packAVX2 is packGeneric of 32 columns. The stride is in bytes, n is not 0.")
	Load(Param("to"), RDI)
	Load(Param("from"), RSI)
	Load(Param("stride"), R8)
	Load(Param("n"), RCX)
	Load(Param("sum"), RBX)
	for i := range 4 {
		VMOVUPS(Mem{Base: RBX, Disp: 32 * i}, ymm[i])
	}
	Label("line")
	for i := range 4 {
		VMOVUPS(Mem{Base: RSI, Disp: 32 * i}, ymm[4+i])
		VADDPS(ymm[4+i], ymm[i], ymm[i])
		VMOVUPS(ymm[4+i], Mem{Base: RDI, Disp: 32 * i})
	}
	ADDQ(R8, RSI)
	ADDQ(U32(128), RDI)
	DECQ(RCX)
	JNZ(LabelRef("line"))
	for i := range 4 {
		VMOVUPS(ymm[i], Mem{Base: RBX, Disp: 32 * i})
	}
	VZEROUPPER()
	RET()
}

// copyLines copies lines in pieces of 16 floats and one of what is left.
func copyLines() {
	TEXT("copyLinesAVX512", NOSPLIT,
		"func(to *float32, toStride int, from *float32, fromStride, floats, n int)")
	Pragma("noescape")
	Doc("copyLinesAVX512 is copyLinesGeneric. Strides are in bytes, floats and n are not 0.")
	Load(Param("to"), RDI)
	Load(Param("toStride"), R8)
	Load(Param("from"), RSI)
	Load(Param("fromStride"), R9)
	Load(Param("floats"), RAX)
	Load(Param("n"), RDX)
	DECQ(RAX)
	MOVQ(RAX, RCX)
	ANDQ(Imm(15), RCX)
	MOVQ(U64(2), RBX)
	SHLQ(CL, RBX)
	DECQ(RBX)
	KMOVW(EBX, K1)
	SHRQ(Imm(4), RAX) // pieces but for the last one
	SHLQ(Imm(6), RAX)
	Label("line")
	XORQ(RCX, RCX)
	JMP(LabelRef("test"))
	Label("piece")
	VMOVUPS(Mem{Base: RSI, Index: RCX, Scale: 1}, Z0)
	VMOVUPS(Z0, Mem{Base: RDI, Index: RCX, Scale: 1})
	ADDQ(Imm(64), RCX)
	Label("test")
	CMPQ(RCX, RAX)
	JNE(LabelRef("piece"))
	VMOVUPS_Z(Mem{Base: RSI, Index: RCX, Scale: 1}, K1, Z0)
	VMOVUPS(Z0, K1, Mem{Base: RDI, Index: RCX, Scale: 1})
	ADDQ(R9, RSI)
	ADDQ(R8, RDI)
	DECQ(RDX)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// addTo adds 64 bytes at a time.
func addTo() {
	TEXT("addToAVX512", NOSPLIT, "func(sum, other *float32, n int)")
	Pragma("noescape")
	Doc("addToAVX512 is addToGeneric of n floats: a multiple of 16 that is not 0.")
	Load(Param("sum"), RDI)
	Load(Param("other"), RSI)
	Load(Param("n"), RCX)
	Label("line")
	VMOVUPS(Mem{Base: RDI}, Z0)
	VADDPS(Mem{Base: RSI}, Z0, Z0)
	VMOVUPS(Z0, Mem{Base: RDI})
	ADDQ(Imm(64), RDI)
	ADDQ(Imm(64), RSI)
	SUBQ(Imm(16), RCX)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}
