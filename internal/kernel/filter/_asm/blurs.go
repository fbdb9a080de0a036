package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func blurs() {
	blurDown()
	blurAcross()
	taps()
}

// blurDown takes 64 bytes at a time, and goes over the pairs of rows for each.
func blurDown() {
	function("blurDown", "func(dst *uint16, src *uint8, n int, rows *int, weights *uint16, "+
		"pairs int)", ". n is a multiple of 64 and not 0.")
	dst, src, n := argument("dst"), argument("src"), argument("n")
	rows, weights, pairs := argument("rows"), argument("weights"), argument("pairs")
	scale := YMM()
	VMOVDQU(table([]uint8{64}), scale)
	loop("bytes", n, 64, func() {
		var sums [4]VecVirtual
		for i := range sums {
			sums[i] = zero()
		}
		row, weight, left := GP64(), GP64(), GP64()
		MOVQ(rows, row)
		MOVQ(weights, weight)
		MOVQ(pairs, left)
		loop("pairs", left, 1, func() {
			w, a, b := YMM(), GP64(), GP64()
			VPBROADCASTW(Mem{Base: weight}, w)
			MOVQ(Mem{Base: row}, a)
			MOVQ(Mem{Base: row, Disp: 8}, b)
			for i := range 2 {
				upper, lower := YMM(), YMM()
				VMOVDQU(Mem{Base: src, Index: a, Scale: 1, Disp: 32 * i}, upper)
				VMOVDQU(Mem{Base: src, Index: b, Scale: 1, Disp: 32 * i}, lower)
				for half, pair := range high(lower, upper) {
					VPMADDUBSW(scale, pair, pair)
					VPMULHRSW(w, pair, pair)
					VPADDW(pair, sums[2*i+half], sums[2*i+half])
				}
			}
			ADDQ(Imm(16), row)
			ADDQ(Imm(2), weight)
		})
		for i := range 2 {
			first, second := YMM(), YMM()
			VPERM2I128(Imm(0x20), sums[2*i+1], sums[2*i], first)
			VPERM2I128(Imm(0x31), sums[2*i+1], sums[2*i], second)
			VMOVDQU(first, Mem{Base: dst, Disp: 64 * i})
			VMOVDQU(second, Mem{Base: dst, Disp: 64*i + 32})
		}
		ADDQ(U32(128), dst)
		ADDQ(Imm(64), src)
	})
	finish()
}

// blurAcross takes 32 bytes at a time.
func blurAcross() {
	function("blurAcross", "func(dst *uint8, src *uint16, n, step int, weights *uint16, "+
		"pairs int)", ". n is a multiple of 32 and not 0, step in bytes.")
	dst, src, n := argument("dst"), argument("src"), argument("n")
	step, weights, pairs := argument("step"), argument("weights"), argument("pairs")
	half := constant(1 << 6)
	loop("bytes", n, 32, func() {
		low, up := YMM(), YMM()
		VMOVDQU(half, low)
		VMOVDQU(half, up)
		left, right, weight, count := GP64(), GP64(), GP64(), GP64()
		MOVQ(src, left)
		MOVQ(src, right)
		MOVQ(weights, weight)
		MOVQ(pairs, count)
		loop("pairs", count, 1, func() {
			w, a, b := YMM(), YMM(), YMM()
			VPBROADCASTW(Mem{Base: weight}, w)
			VMOVDQU(Mem{Base: left}, a)
			VMOVDQU(Mem{Base: left, Disp: 32}, b)
			VPAVGW(Mem{Base: right}, a, a)
			VPAVGW(Mem{Base: right, Disp: 32}, b, b)
			VPMULHRSW(w, a, a)
			VPMULHRSW(w, b, b)
			VPADDW(a, low, low)
			VPADDW(b, up, up)
			SUBQ(step, left)
			ADDQ(step, right)
			ADDQ(Imm(2), weight)
		})
		VPSRLW(Imm(7), low, low)
		VPSRLW(Imm(7), up, up)
		VPACKUSWB(up, low, low)
		VPERMQ(Imm(0xd8), low, low)
		VMOVDQU(low, Mem{Base: dst})
		ADDQ(Imm(32), dst)
		ADDQ(Imm(64), src)
	})
	finish()
}

