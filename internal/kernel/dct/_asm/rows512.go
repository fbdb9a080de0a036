package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// mixRGB512 writes mixRGB for AVX-512 with permutations of bytes.
func mixRGB512() {
	TEXT("mixRGBAVX512", 0, mixSignature)
	Pragma("noescape")
	Doc("mixRGBAVX512 is mixRGBAVX2 of at least 64 pixels.")
	const spare = 16
	sums := AllocLocal(4 * (maxSamples + 2 + spare))
	biases := Load(Param("biases"), GP64())
	mixSums512(sums, biases)

	three, odd := ZMM(), ZMM()
	VMOVDQU64(table("three512", 64, func(i int) int { return 3 * (1 - i%2) }), three)
	VPBROADCASTW(Mem{Base: biases, Disp: 32}, odd)
	// Where the chroma of 16 pixels is in that of even and of odd ones.
	var merge, lumas [2]VecVirtual
	for half, name := range []string{"Low", "High"} {
		merge[half], lumas[half] = ZMM(), ZMM()
		VMOVDQU64(table("merge"+name, 64, func(i int) int {
			pixel := i / 4
			return []int{8*half + pixel/2 + 16*(pixel%2), 0, 0, 0}[i%4]
		}), merge[half])
		VMOVDQU64(table("luma"+name, 64, func(i int) int { return 16*half + i/4 }), lumas[half])
	}
	toBR, toG, round, order := ZMM(), ZMM(), ZMM(), ZMM()
	VPBROADCASTD(words("toBR", 29033, 22970), toBR)
	VPBROADCASTD(words("toG", -22554/2, -46802/2), toG)
	VPBROADCASTD(doubles("half", 1<<15), round)
	VMOVDQU64(table("order512", 64, func(i int) int {
		pixel := i / 3 % 16
		return 16*(pixel/4) + 2*(pixel%4) + []int{1, 8, 0}[i%3]
	}), order)
	alternate, result := K(), K()
	mask := GP64()
	MOVQ(U64(0x5555555555555555), mask)
	KMOVQ(mask, alternate)
	MOVQ(U64(1<<48-1), mask)
	KMOVQ(mask, result)

	dst, y := Load(Param("dst"), GP64()), Load(Param("y"), GP64())
	at, last, sum, out := GP64(), Load(Param("pixels"), GP64()), GP64(), GP64()
	SUBQ(Imm(32), last)
	XORQ(at, at)
	LEAQ(sums, sum)
	Label("group")
	this, even := ZMM(), ZMM()
	VPMULLW(Mem{Base: sum, Index: at, Scale: 2, Disp: 4}, three, this)
	VPADDW(Mem{Base: sum, Index: at, Scale: 2}, this, even)
	VPADDW(odd, this, this)
	VPADDW(Mem{Base: sum, Index: at, Scale: 2, Disp: 8}, this, this)
	VPSRAW(Imm(4), even, even)
	VPSRAW(Imm(4), this, this)
	luma := ZMM()
	VMOVDQU(Mem{Base: y, Index: at, Scale: 1}, luma.AsY())
	LEAQ(Mem{Base: at, Index: at, Scale: 2}, out)
	ADDQ(dst, out)
	for half := range 2 {
		v, own, ownG, br := ZMM(), ZMM(), ZMM(), ZMM()
		VMOVDQA64(merge[half], v)
		VPERMI2D(this, even, v)
		VPERMB_Z(luma, lumas[half], alternate, own)
		VPBLENDMW(round, own, alternate, ownG)
		VPADDW(v, v, v)
		VPMULHRSW(toBR, v, br)
		VPADDW(own, br, br)
		VPDPWSSD(toG, v, ownG)
		VPSRAD(Imm(16), ownG, ownG)
		VPACKUSWB(ownG, br, br)
		VPERMB(br, order, br)
		if half == 0 { // what is too much is written over
			VMOVDQU64(br, Mem{Base: out})
		} else {
			VMOVDQU8(br, result, Mem{Base: out, Disp: 48})
		}
	}
	nextWindow(at, last, 32, "group")
	VZEROUPPER()
	RET()
}

// mixSums512 is mixSums with at least 32 samples.
func mixSums512(sums Mem, biases Register) {
	turns, weights, bias := ZMM(), ZMM(), ZMM()
	VMOVDQU64(table("turns", 64, func(i int) int {
		sample := 4*(i/16) + i%8/2 + 16*(i%16/8)
		return sample + 32*(i%2)
	}), turns)
	VPBROADCASTW(words("weights", 1<<8|3), weights)
	VPBROADCASTW(Mem{Base: biases}, bias)
	cb, cbFar := Load(Param("cb"), GP64()), Load(Param("cbFar"), GP64())
	cr, crFar := Load(Param("cr"), GP64()), Load(Param("crFar"), GP64())
	at, last := GP64(), Load(Param("samples"), GP64())
	SUBQ(Imm(32), last)
	XORQ(at, at)
	sum, before := startSums(sums)
	Label("sums")
	near, far, low := ZMM(), ZMM(), ZMM()
	VMOVDQU(Mem{Base: cb, Index: at, Scale: 1}, near.AsY())
	VINSERTI64X4(Imm(1), Mem{Base: cr, Index: at, Scale: 1}, near, near)
	VMOVDQU(Mem{Base: cbFar, Index: at, Scale: 1}, far.AsY())
	VINSERTI64X4(Imm(1), Mem{Base: crFar, Index: at, Scale: 1}, far, far)
	VPERMB(near, turns, near)
	VPERMB(far, turns, far)
	VPUNPCKLBW(far, near, low)
	VPUNPCKHBW(far, near, far)
	for i, v := range []VecVirtual{low, far} {
		VPMADDUBSW(weights, v, v)
		VPADDW(bias, v, v)
		VMOVDQU64(v, Mem{Base: sum, Index: at, Scale: 4, Disp: 64 * i})
	}
	nextWindow(at, last, 32, "sums")
	endSums(sums, before)
}

// table returns the address of a constant of n bytes.
func table(name string, n int, at func(i int) int) Mem {
	var bs []uint8
	for i := range n {
		bs = append(bs, uint8(at(i)))
	}
	return bytes(name, bs...)
}
