package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) normGradients() {
	for _, way := range []masking{unmasked, byInput, byOutput} {
		s.gradientSums(way)
	}
	for _, way := range []masking{unmasked, byInput} {
		s.backward(way)
	}
}

// masking is how it is found out where gradients count.
type masking int

const (
	unmasked masking = iota // everywhere
	byInput                 // where scale and offset of the input give an inner value
	byOutput                // where the output is an inner value
)

// gradientSums writes the kernel of a norm's sums. AVX2 has too few registers for
// the numbers of the columns: it reads them again in each row.
func (s set) gradientSums(way masking) {
	switch way {
	case unmasked:
		s.function("sums", "sum, product, grad, x, mean *float32, period, rows int",
			"is Norm.sumsGeneric without ReLU."+image)
	case byInput:
		s.function("sumsReLU", "sum, product, grad, x, mean, scale, offset *float32, "+
			"period, rows int, low, high float32", "is Norm.sumsGeneric with ReLU."+image)
	case byOutput:
		s.function("maskedSums", "sum, product, masked, grad, x, out, mean *float32, "+
			"period, rows int, low, high float32", "is Norm.maskedSumsGeneric."+image)
	}
	p := arguments("grad", "x")
	if way == byOutput {
		p["masked"], p["out"] = argument("masked"), argument("out")
	}
	names := []string{"mean"}
	if way == byInput {
		names = []string{"mean", "scale", "offset"}
	}
	if !s.wide {
		for _, name := range names {
			p[name] = argument(name)
		}
	}
	var low, high VecVirtual
	if way != unmasked {
		low, high = s.float("low"), s.float("high")
	}
	unroll := 4
	if !s.wide && way != unmasked {
		unroll = 2
	}
	var sum, product []VecVirtual
	var rows map[string][]Op
	s.columns(unroll, func(unroll int, of places) {
		sum, product = s.columnsOf("sum", unroll, of), s.columnsOf("product", unroll, of)
		rows = map[string][]Op{}
		for _, name := range names {
			if !s.wide {
				for u := range unroll {
					rows[name] = append(rows[name], of(p[name], u))
				}
				continue
			}
			for _, v := range s.columnsOf(name, unroll, of) {
				rows[name] = append(rows[name], v)
			}
		}
	}, func(unroll int, at, of places) {
		for u := range unroll {
			x, g := s.load(at(p["x"], u)), s.load(at(p["grad"], u))
			switch way {
			case byInput:
				y := s.load(rows["scale"][u])
				VFMADD213PS(rows["offset"][u], x, y)
				s.inside(g, y, low, high)
			case byOutput:
				s.inside(g, s.load(at(p["out"], u)), low, high)
				VMOVUPS(g, at(p["masked"], u))
			}
			VSUBPS(rows["mean"][u], x, x)
			VADDPS(g, sum[u], sum[u])
			VFMADD231PS(g, x, product[u])
		}
	}, func(unroll int, of places) {
		s.storeColumns("sum", sum, of)
		s.storeColumns("product", product, of)
	})
	finish()
}

// columnsOf loads registers of an array whose parameter is loaded for that alone.
func (s set) columnsOf(name string, unroll int, of places) []VecVirtual {
	p := argument(name)
	list := make([]VecVirtual, unroll)
	for u := range list {
		list[u] = s.load(of(p, u))
	}
	return list
}

func (s set) storeColumns(name string, list []VecVirtual, of places) {
	p := argument(name)
	for u, v := range list {
		VMOVUPS(v, of(p, u))
	}
}

// backward writes the kernel of the input's gradient.
func (s set) backward(way masking) {
	names := []string{"to", "grad", "x", "a", "b", "k"}
	var low, high VecVirtual
	if way == unmasked {
		s.function("backward", "to, grad, x, a, b, k *float32, period, rows int",
			"is Norm.backwardGeneric without mask."+image)
	} else {
		s.function("backwardReLU", "to, grad, x, a, b, k, scale, offset *float32, "+
			"period, rows int, low, high float32", "is Norm.backwardGeneric with a mask."+image)
		names = append(names, "scale", "offset")
		low, high = s.float("low"), s.float("high")
	}
	p := arguments(names...)
	s.rows(func(unroll int, at, of places) {
		for u := range unroll {
			x, g := s.load(at(p["x"], u)), s.load(at(p["grad"], u))
			if way == byInput {
				y := s.load(of(p["scale"], u))
				VFMADD213PS(of(p["offset"], u), x, y)
				s.inside(g, y, low, high)
			}
			VFMADD213PS(of(p["k"], u), s.load(of(p["b"], u)), x)
			VFMADD231PS(of(p["a"], u), g, x)
			VMOVUPS(x, at(p["to"], u))
		}
	})
	finish()
}