// taps takes 64 bytes at a time.
func taps() {
	function("taps", "func(dst, src *uint8, n int, offsets *int, weights *uint16, count int, "+
		"start uint16)", ". n is a multiple of 64 and not 0.")
	dst, src, n := argument("dst"), argument("src"), argument("n")
	offsets, weights, count := argument("offsets"), argument("weights"), argument("count")
	start, zeros := words("start"), zero()
	loop("bytes", n, 64, func() {
		var sums [4]VecVirtual
		for i := range sums {
			sums[i] = YMM()
			VMOVDQA(start, sums[i])
		}
		offset, weight, left := GP64(), GP64(), GP64()
		MOVQ(offsets, offset)
		MOVQ(weights, weight)
		MOVQ(count, left)
		loop("taps", left, 1, func() {
			w, at := YMM(), GP64()
			VPBROADCASTW(Mem{Base: weight}, w)
			MOVQ(Mem{Base: offset}, at)
			for i := range 2 {
				v := YMM()
				VMOVDQU(Mem{Base: src, Index: at, Scale: 1, Disp: 32 * i}, v)
				for half, h := range high(v, zeros) {
					VPMULHUW(w, h, h)
					VPADDW(h, sums[2*i+half], sums[2*i+half])
				}
			}
			ADDQ(Imm(8), offset)
			ADDQ(Imm(2), weight)
		})
		for i := range 2 {
			low, up := sums[2*i], sums[2*i+1]
			VPSRLW(Imm(8), low, low)
			VPSRLW(Imm(8), up, up)
			VPACKUSWB(up, low, low)
			VMOVDQU(low, Mem{Base: dst, Disp: 32 * i})
		}
		ADDQ(Imm(64), dst)
		ADDQ(Imm(64), src)
	})
	finish()
}

// sharpen takes 16 bytes at a time.
func sharpen() {
	six, thirteenth := constant(6), constant(5042)
	function("sharpen", "func(dst, above, own, below *uint8, n, step int, smooth int16, "+
		"shift uint64)", ". n is a multiple of 16 and not 0.")
	dst := argument("dst")
	rows := [3]GPVirtual{argument("above"), argument("own"), argument("below")}
	n, right := argument("n"), argument("step")
	left := GP64()
	MOVQ(right, left)
	NEGQ(left)
	smooth, shift := words("smooth"), XMM()
	VMOVQ(Load(Param("shift"), GP64()).(GPVirtual), shift)
	loop("bytes", n, 16, func() {
		own, sum := YMM(), YMM()
		VPMOVZXBW(Mem{Base: rows[1]}, own)
		VPSLLW(Imm(2), own, sum)
		VPADDW(six, sum, sum)
		VPADDW(own, sum, sum)
		add := func(m Mem) {
			v := YMM()
			VPMOVZXBW(m, v)
			VPADDW(v, sum, sum)
		}
		for i, p := range rows {
			add(Mem{Base: p, Index: left, Scale: 1})
			if i != 1 {
				add(Mem{Base: p})
			}
			add(Mem{Base: p, Index: right, Scale: 1})
		}
		VPMULHUW(thirteenth, sum, sum)
		VPSUBW(own, sum, sum)
		VPSLLW(Imm(7), sum, sum)
		VPMULHRSW(smooth, sum, sum)
		VPSLLW(shift, own, own)
		VPADDSW(sum, own, own)
		VPSRAW(shift, own, own)
		x := XMM()
		VEXTRACTI128(Imm(1), own, x)
		VPACKUSWB(x, own.AsX(), x)
		VMOVDQU(x, Mem{Base: dst})
		ADDQ(Imm(16), dst)
		for _, p := range rows {
			ADDQ(Imm(16), p)
		}
	})
	finish()
}
