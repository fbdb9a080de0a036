package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// maxSamples is how many chroma samples of a row one call of mixRGB mixes, and
// one beside them on each side. It is known to the caller.
const maxSamples = 256

const mixSignature = "func(dst, y, cb, cbFar, cr, crFar *uint8, " +
	"pixels, samples, before, after int, biases *[32]int16)"

const pairSignature = "func(upper, lower, yUpper, yLower, cb, cbFar, cr, crFar *uint8, " +
	"pixels, samples, before, after int, biases *[32]int16)"

// mixRGB writes the kernel that upsamples chroma by two across and converts.
func mixRGB() {
	TEXT("mixRGBAVX2", 0, mixSignature)
	Pragma("noescape")
	Doc("mixRGBAVX2 makes an even number of RGB pixels, at least 32, of as many lumas and of the",
		"chroma samples at cb and cr and at the farther cbFar and crFar: pixels/2, and those",
		"before and after them, 0 or 1. The biases are those of the sums and of odd pixels.")
	sums := allocSums()
	biases := Load(Param("biases"), GP64())
	mixSums(biases, sums)
	endSums(sums, "")
	newMixed(biases).row(sums, "dst", "y")
	VZEROUPPER()
	RET()
}

// mixPair writes the kernel for the two rows of pixels between two rows of
// chroma.
func mixPair() {
	TEXT("mixPairAVX2", 0, pairSignature)
	Pragma("noescape")
	Doc("mixPairAVX2 is mixRGBAVX2 of the upper row, and of the lower one with the nearer and the",
		"farther chroma exchanged.")
	upper, lower := allocSums(), allocSums()
	biases := Load(Param("biases"), GP64())
	mixSums(biases, upper, lower)
	endSums(upper, "Upper")
	endSums(lower, "Lower")
	m := newMixed(biases)
	m.row(upper, "upper", "yUpper")
	m.row(lower, "lower", "yLower")
	VZEROUPPER()
	RET()
}

// allocSums takes the place for the sums of a row, with as much to spare as the
// last vectors reach beyond them.
func allocSums() Mem {
	const spare = 16
	return AllocLocal(4 * (maxSamples + 2 + spare))
}

// A mixed is a colour with what upsampling needs.
type mixed struct {
	*colour
	three, odd VecVirtual
}

func newMixed(biases Register) *mixed {
	m := &mixed{newColour(), YMM(), YMM()}
	VMOVDQU(words("three", 3), m.three)
	VMOVDQU(Mem{Base: biases, Disp: 32}, m.odd)
	return m
}

// row makes the row of pixels at one argument of the lumas at another.
func (m *mixed) row(sums Mem, dstName, yName string) {
	dst, y := Load(Param(dstName), GP64()), Load(Param(yName), GP64())
	left, sum := Load(Param("pixels"), GP64()), GP64()
	LEAQ(sums, sum)
	Label(dstName)
	CMPQ(left, Imm(16))
	JLE(LabelRef(dstName + "Last"))
	low, high := m.group(sum, y)
	// The four bytes too many are those of a pixel to come.
	VMOVDQU(low.AsX(), Mem{Base: dst})
	VMOVDQU(high.AsX(), Mem{Base: dst, Disp: 12})
	VEXTRACTI128(Imm(1), low, Mem{Base: dst, Disp: 24})
	VEXTRACTI128(Imm(1), high, Mem{Base: dst, Disp: 36})
	ADDQ(Imm(48), dst)
	ADDQ(Imm(16), y)
	ADDQ(Imm(32), sum)
	SUBQ(Imm(16), left)
	JMP(LabelRef(dstName))

	Label(dstName + "Last") // ends where the row does
	SUBQ(Imm(16), left)
	ADDQ(left, y)
	LEAQ(Mem{Base: left, Index: left, Scale: 2}, left)
	ADDQ(left, dst)
	left = Load(Param("pixels"), GP64())
	LEAQ(sums.Offset(-32), sum)
	LEAQ(Mem{Base: sum, Index: left, Scale: 2}, sum)
	low, high = m.group(sum, y)
	VMOVDQU(low.AsX(), Mem{Base: dst})
	VMOVDQU(high.AsX(), Mem{Base: dst, Disp: 12})
	VEXTRACTI128(Imm(1), low, Mem{Base: dst, Disp: 24})
	storeTwelve(high, dst, 36)
}

