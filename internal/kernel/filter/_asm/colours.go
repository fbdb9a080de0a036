package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// channels are the addresses of the planes of red, green and blue.
type channels [3]GPVirtual

func planeArguments() channels {
	return channels{argument("red"), argument("green"), argument("blue")}
}

func (c channels) next(n int) {
	for _, p := range c {
		ADDQ(Imm(uint64(n)), p)
	}
}

// luma returns the gray values of words that are 256 times the channels.
func luma(r, g, b VecVirtual, weights [3]Mem) VecVirtual {
	gray, t := YMM(), YMM()
	VPMULHUW(weights[0], r, gray)
	VPMULHUW(weights[1], g, t)
	VPADDW(t, gray, gray)
	t = YMM()
	VPMULHUW(weights[2], b, t)
	VPADDW(t, gray, gray)
	VPSRLW(Imm(8), gray, gray)
	return gray
}

func colours() {
	weights := [3]Mem{constant(19589), constant(38470), constant(7471)}
	ones := constant(1)
	load := func(from channels, zeros VecVirtual) (halves [3][2]VecVirtual) {
		for i, p := range from {
			v := YMM()
			VMOVDQU(Mem{Base: p}, v)
			halves[i] = high(v, zeros)
		}
		return halves
	}
	const doc = ". n is a multiple of 32 and not 0."

	function("graySum", "func(red, green, blue *uint8, n int) uint64", doc)
	from, n := planeArguments(), argument("n")
	total, zeros := zero(), zero()
	loop("pixels", n, 32, func() {
		v := load(from, zeros)
		sums := YMM()
		low, up := luma(v[0][0], v[1][0], v[2][0], weights), luma(v[0][1], v[1][1], v[2][1], weights)
		VPADDW(low, up, sums)
		VPMADDWD(ones, sums, sums)
		wide := YMM()
		VPUNPCKHDQ(zeros, sums, wide)
		VPADDQ(wide, total, total)
		VPUNPCKLDQ(zeros, sums, sums)
		VPADDQ(sums, total, total)
		from.next(32)
	})
	Store(sumOfQuads(total), ReturnIndex(0))
	finish()

	function("gray", "func(red, green, blue *uint8, n int)", doc)
	from, n = planeArguments(), argument("n")
	zeros = zero()
	loop("pixels", n, 32, func() {
		v := load(from, zeros)
		low, up := luma(v[0][0], v[1][0], v[2][0], weights), luma(v[0][1], v[1][1], v[2][1], weights)
		VPACKUSWB(up, low, low)
		for _, p := range from {
			VMOVDQU(low, Mem{Base: p})
		}
		from.next(32)
	})
	finish()

	function("saturate", "func(red, green, blue *uint8, n int, factor uint16, gray int16, "+
		"shift uint64)", doc)
	from, n = planeArguments(), argument("n")
	factor, share, shift := words("factor"), words("gray"), XMM()
	VMOVQ(Load(Param("shift"), GP64()).(GPVirtual), shift)
	zeros = zero()
	loop("pixels", n, 32, func() {
		var low [3]VecVirtual
		for half := range 2 {
			var v [3]VecVirtual
			for i, p := range from {
				v[i] = YMM()
				VMOVDQU(Mem{Base: p}, v[i])
				if half == 0 {
					VPUNPCKLBW(v[i], zeros, v[i])
				} else {
					VPUNPCKHBW(v[i], zeros, v[i])
				}
			}
			base := luma(v[0], v[1], v[2], weights)
			VPSLLW(Imm(7), base, base)
			VPMULHRSW(share, base, base)
			for i, p := range from {
				VPMULHUW(factor, v[i], v[i])
				VPADDSW(base, v[i], v[i])
				VPSRAW(shift, v[i], v[i])
				if half == 1 {
					VPACKUSWB(v[i], low[i], low[i])
					VMOVDQU(low[i], Mem{Base: p})
				}
			}
			if half == 0 {
				low = v
			}
		}
		from.next(32)
	})
	finish()
}
