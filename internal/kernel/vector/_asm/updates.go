package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) updates() {
	for _, hasMean := range []bool{false, true} {
		for _, way := range []string{"descend", "sgd", "nesterov"} {
			s.sgd(way, hasMean)
		}
		s.adam(hasMean)
	}
}

// averaged adds the mean to a kernel of the given name and parameters.
func averaged(name, parameters string, hasMean bool) (string, string) {
	if !hasMean {
		return name, parameters
	}
	return name + "Mean", "mean, " + parameters
}

// flush has the processor take what is too small to be normal for zero, as it reads
// and as it writes, until the function that is returned is called.
func flush() (end func()) {
	const zeros = 1<<15 | 1<<6 // of what is written and of what is read
	before := AllocLocal(8)
	within, mode := before.Offset(4), GP32()
	STMXCSR(before)
	MOVL(before, mode)
	ORL(U32(zeros), mode)
	MOVL(mode, within)
	LDMXCSR(within)
	return func() { LDMXCSR(before) }
}

// factor returns a register full of the factor at a place.
func (s set) factor(factors GPVirtual, place int) VecVirtual {
	return s.broadcast(Mem{Base: factors, Disp: 4 * place})
}

// follow moves the mean towards the value, which it uses up.
func follow(mean Mem, value, keep, add VecVirtual) {
	VMULPS(add, value, value)
	VFMADD231PS(mean, keep, value)
	VMOVUPS(value, mean)
}

// sgd writes the kernel of a step without momentum, with it, or with Nesterov's.
func (s set) sgd(way string, hasMean bool) {
	names := []string{"value", "gradient"}
	if way != "descend" {
		names = append(names, "momentum")
	}
	parameters := "value, gradient, momentum *float32, n int, factors *[6]float32"
	if way == "descend" {
		parameters = "value, gradient *float32, n int, factors *[6]float32"
	}
	name, parameters := averaged(way, parameters, hasMean)
	s.function(name, parameters, "is SGD.updateGeneric. The factors are rate, momentum, decay, "+
		"scale and the mean's two."+whole)
	factors := argument("factors")
	rate, keep := s.factor(factors, 0), s.factor(factors, 1)
	decay, scale := s.factor(factors, 2), s.factor(factors, 3)
	var keepMean, addMean VecVirtual
	if hasMean {
		names = append(names, "mean")
		keepMean, addMean = s.factor(factors, 4), s.factor(factors, 5)
	}
	p := arguments(names...)
	end := flush()
	s.flat(argument("n"), 2, func(unroll int, at places) {
		for u := range unroll {
			value, g := s.load(at(p["value"], u)), s.register()
			VMULPS(value, decay, g)
			VFMADD231PS(at(p["gradient"], u), scale, g)
			move := g
			if way != "descend" {
				move = s.load(at(p["momentum"], u))
				VFMADD213PS(g, keep, move)
				VMOVUPS(move, at(p["momentum"], u))
			}
			if way == "nesterov" {
				VFMADD213PS(g, keep, move)
			}
			VFNMADD231PS(move, rate, value)
			VMOVUPS(value, at(p["value"], u))
			if hasMean {
				follow(at(p["mean"], u), value, keepMean, addMean)
			}
		}
	})
	end()
	finish()
}

// adam writes the kernel of a step of Adam. AVX2 has no register to spare, so
// that factors are read where they are needed.
func (s set) adam(hasMean bool) {
	name, parameters := averaged("adam",
		"value, gradient, first, second *float32, n int, factors *[12][16]float32", hasMean)
	s.function(name, parameters, "is Adam.updateGeneric. The factors, each 16 times, are those of "+
		"the type in their order and the mean's two."+whole)
	names := []string{"value", "gradient", "first", "second", "factors"}
	if hasMean {
		names = append(names, "mean")
	}
	p := arguments(names...)
	factor := make([]Op, 12)
	for i := range factor {
		m := Mem{Base: p["factors"], Disp: 64 * i}
		factor[i] = m
		if s.wide && (hasMean || i < 10) {
			factor[i] = s.load(m)
		}
	}
	end := flush()
	s.flat(argument("n"), 2, func(unroll int, at places) {
		for u := range unroll {
			s.adamStep(func(name string) Mem { return at(p[name], u) }, factor, hasMean)
		}
	})
	end()
	finish()
}

func (s set) adamStep(at func(name string) Mem, factor []Op, hasMean bool) {
	const (
		scale = iota
		penalty
		beta1
		add1
		beta2
		add2
		keep
		size
		correction
		epsilon
		keepMean
		addMean
	)
	value, g := s.load(at("value")), s.load(at("gradient"))
	m, v, t := s.load(at("first")), s.load(at("second")), s.register()
	VMULPS(factor[scale], g, g)
	VFMADD231PS(factor[penalty], value, g)
	VMULPS(factor[beta1], m, m)
	VFMADD231PS(factor[add1], g, m)
	VMOVUPS(m, at("first"))
	VMULPS(factor[add2], g, t)
	VMULPS(factor[beta2], v, v)
	VFMADD231PS(t, g, v)
	VMOVUPS(v, at("second"))
	VSQRTPS(v, v)
	VMULPS(factor[correction], v, v)
	VADDPS(factor[epsilon], v, v)
	VMULPS(factor[size], m, m)
	VDIVPS(v, m, m)
	VMULPS(factor[keep], value, value)
	VSUBPS(m, value, value)
	VMOVUPS(value, at("value"))
	if hasMean {
		VMULPS(factor[addMean], value, value)
		VMOVUPS(at("mean"), t)
		VFMADD231PS(factor[keepMean], t, value)
		VMOVUPS(value, at("mean"))
	}
}
