package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The registers behind the products.
var (
	at      = RDI // a row
	rowStep = RSI
	halfway = RDX // from row 0 to row 7
)

// fetch brings where the sums will go into the cache, so that no store waits.
func (t tile) fetch() {
	if t.wide() {
		CMPQ(field(frameStream), Imm(0))
		JNE(LabelRef("fetched"))
	}
	MOVQ(field(frameCRow), rowStep)
	MOVQ(field(frameCHalf), halfway)
	MOVQ(field(frameC), at)
	t.eachRow(func(row, column int, place Mem) {
		if t.wide() || column == 0 { // two registers of AVX2 are one line
			PREFETCHT0(place)
		}
	})
	Label("fetched")
}

// finish adds the residual, holds the sums within their bounds and stores them.
func (t tile) finish() {
	MOVQ(field(frameCRow), rowStep)
	MOVQ(field(frameCHalf), halfway)
	MOVQ(field(frameResidual), at)
	TESTQ(at, at)
	JZ(LabelRef("alone"))
	t.eachRow(func(row, column int, place Mem) {
		sum := t.sum(row, column)
		if t.wide() {
			VADDPS_Z(place, sum, masks[column], sum)
		} else {
			VADDPS(place, sum, sum)
		}
	})
	Label("alone")
	CMPQ(field(frameClamps), Imm(0))
	JEQ(LabelRef("unbounded"))
	zero, ceiling := t.spare(0), t.spare(1)
	t.clear(zero)
	VBROADCASTSS(field(frameCeiling), ceiling)
	for row := range t.rows {
		for column := range t.columns {
			sum := t.sum(row, column)
			// What is not a number stays so: it comes last.
			VMAXPS(sum, zero, sum)
			VMINPS(sum, ceiling, sum)
		}
	}
	Label("unbounded")
	MOVQ(field(frameC), at)
	if t.wide() {
		CMPQ(field(frameStream), Imm(0))
		JEQ(LabelRef("cached"))
		t.eachRow(func(row, column int, place Mem) { VMOVNTPS(t.sum(row, column), place) })
		JMP(LabelRef("stored"))
		Label("cached")
	}
	t.eachRow(func(row, column int, place Mem) {
		if t.wide() {
			VMOVUPS(t.sum(row, column), masks[column], place)
		} else {
			VMOVUPS(t.sum(row, column), place)
		}
	})
	Label("stored")
}

// eachRow goes through the elements of a matrix laid out as C, whose first tile
// starts at the address in at.
func (t tile) eachRow(do func(row, column int, place Mem)) {
	ADDQ(field(frameCAt), at)
	second := RCX
	if t.rows > half {
		LEAQ(Mem{Base: at, Index: halfway, Scale: 1}, second)
	}
	for row := range t.rows {
		base := at
		if row >= half {
			base = second
		}
		for column := range t.columns {
			do(row, column, Mem{Base: base, Disp: column * t.lanes * 4})
		}
		if row+1 < t.rows && row+1 != half {
			ADDQ(rowStep, base)
		}
	}
}
