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
	sums := allocSums()
	biases := Load(Param("biases"), GP64())
	mixSums512(biases, sums)
	endSums(sums, "")
	newColour512(biases).row(sums, "dst", "y")
	VZEROUPPER()
	RET()
}

// mixPair512 writes the kernel for the two rows of pixels between two rows of
// chroma.
func mixPair512() {
	TEXT("mixPairAVX512", 0, pairSignature)
	Pragma("noescape")
	Doc("mixPairAVX512 is mixPairAVX2 of at least 64 pixels.")
	upper, lower := allocSums(), allocSums()
	biases := Load(Param("biases"), GP64())
	mixSums512(biases, upper, lower)
	endSums(upper, "Upper")
	endSums(lower, "Lower")
	c := newColour512(biases)
	c.row(upper, "upper", "yUpper")
	c.row(lower, "lower", "yLower")
	VZEROUPPER()
	RET()
}

// A colour512 holds what the conversion of pixels needs.
type colour512 struct {
	three, odd              VecVirtual
	merge, lumas            [2]VecVirtual // for the first and the second 16 of 32 pixels
	toBR, toG, round, order VecVirtual
	alternate, result       Register
}

func newColour512(biases Register) *colour512 {
	c := &colour512{
		three: ZMM(), odd: ZMM(), toBR: ZMM(), toG: ZMM(), round: ZMM(), order: ZMM(),
		alternate: K(), result: K(),
	}
	VPBROADCASTW(words("three", 3), c.three)
	VPBROADCASTW(Mem{Base: biases, Disp: 32}, c.odd)
	for half, name := range []string{"Low", "High"} {
		c.merge[half], c.lumas[half] = ZMM(), ZMM()
		// Where the chroma of 16 pixels is in that of even and of odd ones.
		VMOVDQU64(table("merge"+name, 64, func(i int) int {
			pixel := i / 4
			return []int{8*half + pixel/2 + 16*(pixel%2), 0, 0, 0}[i%4]
		}), c.merge[half])
		VMOVDQU64(table("luma"+name, 64, func(i int) int { return 16*half + i/4 }), c.lumas[half])
	}
	VPBROADCASTD(words("toBR", 29033, 22970), c.toBR)
	VPBROADCASTD(words("toG", -22554/2, -46802/2), c.toG)
	VPBROADCASTD(doubles("half", 1<<15), c.round)
	VMOVDQU64(table("order512", 64, func(i int) int {
		pixel := i / 3 % 16
		return 16*(pixel/4) + 2*(pixel%4) + []int{1, 8, 0}[i%3]
	}), c.order)
	mask := GP64()
	MOVQ(U64(0x5555555555555555), mask)
	KMOVQ(mask, c.alternate)
	MOVQ(U64(1<<48-1), mask)
	KMOVQ(mask, c.result)
	return c
}

// row makes the row of pixels at one argument of the lumas at another.
func (c *colour512) row(sums Mem, dstName, yName string) {
	dst, y := Load(Param(dstName), GP64()), Load(Param(yName), GP64())
	at, last, sum, out := GP64(), Load(Param("pixels"), GP64()), GP64(), GP64()
	SUBQ(Imm(32), last)
	XORQ(at, at)
	LEAQ(sums, sum)
	Label(dstName)
	this, even := ZMM(), ZMM()
	VPMULLW(Mem{Base: sum, Index: at, Scale: 2, Disp: 4}, c.three, this)
	VPADDW(Mem{Base: sum, Index: at, Scale: 2}, this, even)
	VPADDW(c.odd, this, this)
	VPADDW(Mem{Base: sum, Index: at, Scale: 2, Disp: 8}, this, this)
	VPSRAW(Imm(4), even, even)
	VPSRAW(Imm(4), this, this)
	luma := ZMM()
	VMOVDQU(Mem{Base: y, Index: at, Scale: 1}, luma.AsY())
	LEAQ(Mem{Base: at, Index: at, Scale: 2}, out)
	ADDQ(dst, out)
	for half := range 2 {
		v, own, ownG, br := ZMM(), ZMM(), ZMM(), ZMM()
		VMOVDQA64(c.merge[half], v)
		VPERMI2D(this, even, v)
		VPERMB_Z(luma, c.lumas[half], c.alternate, own)
		VPBLENDMW(c.round, own, c.alternate, ownG)
		VPADDW(v, v, v)
		VPMULHRSW(c.toBR, v, br)
		VPADDW(own, br, br)
		VPDPWSSD(c.toG, v, ownG)
		VPSRAD(Imm(16), ownG, ownG)
		VPACKUSWB(ownG, br, br)
		VPERMB(br, c.order, br)
		if half == 0 { // what is too much is written over
			VMOVDQU64(br, Mem{Base: out})
		} else {
			VMOVDQU8(br, c.result, Mem{Base: out, Disp: 48})
		}
	}
	nextWindow(at, last, 32, dstName)
}

// mixSums512 is mixSums with at least 32 samples, for one row of pixels or for
// both that lie between the rows of samples.
func mixSums512(biases Register, sums ...Mem) {
	turns, bias := ZMM(), ZMM()
	VMOVDQU64(table("turns512", 64, func(i int) int {
		sample := 4*(i/16) + i%8/2 + 16*(i%16/8)
		return sample + 32*(i%2)
	}), turns)
	VPBROADCASTW(Mem{Base: biases}, bias)
	weights := []VecVirtual{ZMM(), ZMM()}[:len(sums)]
	starts := make([]Register, len(sums))
	for i := range sums {
		VPBROADCASTW(mixFactors(i), weights[i])
		starts[i] = startSums(sums[i])
	}
	cb, cbFar := Load(Param("cb"), GP64()), Load(Param("cbFar"), GP64())
	cr, crFar := Load(Param("cr"), GP64()), Load(Param("crFar"), GP64())
	at, last := GP64(), Load(Param("samples"), GP64())
	SUBQ(Imm(32), last)
	XORQ(at, at)
	Label("sums")
	near, far, low, v := ZMM(), ZMM(), ZMM(), ZMM()
	VMOVDQU(Mem{Base: cb, Index: at, Scale: 1}, near.AsY())
	VINSERTI64X4(Imm(1), Mem{Base: cr, Index: at, Scale: 1}, near, near)
	VMOVDQU(Mem{Base: cbFar, Index: at, Scale: 1}, far.AsY())
	VINSERTI64X4(Imm(1), Mem{Base: crFar, Index: at, Scale: 1}, far, far)
	VPERMB(near, turns, near)
	VPERMB(far, turns, far)
	VPUNPCKLBW(far, near, low)
	VPUNPCKHBW(far, near, far)
	for row, sum := range starts {
		for i, bytes := range []VecVirtual{low, far} {
			VPMADDUBSW(weights[row], bytes, v)
			VPADDW(bias, v, v)
			VMOVDQU64(v, Mem{Base: sum, Index: at, Scale: 4, Disp: 64 * i})
		}
	}
	nextWindow(at, last, 32, "sums")
}

// table returns the address of a constant of n bytes.
func table(name string, n int, at func(i int) int) Mem {
	var bs []uint8
	for i := range n {
		bs = append(bs, uint8(at(i)))
	}
	return bytes(name, bs...)
}
