package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// none is an index for which a shuffle gives 0.
const none = 0x80

// mix is the or of the shuffles of three registers.
func mix(from [3]VecVirtual, by [3]Mem) VecVirtual {
	out := YMM()
	VPSHUFB(by[0], from[0], out)
	for i := 1; i < 3; i++ {
		part := YMM()
		VPSHUFB(by[i], from[i], part)
		VPOR(part, out, out)
	}
	return out
}

// planes takes 32 pixels at a time: lane 0 holds the first 16, lane 1 the rest,
// as three times 16 bytes each.
func planes() {
	apart, together := [3][3]Mem{}, [3][3]Mem{}
	for c := range 3 {
		for part := range 3 {
			split, join := make([]uint8, 16), make([]uint8, 16)
			for i := range 16 {
				split[i], join[i] = none, none
				if at := 3*i + c; at/16 == part {
					split[i] = uint8(at % 16)
				}
				if at := 16*part + i; at%3 == c {
					join[i] = uint8(at / 3)
				}
			}
			apart[c][part], together[part][c] = table(split), table(join)
		}
	}

	const doc = ". n is a multiple of 32 and not 0."
	function("split", "func(red, green, blue, pix *uint8, n int)", doc)
	to := [3]GPVirtual{argument("red"), argument("green"), argument("blue")}
	pix, n := argument("pix"), argument("n")
	loop("pixels", n, 32, func() {
		var parts [3]VecVirtual
		for i := range parts {
			parts[i] = YMM()
			VMOVDQU(Mem{Base: pix, Disp: 16 * i}, parts[i].AsX())
			VINSERTI128(Imm(1), Mem{Base: pix, Disp: 16*i + 48}, parts[i], parts[i])
		}
		for c := range 3 {
			VMOVDQU(mix(parts, apart[c]), Mem{Base: to[c]})
			ADDQ(Imm(32), to[c])
		}
		ADDQ(Imm(96), pix)
	})
	finish()

	function("join", "func(pix, red, green, blue *uint8, n int)", doc)
	pix = argument("pix")
	from := [3]GPVirtual{argument("red"), argument("green"), argument("blue")}
	n = argument("n")
	loop("pixels", n, 32, func() {
		var channels [3]VecVirtual
		for c := range 3 {
			channels[c] = YMM()
			VMOVDQU(Mem{Base: from[c]}, channels[c])
			ADDQ(Imm(32), from[c])
		}
		for i := range 3 {
			part := mix(channels, together[i])
			VMOVDQU(part.AsX(), Mem{Base: pix, Disp: 16 * i})
			VEXTRACTI128(Imm(1), part, Mem{Base: pix, Disp: 16*i + 48})
		}
		ADDQ(Imm(96), pix)
	})
	finish()
}
