package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// productDepth is how many rows are multiplied at a time.
const productDepth = 8

// products writes the kernels that add products to one row and to four.
func (s set) products() {
	s.addProducts(1)
	s.addProducts(4)
}

// addProducts writes the kernel that adds products to so many rows. Either the
// factors stay in registers or, where they are too many, the matrix's columns do.
func (s set) addProducts(count int) {
	s.function(fmt.Sprintf("addProducts%d", count),
		"to, matrix, factors *float32, toRow, row, factorRow, n int",
		fmt.Sprintf("adds to %d rows the products of 8 rows. Rows lie so many bytes apart; n is a "+
			"multiple of 8.", count))
	k := products{set: s, p: arguments("to", "matrix", "factors", "toRow", "row", "factorRow", "n"),
		thrice: GP64(), upper: GP64()}
	row := k.p["row"]
	LEAQ(Mem{Base: row, Index: row, Scale: 2}, k.thrice)
	LEAQ(Mem{Base: k.p["matrix"], Index: row, Scale: 4}, k.upper)
	steps := []step{{s, 1}}
	if count == 1 {
		for i := range productDepth {
			k.factors = append(k.factors, s.broadcast(Mem{Base: k.p["factors"], Disp: 4 * i}))
		}
		steps = []step{{s, 4}, {s, 1}}
	}
	if s.wide {
		steps = append(steps, step{set{}, 1})
	}
	for _, t := range steps {
		k.columns(t, count)
	}
	finish()
}

// A step is how many registers of columns are taken at a time.
type step struct {
	set
	unroll int
}

// products is what a kernel works with.
type products struct {
	set
	p             map[string]GPVirtual
	thrice, upper GPVirtual
	factors       []VecVirtual
}

// at returns where a row of the matrix lies.
func (k *products) at(i, disp int) Mem {
	m := Mem{Base: k.p["matrix"], Disp: disp}
	if i >= productDepth/2 {
		m.Base = k.upper
	}
	switch i % 4 {
	case 1, 2:
		m.Index, m.Scale = k.p["row"], uint8(i%4)
	case 3:
		m.Index, m.Scale = k.thrice, 1
	}
	return m
}

// columns goes on while there are as many columns as a step takes.
func (k *products) columns(t step, count int) {
	size := t.unroll * t.lanes()
	loop, end := label("loop"), label("end")
	Label(loop)
	CMPQ(k.p["n"], U32(size))
	JL(LabelRef(end))
	if count == 1 {
		k.one(t)
	} else {
		k.several(t, count)
	}
	for _, r := range []GPVirtual{k.p["to"], k.p["matrix"], k.upper} {
		ADDQ(U32(4*size), r)
	}
	SUBQ(U32(size), k.p["n"])
	JMP(LabelRef(loop))
	Label(end)
}

// one adds to one row.
func (k *products) one(t step) {
	sums := make([]VecVirtual, t.unroll)
	for u := range sums {
		sums[u] = t.load(Mem{Base: k.p["to"], Disp: u * t.bytes()})
	}
	for i, f := range k.factors {
		for u, sum := range sums {
			VFMADD231PS(k.at(i, u*t.bytes()), t.part(f), sum)
		}
	}
	for u, sum := range sums {
		VMOVUPS(sum, Mem{Base: k.p["to"], Disp: u * t.bytes()})
	}
}

// part returns the part of a register that the set has.
func (s set) part(v VecVirtual) Op {
	if s.wide {
		return v
	}
	return v.AsY()
}

// several adds to several rows.
func (k *products) several(t step, count int) {
	var lines [productDepth]VecVirtual
	for i := range lines {
		lines[i] = t.load(k.at(i, 0))
	}
	to, factors := GP64(), GP64()
	MOVQ(k.p["to"], to)
	MOVQ(k.p["factors"], factors)
	for range count {
		sum := t.load(Mem{Base: to})
		for i, line := range lines {
			VFMADD231PS(line, t.broadcast(Mem{Base: factors, Disp: 4 * i}), sum)
		}
		VMOVUPS(sum, Mem{Base: to})
		ADDQ(k.p["toRow"], to)
		ADDQ(k.p["factorRow"], factors)
	}
}
