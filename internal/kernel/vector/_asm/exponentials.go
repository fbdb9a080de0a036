package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// expTerms are those of the room above.
var expTerms = [...]float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
	4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}

const (
	log2e   = 1.44269504088896340736
	ln2High = 0.693359375
	ln2Low  = -2.12194440e-4
	lowest  = -87.33654
)

// exponentials writes the kernel of exp, two registers at a time.
func (s set) exponentials() {
	s.function("exponentials", "sums, to, x *float32, n int, shift float32",
		"writes exp(x - shift) and adds it to the sums, lane by lane."+whole)
	p, shift := arguments("sums", "to", "x"), s.float("shift")
	sums := []VecVirtual{s.load(Mem{Base: p["sums"]}), s.zero()}
	low := s.load(constant(lowest))
	s.flat(argument("n"), 2, func(unroll int, at places) {
		for u := range unroll {
			x := s.load(at(p["x"], u))
			VSUBPS(shift, x, x)
			e := s.exp(x, low)
			VMOVUPS(e, at(p["to"], u))
			VADDPS(e, sums[u], sums[u])
		}
	})
	VADDPS(sums[1], sums[0], sums[0])
	VMOVUPS(sums[0], Mem{Base: p["sums"]})
	finish()
}

// exp returns e to the power of x, which it uses up.
func (s set) exp(x, low VecVirtual) VecVirtual {
	const notLess = 5
	n, r, power, e := s.register(), s.register(), s.register(), s.load(constant(expTerms[0]))
	var mask VecVirtual
	var lanes Register
	if s.wide {
		lanes = K()
		VCMPPS(Imm(notLess), low, x, lanes)
	} else {
		mask = s.register()
		VCMPPS(Imm(notLess), low, x, mask)
	}
	VMAXPS(x, low, r)
	VMULPS(constant(log2e), r, n)
	if s.wide {
		VRNDSCALEPS(Imm(0), n, n)
	} else {
		VROUNDPS(Imm(0), n, n)
	}
	VFNMADD231PS(constant(ln2High), n, r)
	VFNMADD231PS(constant(ln2Low), n, r)
	for _, c := range expTerms[1:] {
		VFMADD213PS(constant(c), r, e)
	}
	VMULPS(r, r, power)
	VFMADD213PS(r, power, e)
	VADDPS(constant(1), e, e)
	VCVTPS2DQ(n, n)
	VPSLLD(Imm(23), n, n)
	if s.wide {
		VPADDD(table(127<<23), n, n)
		VMULPS_Z(n, e, lanes, e)
	} else {
		VPADDD(table(127<<23), n, n)
		VMULPS(n, e, e)
		VANDPS(mask, e, e)
	}
	return e
}