// group makes 16 pixels: 0 to 3 and 8 to 11 in the halves of low, the others in
// those of high.
func (m *mixed) group(sum, y Register) (low, high VecVirtual) {
	this, even := YMM(), YMM()
	VPMULLW(Mem{Base: sum, Disp: 4}, m.three, this)
	VPADDW(Mem{Base: sum}, this, even)
	VPADDW(m.odd, this, this)
	VPADDW(Mem{Base: sum, Disp: 8}, this, this)
	VPSRAW(Imm(4), even, even)
	VPSRAW(Imm(4), this, this)
	low, high = YMM(), YMM()
	VPUNPCKLDQ(this, even, low)
	VPUNPCKHDQ(this, even, high)
	luma := YMM()
	VBROADCASTI128(Mem{Base: y}, luma)
	m.convert(low, luma, m.luma0and8)
	m.convert(high, luma, m.luma4and12)
	return low, high
}

// storeTwelve stores the first 12 bytes of the upper half of v.
func storeTwelve(v VecVirtual, dst Register, at int) {
	upper := XMM()
	VEXTRACTI128(Imm(1), v, upper)
	VMOVQ(upper, Mem{Base: dst, Disp: at})
	VPEXTRD(Imm(2), upper, Mem{Base: dst, Disp: at + 8})
}

// mixSums writes three times the nearer and once the farther samples of both
// planes, plus a bias, in turns, for one row of pixels or for both that lie
// between the rows of samples; the sum before the first pixel's is the first.
func mixSums(biases Register, sums ...Mem) {
	// A quarter of the samples of a plane beside that of the other, so that
	// unpacking leaves them in their order; and these in turns.
	quarters, turns, bias := YMM(), YMM(), YMM()
	VMOVDQU(table("quarters", 32, func(i int) int {
		return []int{0, 4, 2, 6, 1, 5, 3, 7}[i/4] * bit(i%4 == 0)
	}), quarters)
	VBROADCASTI128(table("turns", 16, func(i int) int { return i/8*8 + i%8/2 + i%2*4 }), turns)
	VMOVDQU(Mem{Base: biases}, bias)
	weights, starts := make([]VecVirtual, len(sums)), make([]Register, len(sums))
	for i := range sums {
		weights[i], starts[i] = YMM(), startSums(sums[i])
		VMOVDQU(mixFactors(i), weights[i])
	}
	cb, cbFar := Load(Param("cb"), GP64()), Load(Param("cbFar"), GP64())
	cr, crFar := Load(Param("cr"), GP64()), Load(Param("crFar"), GP64())
	at, last := GP64(), Load(Param("samples"), GP64())
	SUBQ(Imm(16), last)
	XORQ(at, at)
	Label("sums")
	near, far := YMM(), YMM()
	for _, v := range []struct {
		both   VecVirtual
		cb, cr Register
	}{{near, cb, cr}, {far, cbFar, crFar}} {
		VMOVDQU(Mem{Base: v.cb, Index: at, Scale: 1}, v.both.AsX())
		VINSERTI128(Imm(1), Mem{Base: v.cr, Index: at, Scale: 1}, v.both, v.both)
		VPERMD(v.both, quarters, v.both)
		VPSHUFB(turns, v.both, v.both)
	}
	low, v := YMM(), YMM()
	VPUNPCKLBW(far, near, low)
	VPUNPCKHBW(far, near, far)
	for row, sum := range starts {
		for i, bytes := range []VecVirtual{low, far} {
			VPMADDUBSW(weights[row], bytes, v)
			VPADDW(bias, v, v)
			VMOVDQU(v, Mem{Base: sum, Index: at, Scale: 4, Disp: 32 * i})
		}
	}
	nextWindow(at, last, 16, "sums")
}

// mixFactors are those of the nearer and the farther sample for the upper or
// the lower row.
func mixFactors(row int) Mem {
	if row == 0 {
		return words("weights", 1<<8|3)
	}
	return words("weightsLower", 3<<8|1)
}

// startSums returns where the first sum goes.
func startSums(sums Mem) Register {
	sum, before := GP64(), Load(Param("before"), GP64())
	LEAQ(sums.Offset(4), sum)
	SHLQ(Imm(2), before)
	SUBQ(before, sum)
	return sum
}

// endSums repeats the outermost sums at the ends of a row.
func endSums(sums Mem, name string) {
	pair, sum := GP32(), GP64()
	before, after := Load(Param("before"), GP64()), Load(Param("after"), GP64())
	TESTQ(before, before)
	JNE(LabelRef("after" + name))
	MOVL(sums.Offset(4), pair)
	MOVL(pair, sums)
	Label("after" + name)
	TESTQ(after, after)
	JNE(LabelRef("mixed" + name))
	pixels := Load(Param("pixels"), GP64())
	LEAQ(sums, sum)
	MOVL(Mem{Base: sum, Index: pixels, Scale: 2}, pair)
	MOVL(pair, Mem{Base: sum, Index: pixels, Scale: 2, Disp: 4})
	Label("mixed" + name)
}
