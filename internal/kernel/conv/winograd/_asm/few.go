package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of fewFrame.
const (
	fewA      = 0
	fewB      = 8
	fewC      = 16
	fewAPoint = 24
	fewBTap   = 32
	fewCRow   = 40
	fewDepth  = 48
	fewAhead  = 56
)

const (
	fewTiles  = 4
	fewPoints = 6 // of a row
	fewTaps   = 3
)

// fewAheads are the elements of the kernel that are asked for by each row.
var fewAheads = [fewPoints][]int{{0, 1}, {2, 3}, {4}, {5, 6}, {7}, {8}}

// few is what the kernel for a row of points of few tiles is written with: the
// kernel of the convolution is transformed in registers, without the scales,
// which sums are multiplied with at the end.
type few struct {
	row   int
	sums  [fewPoints][fewTiles]VecPhysical
	u     [fewTaps]VecPhysical // a row of the transformed kernel, before its columns
	even  VecPhysical
	v     VecPhysical
	a, a2 VecPhysical // powers of the interpolation points
	b     VecPhysical
	ahead []Register
}

var fewTap = [fewTaps]Register{RSI, RDI, RDX} // the first element of each row

// newFew writes the kernel of a row.
func newFew(row int) {
	function(fmt.Sprintf("few%d", row), fmt.Sprintf("makes the sums of row %d of the points of "+
		"4 tiles of 4x4.", row), true)
	m := newMachine(true)
	f := &few{row: row, even: m.get(), v: m.get(), a: m.get(), a2: m.get(), b: m.get(),
		ahead: []Register{R13, R15}[:len(fewAheads[row])]}
	for i := range f.u {
		f.u[i] = m.get()
	}
	for p := range f.sums {
		for t := range f.sums[p] {
			f.sums[p][t] = m.get()
			m.zero(f.sums[p][t])
		}
	}
	f.begin()
	loop("line", RCX, func() {
		MOVQ(U32(4), R12)
		align()
		loop("quarter", R12, func() {
			for k := range 4 {
				f.rows(128 * k)
				f.columns(4 * k)
				for _, r := range f.ahead {
					PREFETCHT1(Mem{Base: r, Disp: 128 * k})
				}
			}
			ADDQ(Imm(16), RAX)
			for _, r := range append(fewTap[:], f.ahead...) {
				ADDQ(U32(512), r)
			}
		})
		ADDQ(U32(64*(fewTiles-1)), RAX)
	})
	f.end()
	finish()
}

// begin loads addresses and constants.
func (f *few) begin() {
	MOVQ(field(fewA), RAX)
	MOVQ(field(fewAPoint), R8)
	LEAQ(Mem{Base: R8, Index: R8, Scale: 2}, R9)
	LEAQ(Mem{Base: R8, Index: R8, Scale: 4}, R10)
	MOVQ(field(fewBTap), R11)
	LEAQ(Mem{Base: R11, Index: R11, Scale: 2}, RCX)
	MOVQ(field(fewB), RSI)
	LEAQ(Mem{Base: RSI, Index: RCX, Scale: 1}, RDI)
	LEAQ(Mem{Base: RDI, Index: RCX, Scale: 1}, RDX)
	for i, tap := range fewAheads[f.row] {
		LEAQ(f.tap(tap/fewTaps, tap%fewTaps, 0), f.ahead[i])
		ADDQ(field(fewAhead), f.ahead[i])
	}
	VBROADCASTSS(constants(a), f.a)
	VBROADCASTSS(constants(a*a), f.a2)
	VBROADCASTSS(constants(b), f.b)
	MOVQ(field(fewDepth), RCX)
}

// tap returns where an element of the kernel lies.
func (f *few) tap(i, j, disp int) Mem {
	m := Mem{Base: fewTap[i], Disp: disp}
	if j > 0 {
		m.Index, m.Scale = R11, uint8(j)
	}
	return m
}

// rows makes f.u of a channel of the kernel: g0, g2, or g0 ± p g1 + p² g2.
func (f *few) rows(disp int) {
	first := 0
	if f.row == fewPoints-1 {
		first = 2
	}
	for j, u := range f.u {
		VMOVUPS(f.tap(first, j, disp), u)
	}
	if f.row == 0 || f.row == fewPoints-1 {
		return
	}
	p, p2 := f.a, f.a2
	if f.row > 2 {
		p, p2 = f.b, f.v
		VBROADCASTSS(constants(b*b), p2)
	}
	for j, u := range f.u {
		VFMADD231PS(f.tap(2, j, disp), p2, u)
		if f.row%2 == 1 {
			VFMADD231PS(f.tap(1, j, disp), p, u)
		} else {
			VFNMADD231PS(f.tap(1, j, disp), p, u)
		}
	}
}

// columns makes the kernel's points of f.u, and adds their products.
func (f *few) columns(disp int) {
	f.multiply(0, f.u[0], disp)
	f.multiply(5, f.u[2], disp)
	VMOVAPS(f.u[0], f.even)
	VFMADD231PS(f.a2, f.u[2], f.even)
	VMOVAPS(f.even, f.v)
	VFMADD231PS(f.a, f.u[1], f.v)
	f.multiply(1, f.v, disp)
	VFNMADD231PS(f.a, f.u[1], f.even)
	f.multiply(2, f.even, disp)
	VFMADD231PS_BCST(constants(b*b), f.u[2], f.u[0])
	VMOVAPS(f.u[0], f.v)
	VFMADD231PS(f.b, f.u[1], f.v)
	f.multiply(3, f.v, disp)
	VFNMADD231PS(f.b, f.u[1], f.u[0])
	f.multiply(4, f.u[0], disp)
}

func (f *few) multiply(point int, v VecPhysical, disp int) {
	for t, sum := range f.sums[point] {
		at := multiple(RAX, R8, R9, R10, point)
		at.Disp = disp + 64*t
		VFMADD231PS_BCST(at, v, sum)
	}
}

// end stores the sums.
func (f *few) end() {
	scales := [fewPoints]float64{scale0, scaleA, scaleA, scaleB, scaleB, 1}
	MOVQ(field(fewC), RAX)
	for t := range fewTiles {
		for p := range fewPoints {
			sum := f.sums[p][t]
			VMULPS_BCST(constants(scales[f.row]*scales[p]), sum, sum)
			VMOVUPS(sum, Mem{Base: RAX, Disp: 128 * p})
		}
		ADDQ(field(fewCRow), RAX)
	}
}
