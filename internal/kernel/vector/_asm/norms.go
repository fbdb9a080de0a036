package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) norms() {
	s.moments()
	for _, hasResidual := range []bool{false, true} {
		for _, past := range []bool{false, true} {
			s.forward(hasResidual, past)
		}
	}
}

const image = " Images have rows of period floats, a multiple of the lanes, and neither is 0."

func (s set) moments() {
	s.function("moments", "sum, squares, x, shift *float32, period, rows int",
		"is momentsGeneric."+image)
	p := arguments("sum", "squares", "x", "shift")
	var sum, squares, shift []VecVirtual
	s.columns(4, func(unroll int, of places) {
		sum, squares, shift = nil, nil, nil
		for u := range unroll {
			sum = append(sum, s.load(of(p["sum"], u)))
			squares = append(squares, s.load(of(p["squares"], u)))
			if s.wide {
				shift = append(shift, s.load(of(p["shift"], u)))
			}
		}
	}, func(unroll int, at, of places) {
		d := make([]VecVirtual, unroll)
		for u := range d {
			d[u] = s.load(at(p["x"], u))
			if s.wide {
				VSUBPS(shift[u], d[u], d[u])
			} else {
				VSUBPS(of(p["shift"], u), d[u], d[u])
			}
		}
		for u := range d {
			VADDPS(d[u], sum[u], sum[u])
			VFMADD231PS(d[u], d[u], squares[u])
		}
	}, func(unroll int, of places) {
		for u := range unroll {
			VMOVUPS(sum[u], of(p["sum"], u))
			VMOVUPS(squares[u], of(p["squares"], u))
		}
	})
	finish()
}

// forward writes the kernel of normalisation, whose stores may go past the
// caches.
func (s set) forward(hasResidual, past bool) {
	name, residual, doc := "forward", "", "is Norm.forwardGeneric."
	if hasResidual {
		name, residual = "forwardAdd", " residual,"
	}
	if past {
		name += "Stream"
		doc += " to is aligned to registers."
	}
	s.function(name, "to, x,"+residual+" scale, offset *float32, "+
		"period, rows int, low, high float32", doc+image)
	low, high := s.float("low"), s.float("high")
	p := arguments("to", "x", "scale", "offset")
	if hasResidual {
		p["residual"] = argument("residual")
	}
	s.rows(func(unroll int, at, of places) {
		for u := range unroll {
			v, scale := s.load(at(p["x"], u)), s.load(of(p["scale"], u))
			VFMADD213PS(of(p["offset"], u), scale, v)
			if hasResidual {
				VADDPS(at(p["residual"], u), v, v)
			}
			bound(v, low, high)
			if past {
				VMOVNTPS(v, at(p["to"], u))
			} else {
				VMOVUPS(v, at(p["to"], u))
			}
		}
	})
	if past {
		SFENCE()
	}
	finish()
}
