package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// high makes words of the lower and upper halves of the lanes of bytes, which
// become their high bytes: times 256 where the low ones are zeros.
func high(bytes, lows VecVirtual) [2]VecVirtual {
	low, up := YMM(), YMM()
	VPUNPCKLBW(bytes, lows, low)
	VPUNPCKHBW(bytes, lows, up)
	return [2]VecVirtual{low, up}
}

func tones() {
	const doc = ". n is a multiple of 32 and not 0."
	function("scale", "func(pix *uint8, n int, factor uint16, base int16, shift uint64)", doc)
	pix, n := argument("pix"), argument("n")
	factor, base, shift, zeros := words("factor"), words("base"), XMM(), zero()
	VMOVQ(Load(Param("shift"), GP64()).(GPVirtual), shift)
	loop("bytes", n, 32, func() {
		v := YMM()
		VMOVDQU(Mem{Base: pix}, v)
		halves := high(v, zeros)
		for _, h := range halves {
			VPMULHUW(factor, h, h)
			VPADDSW(base, h, h)
			VPSRAW(shift, h, h)
		}
		VPACKUSWB(halves[1], halves[0], v)
		VMOVDQU(v, Mem{Base: pix})
		ADDQ(Imm(32), pix)
	})
	finish()

	function("keep", "func(pix *uint8, n int, mask uint8)", doc)
	pix, n = argument("pix"), argument("n")
	mask := bytes("mask")
	loop("bytes", n, 32, func() {
		v := YMM()
		VPAND(Mem{Base: pix}, mask, v)
		VMOVDQU(v, Mem{Base: pix})
		ADDQ(Imm(32), pix)
	})
	finish()

	function("solarize", "func(pix *uint8, n int, threshold uint8)", doc)
	pix, n = argument("pix"), argument("n")
	threshold := bytes("threshold")
	loop("bytes", n, 32, func() {
		v, flip := YMM(), YMM()
		VMOVDQU(Mem{Base: pix}, v)
		VPMAXUB(threshold, v, flip)
		VPCMPEQB(v, flip, flip)
		VPXOR(flip, v, v)
		VMOVDQU(v, Mem{Base: pix})
		ADDQ(Imm(32), pix)
	})
	finish()

	function("sum", "func(pix *uint8, n int) uint64", doc)
	pix, n = argument("pix"), argument("n")
	total, zeros := zero(), zero()
	loop("bytes", n, 32, func() {
		s := YMM()
		VPSADBW(Mem{Base: pix}, zeros, s)
		VPADDQ(s, total, total)
		ADDQ(Imm(32), pix)
	})
	Store(sumOfQuads(total), ReturnIndex(0))
	finish()
}

// sumOfQuads adds the four 64-bit numbers of a register.
func sumOfQuads(total VecVirtual) GPVirtual {
	x, sum := XMM(), GP64()
	VEXTRACTI128(Imm(1), total, x)
	VPADDQ(total.AsX(), x, x)
	y := XMM()
	VPSRLDQ(Imm(8), x, y)
	VPADDQ(y, x, x)
	VMOVQ(x, sum)
	return sum
}
