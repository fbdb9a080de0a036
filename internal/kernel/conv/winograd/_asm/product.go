package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of productFrame.
const (
	productA      = 0
	productB      = 8
	productC      = 16
	productABlock = 24
	productCRow   = 32
	productDepth  = 40
	productBlocks = 48
	productAdds   = 56
)

// sums are the registers of a tile and what it is computed with.
type sums struct {
	m         *machine
	c         [][2]VecPhysical
	b         [2]VecPhysical
	broadcast [2]VecPhysical
}

func newSums(rows int, wide bool) *sums {
	s := &sums{m: newMachine(wide)}
	for range rows {
		s.c = append(s.c, [2]VecPhysical{s.m.get(), s.m.get()})
	}
	s.b = [2]VecPhysical{s.m.get(), s.m.get()}
	for i := range s.broadcast {
		if len(s.m.free) > 0 {
			s.broadcast[i] = s.m.get()
		} else {
			s.broadcast[i] = s.broadcast[0]
		}
	}
	return s
}

// clear begins a tile.
func (s *sums) clear() {
	for _, c := range s.c {
		for _, r := range c {
			s.m.zero(r)
		}
	}
}

// add begins a tile with what stands there, where a field says so.
func (s *sums) add(adds int, at, row Register, label string) {
	CMPQ(field(adds), Imm(0))
	JEQ(LabelRef(label))
	MOVQ(at, R11)
	for _, c := range s.c {
		for i, r := range c {
			VMOVUPS(Mem{Base: R11, Disp: i * s.m.width()}, r)
		}
		ADDQ(row, R11)
	}
	Label(label)
}

// step adds the products of one depth.
func (s *sums) step(b [2]Mem, a func(row int) Mem) {
	for i, r := range s.b {
		VMOVUPS(b[i], r)
	}
	for i, c := range s.c {
		x := s.broadcast[i%2]
		VBROADCASTSS(a(i), x)
		for j := range c {
			VFMADD231PS(s.b[j], x, c[j])
		}
	}
}

// end stores a tile and leaves at behind its last row.
func (s *sums) end(at, row Register, disp int) {
	for _, c := range s.c {
		for i, r := range c {
			VMOVUPS(r, Mem{Base: at, Disp: disp + i*s.m.width()})
		}
		ADDQ(row, at)
	}
}

// product writes the kernel that multiplies blocks of rows, which stand in
// blocks of 16 depths, with a panel of 32 columns.
func product(rows int, wide bool) {
	function(fmt.Sprintf("product%d", rows),
		fmt.Sprintf("multiplies blocks of %d rows.", rows), wide)
	s := newSums(rows, wide)
	MOVQ(field(productCRow), R8)
	halves := 128 / (2 * s.m.width())
	for half := range halves {
		// AVX2 makes one half of all blocks, then the other: 16 columns of B
		// are whole lines of the cache.
		MOVQ(field(productA), RSI)
		MOVQ(field(productC), RDI)
		if half > 0 {
			ADDQ(Imm(64), RDI)
		}
		MOVQ(field(productBlocks), RCX)
		loop(fmt.Sprintf("blocks%d", half), RCX, func() {
			MOVQ(RSI, RAX)
			MOVQ(field(productB), RDX)
			s.clear()
			s.add(productAdds, RDI, R8, fmt.Sprintf("adds%d", half))
			MOVQ(field(productDepth), R9)
			loop(fmt.Sprintf("depth%d", half), R9, func() {
				MOVQ(U32(4), R10)
				align()
				loop(fmt.Sprintf("quarter%d", half), R10, func() {
					for k := range 4 {
						line := func(i int) Mem {
							return Mem{Base: RDX, Disp: 128*k + 64*half + i*s.m.width()}
						}
						s.step([2]Mem{line(0), line(1)}, func(row int) Mem {
							return Mem{Base: RAX, Disp: 64*row + 4*k}
						})
					}
					ADDQ(Imm(16), RAX)
					ADDQ(U32(512), RDX)
				})
				ADDQ(U32(64*(rows-1)), RAX)
			})
			s.end(RDI, R8, 0)
			ADDQ(field(productABlock), RSI)
		})
	}
	finish()
}

// Offsets of the fields of outerFrame.
const (
	outerA      = 0
	outerB      = 8
	outerC      = 24
	outerABlock = 32
	outerCRow   = 40
	outerDepth  = 48
	outerBlocks = 56
)

// outer writes the kernel that multiplies blocks of 16 columns, as rows, with
// two such blocks: what both have in the same line is multiplied.
func outer(wide bool) {
	function("outer", "multiplies blocks of 16 columns with two others.", wide)
	rows, columns := 8, 1 // of a tile, and tiles side by side
	if !wide {
		rows, columns = 4, 2
	}
	s := newSums(rows, wide)
	MOVQ(field(outerCRow), R8)
	MOVQ(field(outerA), RSI)
	MOVQ(field(outerC), RDI)
	MOVQ(field(outerBlocks), RCX)
	loop("blocks", RCX, func() {
		for part := range 16 / rows {
			for column := range columns {
				name := fmt.Sprintf("%d_%d", part, column)
				MOVQ(RSI, RAX)
				MOVQ(field(outerB+8*column), RDX)
				second := Mem{Base: RDX, Disp: s.m.width()}
				if wide {
					MOVQ(field(outerB+8), R11)
					second = Mem{Base: R11}
				}
				s.clear()
				MOVQ(field(outerDepth), R9)
				loop("depth"+name, R9, func() {
					s.step([2]Mem{{Base: RDX}, second}, func(row int) Mem {
						return Mem{Base: RAX, Disp: 4 * (part*rows + row)}
					})
					for _, r := range []Register{RAX, RDX, R11} {
						if r != R11 || wide {
							ADDQ(Imm(64), r)
						}
					}
				})
				MOVQ(RDI, R10)
				s.end(R10, R8, 64*column)
			}
			MOVQ(R10, RDI)
		}
		ADDQ(field(outerABlock), RSI)
	})
	finish()
}
