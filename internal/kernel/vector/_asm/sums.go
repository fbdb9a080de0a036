package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) sums() {
	s.sum()
	s.sumSquares()
	s.maximum()
}

// reduce writes a kernel that puts n floats together in four registers, and these
// with the first of the numbers at the parameter of the given name.
func (s set) reduce(name string, put func(x Op, into VecVirtual)) {
	p := arguments(name, "x")
	first := Mem{Base: p[name]}
	into := []VecVirtual{s.load(first), s.register(), s.register(), s.register()}
	for _, v := range into[1:] {
		VMOVAPS(into[0], v)
	}
	if name == "sums" {
		for _, v := range into[1:] {
			VSUBPS(v, v, v)
		}
	}
	s.flat(argument("n"), len(into), func(unroll int, at places) {
		for u := range unroll {
			put(at(p["x"], u), into[u])
		}
	})
	put(into[1], into[0])
	put(into[3], into[2])
	put(into[2], into[0])
	VMOVUPS(into[0], first)
	finish()
}

func (s set) sum() {
	s.function("sum", "sums, x *float32, n int", "adds x to the sums, lane by lane."+whole)
	s.reduce("sums", func(x Op, into VecVirtual) { VADDPS(x, into, into) })
}

func (s set) maximum() {
	s.function("maximum", "highest, x *float32, n int",
		"raises the highest numbers to those of x, lane by lane."+whole)
	s.reduce("highest", func(x Op, into VecVirtual) { VMAXPS(x, into, into) })
}

// sumSquares adds the two halves of a register in different ones.
func (s set) sumSquares() {
	s.function("sumSquares", "sums *float64, x *float32, n int",
		"adds the squares of x to the sums, lane by lane."+whole)
	p := arguments("sums", "x")
	sums := make([]VecVirtual, 4)
	for i := range sums {
		sums[i] = s.zero()
	}
	for i := range 2 {
		VMOVUPD(Mem{Base: p["sums"], Disp: i * s.bytes()}, sums[i])
	}
	s.flat(argument("n"), 2, func(unroll int, at places) {
		for u := range unroll {
			for half := range 2 {
				v, m := s.register(), at(p["x"], u)
				m.Disp += half * s.bytes() / 2
				VCVTPS2PD(m, v)
				VFMADD231PD(v, v, sums[2*u+half])
			}
		}
	})
	for i := range 2 {
		VADDPD(sums[2+i], sums[i], sums[i])
		VMOVUPD(sums[i], Mem{Base: p["sums"], Disp: i * s.bytes()})
	}
	finish()
}
