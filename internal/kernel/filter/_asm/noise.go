package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// dwords puts a 32-bit number, repeated, into read-only memory.
func dwords(v uint32) Mem {
	return table([]uint8{uint8(v), uint8(v >> 8), uint8(v >> 16), uint8(v >> 24)})
}

func floats(v float32) Mem { return dwords(math.Float32bits(v)) }

// The polynomials of the generic twin.
var (
	logMantissa = [...]float32{
		0.999990582, -0.499314666, 0.324849576, -0.209079534, 0.10013973, -0.023443656,
	}
	cosine = [...]float32{
		0.999999225, -19.7389774, 64.9285889, -85.2708435, 58.7869415, -21.0654297,
	}
	sine = [...]float32{6.28316069, -41.3367805, 81.4467163, -74.9030838, 33.5357056}
)

// noise takes 16 bytes at a time. The parameters are those of type noise.
func noise() {
	function("noise", "func(pix *uint8, n int, counter uint32, parameters *float32)",
		". n is a multiple of 16 and not 0.")
	pix, n := argument("pix"), argument("n")
	counters, x := YMM(), XMM()
	VMOVD(Load(Param("counter"), GP32()).(GPVirtual), x)
	parameters := argument("parameters")
	VPBROADCASTD(x, counters)
	ramp := make([]uint8, 32)
	for i := range 8 {
		ramp[4*i] = uint8(i)
	}
	VPADDD(table(ramp), counters, counters)
	parameter := func(i int) VecVirtual {
		y := YMM()
		VPBROADCASTD(Mem{Base: parameters, Disp: 4 * i}, y)
		return y
	}
	mean, sigma, key0, key1 := parameter(0), parameter(1), parameter(2), parameter(3)
	loop("bytes", n, 16, func() {
		angle, bits := YMM(), YMM()
		VPADDD(key0, counters, angle)
		scramble(angle)
		VPXOR(key1, angle, angle)
		scramble(angle)
		VPXOR(key0, angle, bits)
		VPADDD(dwords(0x9e3779b9), bits, bits)
		scramble(bits)
		r := radius(bits)

		turns, square := YMM(), YMM()
		VCVTDQ2PS(angle, turns)
		VMULPS(floats(1.0/(1<<32)), turns, turns)
		VMULPS(turns, turns, square)
		first, second := poly(square, cosine[:]), poly(square, sine[:])
		VMULPS(turns, second, second)
		for _, z := range []VecVirtual{first, second} {
			VMULPS(r, z, z)
			VMULPS(sigma, z, z)
			VADDPS(mean, z, z)
			VMAXPS(floats(-255), z, z)
			VMINPS(floats(255), z, z)
			VCVTTPS2DQ(z, z)
		}
		VPACKSSDW(second, first, first)
		VPERMQ(Imm(0xd8), first, first)
		v, up := YMM(), XMM()
		VPMOVZXBW(Mem{Base: pix}, v)
		VPADDW(first, v, v)
		VEXTRACTI128(Imm(1), v, up)
		VPACKUSWB(up, v.AsX(), up)
		VMOVDQU(up, Mem{Base: pix})
		VPADDD(dwords(8), counters, counters)
		ADDQ(Imm(16), pix)
	})
	finish()
}

// scramble turns counters into bits.
func scramble(v VecVirtual) {
	for _, step := range []struct {
		shift  uint64
		factor uint32
	}{{16, 0x7feb352d}, {15, 0x846ca68b}, {16, 0}} {
		t := YMM()
		VPSRLD(Imm(step.shift), v, t)
		VPXOR(t, v, v)
		if step.factor != 0 {
			VPMULLD(dwords(step.factor), v, v)
		}
	}
}

// radius returns the lengths of the vectors of two normal draws.
func radius(bits VecVirtual) VecVirtual {
	VPSRLD(Imm(8), bits, bits)
	VPADDD(dwords(1), bits, bits)
	VCVTDQ2PS(bits, bits)
	VMULPS(floats(1.0/(1<<24)), bits, bits)
	exponent, x := YMM(), YMM()
	VPSRLD(Imm(23), bits, exponent)
	VPSUBD(dwords(127), exponent, exponent)
	VCVTDQ2PS(exponent, exponent)
	VMULPS(floats(math.Ln2), exponent, exponent)
	VPAND(dwords(1<<23-1), bits, x)
	VPOR(dwords(127<<23), x, x)
	VSUBPS(floats(1), x, x)
	r := poly(x, logMantissa[:])
	VMULPS(x, r, r)
	VADDPS(exponent, r, r)
	VMULPS(floats(-2), r, r)
	zero := zero()
	VMAXPS(zero, r, r)
	VSQRTPS(r, r)
	return r
}

// poly returns the values of a polynomial.
func poly(x VecVirtual, factors []float32) VecVirtual {
	v := YMM()
	VMOVUPS(floats(factors[len(factors)-1]), v)
	for i := len(factors) - 2; i >= 0; i-- {
		VMULPS(x, v, v)
		VADDPS(floats(factors[i]), v, v)
	}
	return v
}
