package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of transformFrame.
const (
	frameDst       = 0
	frameSrc       = 8
	frameDstRow    = 16
	frameDstColumn = 24
	frameDstStep   = 32
	frameSrcRow    = 40
	frameSrcColumn = 48
	frameSrcStep   = 56
	frameCount     = 64
	frameAdd       = 72
	frameBias      = 80
	frameLow       = 88
	frameHigh      = 92
)

// Registers of the transforms.
var (
	srcAt, srcWalk, srcRow, srcRow3, srcRow5, srcColumn = RSI, RAX, R8, R9, R10, R11
	dstAt, dstWalk, dstColumn, dstColumn3, dstColumn5   = RDI, RDX, R12, R13, R15
	bias, addDelta                                      = RAX, R15 // of results of few columns
)

// transform writes the kernel of a pattern: vector by vector, columns first.
// Elements of the result are made group by group, so that the registers hold
// what is between columns and rows; the source is read again for each group.
// Constants that registers hold are loaded where they are first used.
func transform(t pattern, wide bool) {
	function(t.name, t.doc, wide)
	m := newMachine(wide)
	MOVQ(field(frameSrc), srcAt)
	MOVQ(field(frameDst), dstAt)
	MOVQ(field(frameDstColumn), dstColumn)
	LEAQ(Mem{Base: dstColumn, Index: dstColumn, Scale: 2}, dstColumn3)
	if t.kind != finished {
		MOVQ(field(frameSrcRow), srcRow)
		LEAQ(Mem{Base: srcRow, Index: srcRow, Scale: 2}, srcRow3)
		LEAQ(Mem{Base: srcRow, Index: srcRow, Scale: 4}, srcRow5)
		MOVQ(field(frameSrcColumn), srcColumn)
	}
	if t.out > 4 {
		LEAQ(Mem{Base: dstColumn, Index: dstColumn, Scale: 4}, dstColumn5)
	}
	if t.kind == finished {
		MOVQ(field(frameBias), bias)
		MOVQ(field(frameAdd), addDelta)
		SUBQ(dstAt, addDelta)
	}
	MOVQ(field(frameCount), RCX)
	loop("vectors", RCX, func() {
		for _, group := range t.groups {
			t.group(m, group)
		}
		ADDQ(field(frameSrcStep), srcAt)
		ADDQ(field(frameDstStep), dstAt)
		if t.kind == finished {
			ADDQ(Imm(64), bias)
		}
	})
	finish()
}

// memory is a column of the source.
type memory struct {
	m  *machine
	at func(row int) Mem
}

func (c memory) take(i int) VecPhysical       { return c.m.load(c.at(i)) }
func (c memory) drop(_ int, r VecPhysical)    { c.m.put(r) }
func (c registers) take(i int) VecPhysical    { return c[i] }
func (c registers) drop(_ int, _ VecPhysical) {}

// registers is a row between the two halves of the transform.
type registers []VecPhysical

// group makes some rows of the result.
func (t pattern) group(m *machine, group []unit) {
	rows := map[int]registers{}
	walks := t.kind != finished
	if walks {
		MOVQ(srcAt, srcWalk)
	}
	for column := range t.in {
		for _, u := range group {
			for i, r := range u.f(m, memory{m, func(row int) Mem { return t.element(row, column) }}) {
				rows[u.rows[i]] = append(rows[u.rows[i]], r)
			}
		}
		if walks && column < t.in-1 {
			ADDQ(srcColumn, srcWalk)
		}
	}
	for _, u := range group {
		for _, row := range u.rows {
			t.row(m, row, rows[row])
			m.put(rows[row]...)
		}
	}
}

// element returns where the source lies, of which columns are walked along.
func (t pattern) element(row, column int) Mem {
	if t.kind == finished {
		return Mem{Base: srcAt, Disp: (row*t.in + column) * 128}
	}
	return multiple(srcWalk, srcRow, srcRow3, srcRow5, row)
}

// multiple returns the address i strides behind base.
func multiple(base, stride, stride3, stride5 Register, i int) Mem {
	switch i {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: stride3, Scale: 1}
	case 5:
		return Mem{Base: base, Index: stride5, Scale: 1}
	}
	return Mem{Base: base, Index: stride, Scale: uint8(i)}
}

var labels int

// row makes and writes one row of the result.
func (t pattern) row(m *machine, row int, in registers) {
	MOVQ(dstAt, dstWalk)
	for range row % 2 {
		ADDQ(field(frameDstRow), dstWalk)
	}
	if row > 1 {
		MOVQ(field(frameDstRow), RBP)
		LEAQ(Mem{Base: dstWalk, Index: RBP, Scale: uint8(row &^ 1)}, dstWalk)
	}
	for _, group := range t.groups {
		for _, u := range group {
			results := u.f(m, in)
			t.epilogue(m, results, u.rows)
			for i, r := range results {
				VMOVUPS(r, multiple(dstWalk, dstColumn, dstColumn3, dstColumn5, u.rows[i]))
			}
			m.put(results...)
		}
	}
}

// epilogue does to results what the kind of the pattern asks for.
func (t pattern) epilogue(m *machine, results []VecPhysical, columns []int) {
	if t.kind != adding && t.kind != finished {
		return
	}
	base := dstWalk
	if t.kind == finished {
		for _, r := range results {
			VADDPS(Mem{Base: bias}, r, r)
		}
	}
	label := fmt.Sprintf("plain%d", labels)
	labels++
	CMPQ(field(frameAdd), Imm(0))
	JEQ(LabelRef(label))
	if t.kind == finished {
		base = RBP
		LEAQ(Mem{Base: dstWalk, Index: addDelta, Scale: 1}, base)
	}
	for i, r := range results {
		VADDPS(multiple(base, dstColumn, dstColumn3, dstColumn5, columns[i]), r, r)
	}
	Label(label)
	if t.kind == finished {
		m.bound(results, frameLow, VMAXPS)
		m.bound(results, frameHigh, VMINPS)
	}
}

// bound holds vectors to a bound of the frame. The bound is the operand that is
// not taken where one is no number: such results stay what they are.
func (m *machine) bound(results []VecPhysical, limit int, choose func(...Op)) {
	r := m.get()
	VBROADCASTSS(field(limit), r)
	for _, x := range results {
		choose(x, r, x)
	}
	m.put(r)
}
