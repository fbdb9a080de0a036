package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// registers are those of AVX2, or of AVX-512 where they are wide.
type registers struct{ wide bool }

func (r registers) vector() VecVirtual {
	if r.wide {
		return ZMM()
	}
	return YMM()
}

// broadcast fills a register with the 16-bit number at m.
func (r registers) broadcast(m Mem) VecVirtual {
	v := r.vector()
	VPBROADCASTW(m, v)
	return v
}

// where copies the words of from to those of to where a equals b.
func (r registers) where(a, b, from, to VecVirtual) {
	if r.wide {
		k := K()
		VPCMPEQW(a, b, k)
		VMOVDQU16(from, k, to)
		return
	}
	is := YMM()
	VPCMPEQW(a, b, is)
	VPBLENDVB(is, from, to, to)
}

// store writes words as bytes.
func (r registers) store(v VecVirtual, to Mem) {
	if r.wide {
		VPMOVWB(v, to)
		return
	}
	x := XMM()
	VEXTRACTI128(Imm(1), v, x)
	VPACKUSWB(x, v.AsX(), x)
	VMOVDQU(x, to)
}

// hue takes 16 pixels at a time, or 32 with wide registers.
func (r registers) hue() {
	name, pixels := "hueAVX2", 16
	if r.wide {
		name, pixels = "hueAVX512", 32
	}
	TEXT(name, NOSPLIT, "func(red, green, blue *uint8, n int, turns *[3]int16)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s is turnHueGeneric. n is a multiple of %d and not 0.", name, pixels))
	scale := r.broadcast(constant(4112))
	from, n := planeArguments(), argument("n")
	turns := argument("turns")
	var turn [3]VecVirtual
	for i := range turn {
		turn[i] = r.broadcast(Mem{Base: turns, Disp: 2 * i})
	}
	loop("pixels", n, pixels, func() {
		var v [3]VecVirtual
		for i, p := range from {
			v[i] = r.vector()
			VPMOVZXBW(Mem{Base: p}, v[i])
		}
		top, spread, sixths := r.hueOf(v)
		VPSLLW(Imm(4), top, top)
		least, most, edge := r.vector(), r.vector(), r.vector() // 16, 32 and 48 times the spread
		VPSLLW(Imm(4), spread, least)
		VPSLLW(Imm(5), spread, most)
		VPADDW(least, most, edge)
		VPSLLW(Imm(7), spread, spread)
		for i, p := range from {
			d := r.vector()
			VPMULHRSW(turn[i], spread, d)
			VPADDW(sixths, d, d)
			VPABSW(d, d)
			VPSUBW(edge, d, d)
			VPABSW(d, d)
			VPSUBUSW(d, most, d)
			VPMINSW(least, d, d)
			VPSUBW(d, top, d)
			VPMULHUW(scale, d, d)
			r.store(d, Mem{Base: p})
		}
		from.next(pixels)
	})
	finish()
}

// hueOf returns the largest channel, its distance from the smallest, and 16
// times as many sixths of a turn of the hue, as many times that distance.
func (r registers) hueOf(v [3]VecVirtual) (top, spread, sixths VecVirtual) {
	red, green, blue := v[0], v[1], v[2]
	top, spread = r.vector(), r.vector()
	VPMAXUB(red, green, top)
	VPMAXUB(blue, top, top)
	VPMINUB(red, green, spread)
	VPMINUB(blue, spread, spread)
	VPSUBW(spread, top, spread)

	sixths = r.vector() // where blue is the largest: red - green + 4 spreads
	twice, step := r.vector(), r.vector()
	VPADDW(spread, spread, twice)
	VPSUBW(green, red, sixths)
	VPADDW(twice, sixths, sixths)
	VPADDW(twice, sixths, sixths)

	VPSUBW(red, blue, step) // green: blue - red + 2 spreads
	VPADDW(twice, step, step)
	r.where(green, top, step, sixths)

	step = r.vector()
	VPSUBW(blue, green, step) // red: green - blue
	r.where(red, top, step, sixths)
	VPSLLW(Imm(4), sixths, sixths)
	return top, spread, sixths
}
