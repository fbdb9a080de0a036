package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A colour holds what the conversion of pixels needs.
type colour struct {
	// Where the lumas of each half of a vector are among 16.
	luma0and8, luma4and12, luma0and4, luma8and12 VecVirtual
	toBR, toG, round, order                      VecVirtual
}

func newColour() *colour {
	c := &colour{YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), YMM()}
	VMOVDQU(lumas("luma0and8", 0, 8), c.luma0and8)
	VMOVDQU(lumas("luma4and12", 4, 12), c.luma4and12)
	VMOVDQU(lumas("luma0and4", 0, 4), c.luma0and4)
	VMOVDQU(lumas("luma8and12", 8, 12), c.luma8and12)
	// Of doubled chroma: 1.772 and 1.402 in 14 bits, of which VPMULHRSW makes
	// the generic twin's results for all 256 values; -0.34414 and -0.71414 in
	// 15 bits, exactly half the generic twin's factors.
	VMOVDQU(words("toBR", 29033, 22970), c.toBR)
	VMOVDQU(words("toG", -22554/2, -46802/2), c.toG)
	VMOVDQU(doubles("half", 1<<15), c.round)
	VBROADCASTI128(bytes("order", 1, 8, 0, 3, 10, 2, 5, 12, 4, 7, 14, 6, 128, 128, 128, 128), c.order)
	return c
}

// lumas returns the places that spread four bytes to pairs of words in each
// half of a vector.
func lumas(name string, low, high uint8) Mem {
	var at []uint8
	for _, first := range []uint8{low, high} {
		for i := range uint8(4) {
			at = append(at, first+i, 0x80, first+i, 0x80)
		}
	}
	return bytes(name, at...)
}

// convert turns v, of alternating chroma words around 0 of four pixels in each
// half, into the 12 bytes of these in each half.
func (c *colour) convert(v, lumas VecVirtual, at VecVirtual) {
	luma, lumaG, br := YMM(), YMM(), YMM()
	VPSHUFB(at, lumas, luma)
	VPBLENDW(Imm(0b01010101), c.round, luma, lumaG)
	VPADDW(v, v, v)
	VPMULHRSW(c.toBR, v, br)
	VPADDW(luma, br, br)
	VPMADDWD(c.toG, v, v)
	VPADDD(lumaG, v, v)
	VPSRAD(Imm(16), v, v)
	VPACKUSWB(v, br, v) // B R B R B R B R, then G 0 G 0 G 0 G 0
	VPSHUFB(c.order, v, v)
}

// fullRGB writes the kernel that converts pixels with chroma of their own.
func fullRGB() {
	TEXT("fullRGBAVX2", NOSPLIT, "func(dst, y, cb, cr *uint8, pixels int)")
	Pragma("noescape")
	Doc("fullRGBAVX2 is YCbCrToRGB of at least 16 pixels.")
	c := newColour()
	centre := YMM()
	VMOVDQU(words("centre", 128), centre)
	dst, y := Load(Param("dst"), GP64()), Load(Param("y"), GP64())
	cb, cr := Load(Param("cb"), GP64()), Load(Param("cr"), GP64())
	at, last, out := GP64(), Load(Param("pixels"), GP64()), GP64()
	SUBQ(Imm(16), last)
	XORQ(at, at)

	Label("group")
	b, low := XMM(), YMM()
	VMOVDQU(Mem{Base: cb, Index: at, Scale: 1}, b)
	VPUNPCKHBW(Mem{Base: cr, Index: at, Scale: 1}, b, low.AsX())
	VPUNPCKLBW(Mem{Base: cr, Index: at, Scale: 1}, b, b)
	high := YMM()
	VPMOVZXBW(low.AsX(), high)
	VPMOVZXBW(b, low)
	luma := YMM()
	VBROADCASTI128(Mem{Base: y, Index: at, Scale: 1}, luma)
	VPSUBW(centre, low, low)
	VPSUBW(centre, high, high)
	c.convert(low, luma, c.luma0and4)
	c.convert(high, luma, c.luma8and12)
	LEAQ(Mem{Base: at, Index: at, Scale: 2}, out)
	ADDQ(dst, out)
	VMOVDQU(low.AsX(), Mem{Base: out})
	VEXTRACTI128(Imm(1), low, Mem{Base: out, Disp: 12})
	VMOVDQU(high.AsX(), Mem{Base: out, Disp: 24})
	storeTwelve(high, out, 36)
	nextWindow(at, last, 16, "group")
	VZEROUPPER()
	RET()
}

