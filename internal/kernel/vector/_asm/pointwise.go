package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const whole = " n is a multiple of the lanes."

type places func(b GPVirtual, u int) Mem

func (s set) pointwise() {
	s.relu()
	s.reluGradient()
	s.add()
	s.affine()
	s.blend()
}

func (s set) relu() {
	s.function("relu", "to, x *float32, n int, top float32", "is ReLU."+whole)
	p, low, high := arguments("to", "x"), s.zero(), s.float("top")
	s.flat(argument("n"), 4, func(unroll int, at places) {
		for u := range unroll {
			v := s.load(at(p["x"], u))
			bound(v, low, high)
			VMOVUPS(v, at(p["to"], u))
		}
	})
	finish()
}

func (s set) reluGradient() {
	s.function("reluGradient", "to, grad, out *float32, n int, top float32",
		"is ReLUGradient."+whole)
	p, low, high := arguments("to", "grad", "out"), s.zero(), s.float("top")
	s.flat(argument("n"), 4, func(unroll int, at places) {
		for u := range unroll {
			g := s.load(at(p["grad"], u))
			s.inside(g, s.load(at(p["out"], u)), low, high)
			VMOVUPS(g, at(p["to"], u))
		}
	})
	finish()
}

func (s set) add() {
	s.function("add", "to, a, b *float32, n int", "is Add."+whole)
	p := arguments("to", "a", "b")
	s.flat(argument("n"), 4, func(unroll int, at places) {
		for u := range unroll {
			v := s.load(at(p["a"], u))
			VADDPS(at(p["b"], u), v, v)
			VMOVUPS(v, at(p["to"], u))
		}
	})
	finish()
}

func (s set) affine() {
	s.function("affine", "to, x *float32, n int, scale, offset float32", "is Affine."+whole)
	p, scale, offset := arguments("to", "x"), s.float("scale"), s.float("offset")
	s.flat(argument("n"), 4, func(unroll int, at places) {
		for u := range unroll {
			v := s.load(at(p["x"], u))
			VFMADD213PS(offset, scale, v)
			VMOVUPS(v, at(p["to"], u))
		}
	})
	finish()
}

func (s set) blend() {
	s.function("blend", "to, x, y *float32, n int, a, b, c float32", "is Blend."+whole)
	p, a, b, c := arguments("to", "x", "y"), s.float("a"), s.float("b"), s.float("c")
	s.flat(argument("n"), 4, func(unroll int, at places) {
		for u := range unroll {
			v := s.load(at(p["y"], u))
			VFMADD213PS(c, b, v)
			VFMADD231PS(at(p["x"], u), a, v)
			VMOVUPS(v, at(p["to"], u))
		}
	})
	finish()
}
