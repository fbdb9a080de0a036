// Command pack writes what brings matrices into the order that the tiles of the
// room kernel read.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/dsbuild/dsbuild/internal/kernel/asm/bf16"
)

func main() {
	ConstraintExpr("amd64")
	transpose("transposeAVX2", "copies", 32, func(from Mem, to VecPhysical) { VMOVUPS(from, to) })
	transpose("transposeBF16", "rounds to pairs of bfloat16", 64, func(from Mem, to VecPhysical) {
		VMOVUPS(from, Z16)
		bf16.Convert(Z16, to)
	})
	round()
	pairLines()
	Generate()
}

var ymm = []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}

// transpose writes the transposition of 8 columns, 8 lines at a time, of which
// load brings what takes so many bytes of a column.
func transpose(name, what string, bytes uint64, load func(from Mem, to VecPhysical)) {
	TEXT(name, NOSPLIT, "func(dst, src *float32, blocks, line, column int)")
	Pragma("noescape")
	Doc(name+" "+what+" 8 columns, which lie column bytes apart in src, to lines that lie",
		"line bytes apart in dst: 8 lines for each of the blocks, which are not 0.")
	Load(Param("dst"), RDI)
	Load(Param("src"), RSI)
	Load(Param("blocks"), RCX)
	Load(Param("line"), R8)
	Load(Param("column"), R9)
	LEAQ(Mem{Base: R8, Index: R8, Scale: 2}, R10)
	LEAQ(Mem{Base: R9, Index: R9, Scale: 2}, R11)
	Label("block")
	eight(RSI, R9, R11, func(i int, place Mem) { load(place, ymm[i]) })
	for i := 0; i < 8; i += 2 { // pairs of columns
		VUNPCKLPS(ymm[i+1], ymm[i], ymm[8+i])
		VUNPCKHPS(ymm[i+1], ymm[i], ymm[9+i])
	}
	for i := 0; i < 8; i += 4 { // four columns
		a, b := ymm[8+i:], ymm[10+i:]
		VSHUFPS(Imm(0x44), b[0], a[0], ymm[i])
		VSHUFPS(Imm(0xee), b[0], a[0], ymm[i+1])
		VSHUFPS(Imm(0x44), b[1], a[1], ymm[i+2])
		VSHUFPS(Imm(0xee), b[1], a[1], ymm[i+3])
	}
	for i := range 4 {
		VPERM2F128(Imm(0x20), ymm[4+i], ymm[i], ymm[8+i])
		VPERM2F128(Imm(0x31), ymm[4+i], ymm[i], ymm[12+i])
	}
	eight(RDI, R8, R10, func(i int, place Mem) { VMOVUPS(ymm[8+i], place) })
	ADDQ(Imm(bytes), RSI)
	LEAQ(Mem{Base: RDI, Index: R8, Scale: 8}, RDI)
	DECQ(RCX)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// eight goes through eight places that lie evenly spaced; thrice is three times
// their distance.
func eight(base, step, thrice GPPhysical, do func(i int, place Mem)) {
	LEAQ(Mem{Base: base, Index: step, Scale: 4}, RAX)
	for i := range 8 {
		from := base
		if i >= 4 {
			from = RAX
		}
		switch i % 4 {
		case 0:
			do(i, Mem{Base: from})
		case 1, 2:
			do(i, Mem{Base: from, Index: step, Scale: uint8(i % 4)})
		default:
			do(i, Mem{Base: from, Index: thrice, Scale: 1})
		}
	}
}

// round writes the rounding of what lies side by side.
func round() {
	TEXT("roundBF16", NOSPLIT, "func(dst, src *float32, n int)")
	Pragma("noescape")
	Doc("roundBF16 rounds floats to pairs of bfloat16, n pairs, a multiple of 8 and not 0.")
	Load(Param("dst"), RDI)
	Load(Param("src"), RSI)
	Load(Param("n"), RCX)
	Label("floats")
	VMOVUPS(Mem{Base: RSI}, Z16)
	bf16.Convert(Z16, Y0)
	VMOVUPS(Y0, Mem{Base: RDI})
	ADDQ(Imm(64), RSI)
	ADDQ(Imm(32), RDI)
	SUBQ(Imm(8), RCX)
	JNZ(LabelRef("floats"))
	VZEROUPPER()
	RET()
}

// pairLines writes the pairing of two lines.
func pairLines() {
	TEXT("pairLinesBF16", NOSPLIT, "func(dst, src *float32, lines, row int)")
	Pragma("noescape")
	Doc("pairLinesBF16 rounds lines of 32 floats to bfloat16 and pairs each with the one behind it.",
		"Lines of src lie row bytes apart; dst has half as many of 32 pairs, lines, not 0.")
	Load(Param("dst"), RDI)
	Load(Param("src"), RSI)
	Load(Param("lines"), RCX)
	Load(Param("row"), R8)
	Label("line")
	for i := range 2 {
		low, high := Z0, Z1
		VMOVUPS(Mem{Base: RSI, Disp: 64 * i}, Z16)
		bf16.Convert(Z16, Y0)
		VMOVUPS(Mem{Base: RSI, Index: R8, Scale: 1, Disp: 64 * i}, Z16)
		bf16.Convert(Z16, Y1)
		VPMOVZXWD(Y0, low)
		VPMOVZXWD(Y1, high)
		VPSLLD(Imm(16), high, high)
		VPORD(low, high, high)
		VMOVUPS(high, Mem{Base: RDI, Disp: 64 * i})
	}
	LEAQ(Mem{Base: RSI, Index: R8, Scale: 2}, RSI)
	ADDQ(Imm(128), RDI)
	DECQ(RCX)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}