// interleave writes the kernel that puts three channels into pixels.
func interleave() {
	TEXT("interleaveAVX2", NOSPLIT, "func(dst, red, green, blue *uint8, pixels int)")
	Pragma("noescape")
	Doc("interleaveAVX2 is Interleave of at least 16 pixels.")
	const none = 0x80
	// Where each 16 bytes of the result take those of a channel.
	places := func(name string, channel int) (masks [3]VecVirtual) {
		for part := range masks {
			var at []uint8
			for i := range 16 {
				if p := 16*part + i; p%3 == channel {
					at = append(at, uint8(p/3))
				} else {
					at = append(at, none)
				}
			}
			masks[part] = XMM()
			VMOVDQU(bytes(name+string(rune('0'+part)), at...), masks[part])
		}
		return masks
	}
	masks := [3][3]VecVirtual{places("red", 0), places("green", 1), places("blue", 2)}
	dst := Load(Param("dst"), GP64())
	channels := [3]Register{
		Load(Param("red"), GP64()), Load(Param("green"), GP64()), Load(Param("blue"), GP64()),
	}
	at, last, out := GP64(), Load(Param("pixels"), GP64()), GP64()
	SUBQ(Imm(16), last)
	XORQ(at, at)

	Label("group")
	LEAQ(Mem{Base: at, Index: at, Scale: 2}, out)
	ADDQ(dst, out)
	for part := range 3 {
		sum, other := XMM(), XMM()
		for i, channel := range channels {
			v := other
			if i == 0 {
				v = sum
			}
			VMOVDQU(Mem{Base: channel, Index: at, Scale: 1}, v)
			VPSHUFB(masks[i][part], v, v)
			if i > 0 {
				VPOR(v, sum, sum)
			}
		}
		VMOVDQU(sum, Mem{Base: out, Disp: 16 * part})
	}
	nextWindow(at, last, 16, "group")
	VZEROUPPER()
	RET()
}

// mixRows writes the kernel that mixes two rows three to one.
func mixRows() {
	TEXT("mixRowsAVX2", NOSPLIT, "func(dst, near, far *uint8, samples, bias int)")
	Pragma("noescape")
	Doc("mixRowsAVX2 is H1V2 of at least 32 samples.")
	weights, bias := YMM(), YMM()
	VMOVDQU(mixFactors(0), weights)
	VMOVQ(Load(Param("bias"), GP64()), bias.AsX())
	VPBROADCASTW(bias.AsX(), bias)
	dst := Load(Param("dst"), GP64())
	near, far := Load(Param("near"), GP64()), Load(Param("far"), GP64())
	at, last := GP64(), Load(Param("samples"), GP64())
	SUBQ(Imm(32), last)
	XORQ(at, at)
	Label("group")
	n, f, low := YMM(), YMM(), YMM()
	VMOVDQU(Mem{Base: near, Index: at, Scale: 1}, n)
	VMOVDQU(Mem{Base: far, Index: at, Scale: 1}, f)
	VPUNPCKLBW(f, n, low)
	VPUNPCKHBW(f, n, f)
	for _, v := range []VecVirtual{low, f} {
		VPMADDUBSW(weights, v, v)
		VPADDW(bias, v, v)
		VPSRLW(Imm(2), v, v)
	}
	VPACKUSWB(f, low, low)
	VMOVDQU(low, Mem{Base: dst, Index: at, Scale: 1})
	nextWindow(at, last, 32, "group")
	VZEROUPPER()
	RET()
}

// nextWindow goes on to the next step of a row, the last of which ends where
// the row does.
func nextWindow(at, last Register, step uint64, loop string) {
	CMPQ(at, last)
	JEQ(LabelRef(loop + "Done"))
	ADDQ(Imm(step), at)
	CMPQ(at, last)
	CMOVQGT(last, at)
	JMP(LabelRef(loop))
	Label(loop + "Done")
}
