package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) sums() {
	s.sumSquares()
	s.maximum()
}

func (s set) maximum() {
	s.function("maximum", "highest, x *float32, n int",
		"raises the highest numbers to those of x, lane by lane."+whole)
	p := arguments("highest", "x")
	highest := make([]VecVirtual, 4)
	for i := range highest {
		highest[i] = s.load(Mem{Base: p["highest"]})
	}
	s.flat(argument("n"), len(highest), func(unroll int, at places) {
		for u := range unroll {
			VMAXPS(at(p["x"], u), highest[u], highest[u])
		}
	})
	for _, v := range highest[1:] {
		VMAXPS(v, highest[0], highest[0])
	}
	VMOVUPS(highest[0], Mem{Base: p["highest"]})
	finish()
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
