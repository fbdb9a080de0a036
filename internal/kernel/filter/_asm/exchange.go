package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// extremes takes 96 bytes at a time: that many hold whole pixels.
func extremes() {
	function("extremes", "func(pix *uint8, n int, low, high *[96]uint8)",
		" of every 96th byte. n is a multiple of 96 and not 0.")
	pix, n := argument("pix"), argument("n")
	to := [2]GPVirtual{argument("low"), argument("high")}
	var low, high [3]VecVirtual
	for i := range low {
		low[i], high[i] = YMM(), YMM()
		VMOVDQU(Mem{Base: pix, Disp: 32 * i}, low[i])
		VMOVDQU(Mem{Base: pix, Disp: 32 * i}, high[i])
	}
	loop("bytes", n, 96, func() {
		for i := range low {
			VPMINUB(Mem{Base: pix, Disp: 32 * i}, low[i], low[i])
			VPMAXUB(Mem{Base: pix, Disp: 32 * i}, high[i], high[i])
		}
		ADDQ(Imm(96), pix)
	})
	for i := range low {
		VMOVDQU(low[i], Mem{Base: to[0], Disp: 32 * i})
		VMOVDQU(high[i], Mem{Base: to[1], Disp: 32 * i})
	}
	finish()
}

// exchange takes 192 bytes at a time, which hold whole pixels. A table of 256
// fills four registers; two of them are looked up at once.
func exchange() {
	TEXT("exchangeAVX512", NOSPLIT, "func(pix *uint8, n int, to *uint8)")
	Pragma("noescape")
	Doc("exchangeAVX512 is exchangeGeneric of three channels. n is a multiple of 192 and not 0.")
	pix, n, to := argument("pix"), argument("n"), argument("to")
	var tables [3][4]VecVirtual
	for c := range tables {
		for i := range tables[c] {
			tables[c][i] = ZMM()
			VMOVDQU64(Mem{Base: to, Disp: 256*c + 64*i}, tables[c][i])
		}
	}
	var masks [3]GPVirtual // of the bytes that are one more than a multiple of three, and so on
	for i := range masks {
		masks[i] = GP64()
		MOVQ(U64([]uint64{0x9249249249249249, 0x2492492492492492, 0x4924924924924924}[i]), masks[i])
	}
	loop("bytes", n, 192, func() {
		for part := range 3 {
			v, isHigh := ZMM(), K()
			VMOVDQU64(Mem{Base: pix, Disp: 64 * part}, v)
			VPMOVB2M(v, isHigh)
			for c := range tables {
				own, half := K(), K()
				KMOVQ(masks[(c+2*part)%3], own)
				KANDNQ(own, isHigh, half)
				VPERMI2B(tables[c][1], tables[c][0], half, v)
				KANDQ(own, isHigh, half)
				VPERMI2B(tables[c][3], tables[c][2], half, v)
			}
			VMOVDQU64(v, Mem{Base: pix, Disp: 64 * part})
		}
		ADDQ(U32(192), pix)
	})
	finish()
}
