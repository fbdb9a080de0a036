package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/dsbuild/dsbuild/internal/kernel/asm/bf16"
)

// A form is what the registers of a tile hold and how they are multiplied.
type form struct {
	suffix string
	lanes  int
	pairs  bool // of bfloat16, in place of floats
}

var (
	avx2     = form{"AVX2", 8, false}
	avx512   = form{"AVX512", 16, false}
	bfloat16 = form{"BF16", 16, true}
)

type tile struct {
	rows, columns int // columns are registers
	form
}

var (
	xmm = []VecPhysical{X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, X15,
		X16, X17, X18, X19, X20, X21, X22, X23, X24, X25, X26, X27, X28, X29, X30, X31}
	masks = []OpmaskPhysical{K1, K2}
)

func (t tile) wide() bool { return t.lanes == 16 }

// register returns the register of the tile's width of a number.
func (t tile) register(n int) VecPhysical {
	if t.wide() {
		return xmm[n].AsZ().(VecPhysical)
	}
	return xmm[n].AsY().(VecPhysical)
}

// sum returns the register in which an element's sum is.
func (t tile) sum(row, column int) VecPhysical { return t.register(row*t.columns + column) }

// spare returns a register beside the sums, counted from the last one.
func (t tile) spare(n int) VecPhysical {
	if t.wide() {
		return t.register(31 - n)
	}
	return t.register(15 - n)
}

func (t tile) write() {
	TEXT(fmt.Sprintf("tile%dx%d%s", t.rows, t.columns*t.lanes, t.suffix), NOSPLIT,
		"func(depth *int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("tile%dx%d%s computes tiles of %d rows and %d columns. It is handed the first",
		t.rows, t.columns*t.lanes, t.suffix, t.rows, t.columns*t.lanes), "field of a frame.")
	Load(Param("depth"), frame)
	t.begin()
	Label("tile")
	t.beginTile()
	Label("segment")
	MOVQ(field(frameOffsets), upper)
	MOVQ(field(frameSegment), depth)
	MOVQ(Mem{Base: upper, Index: depth, Scale: 8}, upper)
	LEAQ(Mem{Base: start, Index: upper, Scale: 4}, upper)
	if t.rows > half {
		MOVQ(field(frameAHalf), lower)
		ADDQ(upper, lower)
	}
	INCQ(depth)
	MOVQ(depth, field(frameSegment))
	MOVQ(field(frameDepth), depth)
	align()
	Label("depth")
	t.multiply()
	PREFETCHT1(Mem{Base: ahead})
	ADDQ(pace, ahead)
	ADDQ(step, upper)
	if t.rows > half {
		ADDQ(step, lower)
	}
	ADDQ(lineStep, line)
	DECQ(depth)
	JNZ(LabelRef("depth"))
	MOVQ(field(frameSegment), depth)
	CMPQ(depth, field(frameSegments))
	JNE(LabelRef("segment"))
	Label("finish")
	t.finish()
	for _, f := range [][2]int{
		{frameATile, frameAAt}, {frameBTile, frameBAt}, {frameCTile, frameCAt},
	} {
		MOVQ(field(f[0]), start)
		ADDQ(start, field(f[1]))
	}
	DECQ(field(frameTiles))
	JNZ(LabelRef("tile"))
	if t.wide() {
		CMPQ(field(frameStream), Imm(0))
		JEQ(LabelRef("done"))
		SFENCE()
		Label("done")
	}
	VZEROUPPER()
	RET()
}

// align lets the loop that follows begin where instructions are fetched.
func align() {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(32)}})
}

// begin loads what stays for all tiles.
func (t tile) begin() {
	MOVQ(field(frameARow), once)
	LEAQ(Mem{Base: once, Index: once, Scale: 2}, thrice)
	LEAQ(Mem{Base: once, Index: once, Scale: 4}, fivefold)
	MOVQ(field(frameADepth), step)
	MOVQ(field(frameBDepth), lineStep)
	MOVQ(field(frameAhead), ahead)
	ADDQ(field(frameAheadAt), ahead)
	MOVQ(field(frameAheadStep), pace)
	if t.wide() {
		MOVQ(field(frameMask), depth)
		KMOVW(depth.As32(), masks[0])
		if t.columns > 1 {
			SHRQ(Imm(16), depth)
			KMOVW(depth.As32(), masks[1])
		}
	}
}

// beginTile sets the sums to the bias, or to zero.
func (t tile) beginTile() {
	t.fetch()
	MOVQ(field(frameA), start)
	ADDQ(field(frameAAt), start)
	MOVQ(field(frameB), line)
	ADDQ(field(frameBAt), line)
	for column := range t.columns {
		t.clear(t.sum(0, column))
	}
	MOVQ(field(frameBias), depth)
	TESTQ(depth, depth)
	JZ(LabelRef("unbiased"))
	for column := range t.columns {
		place := Mem{Base: depth, Disp: column * t.lanes * 4}
		if t.wide() {
			VMOVUPS_Z(place, masks[column], t.sum(0, column))
		} else {
			VMOVUPS(place, t.sum(0, column))
		}
	}
	Label("unbiased")
	for row := 1; row < t.rows; row++ {
		for column := range t.columns {
			VMOVAPS(t.sum(0, column), t.sum(row, column))
		}
	}
	MOVQ(U32(0), field(frameSegment))
	CMPQ(field(frameSegments), Imm(0))
	JEQ(LabelRef("finish"))
}

func (t tile) clear(r VecPhysical) {
	if t.wide() {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// multiply adds the products of one depth.
func (t tile) multiply() {
	// The registers of seven rows with AVX2 leave none for the second column of B.
	isTight := !t.wide() && t.rows == half
	for column := range t.columns {
		if column == 0 || !isTight {
			VMOVUPS(t.lineAt(column), t.spare(column))
		}
	}
	for row := range t.rows {
		if t.columns == 1 {
			if t.pairs {
				bf16.DotBroadcast(element(row), t.spare(0), t.sum(row, 0))
			} else {
				VFMADD231PS_BCST(element(row), t.spare(0), t.sum(row, 0))
			}
			continue
		}
		spread := t.spare(t.columns)
		if isTight {
			spread = t.spare(1)
			VBROADCASTSS(element(row), spread)
			VFMADD231PS(t.spare(0), spread, t.sum(row, 0))
			VFMADD231PS(t.lineAt(1), spread, t.sum(row, 1))
			continue
		}
		VBROADCASTSS(element(row), spread)
		for column := range t.columns {
			if t.pairs {
				bf16.Dot(t.spare(column), spread, t.sum(row, column))
			} else {
				VFMADD231PS(t.spare(column), spread, t.sum(row, column))
			}
		}
	}
}

// lineAt returns where a register's columns of the line of B are.
func (t tile) lineAt(column int) Mem { return Mem{Base: line, Disp: column * t.lanes * 4} }
