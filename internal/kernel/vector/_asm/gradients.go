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

// declareSums begins the kernel of a norm's sums.
func (s set) declareSums(way masking) {
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
}

// A summing is what the rows of a norm's sums are made with.
type summing struct {
	set
	way          masking
	p            map[string]GPVirtual
	low, high    VecVirtual
	ofColumns    []string        // names of arrays of a period
	of           map[string][]Op // by name and column
	sum, product []VecVirtual
}

// gradientSums writes the kernel of a norm's sums. AVX2 has too few registers for
// the numbers of the columns: it reads them again in each row.
func (s set) gradientSums(way masking) {
	s.declareSums(way)
	g := &summing{set: s, way: way, p: arguments("grad", "x"), ofColumns: []string{"mean"}}
	switch way {
	case byOutput:
		g.p["masked"], g.p["out"] = argument("masked"), argument("out")
	case byInput:
		g.ofColumns = []string{"mean", "scale", "offset"}
	}
	if !s.wide {
		for _, name := range g.ofColumns {
			g.p[name] = argument(name)
		}
	}
	unroll := 4
	if way != unmasked {
		g.low, g.high = s.float("low"), s.float("high")
		if !s.wide {
			unroll = 2
		}
	}
	s.columns(unroll, g.begin, g.row, func(unroll int, of places) {
		s.storeColumns("sum", g.sum, of)
		s.storeColumns("product", g.product, of)
	})
	finish()
}

// begin loads what belongs to columns.
func (g *summing) begin(unroll int, of places) {
	g.sum, g.product = g.columnsOf("sum", unroll, of), g.columnsOf("product", unroll, of)
	g.of = map[string][]Op{}
	for _, name := range g.ofColumns {
		if !g.wide {
			for u := range unroll {
				g.of[name] = append(g.of[name], of(g.p[name], u))
			}
			continue
		}
		for _, v := range g.columnsOf(name, unroll, of) {
			g.of[name] = append(g.of[name], v)
		}
	}
}

// row adds a row.
func (g *summing) row(unroll int, at, of places) {
	for u := range unroll {
		x, grad := g.load(at(g.p["x"], u)), g.load(at(g.p["grad"], u))
		switch g.way {
		case byInput:
			y := g.load(g.of["scale"][u])
			VFMADD213PS(g.of["offset"][u], x, y)
			g.inside(grad, y, g.low, g.high)
		case byOutput:
			g.inside(grad, g.load(at(g.p["out"], u)), g.low, g.high)
			VMOVUPS(grad, at(g.p["masked"], u))
		}
		VSUBPS(g.of["mean"][u], x, x)
		VADDPS(grad, g.sum[u], g.sum[u])
		VFMADD231PS(grad, x, g.product[u])
	}
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
