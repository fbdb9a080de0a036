// Command asm writes the AVX2 kernels of the room above it.
package main

import (
	"encoding/binary"
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	expand()
	for _, isLinear := range []bool{false, true} {
		for _, isFlat := range []bool{true, false} {
			for _, channels := range []int{3, 1} {
				row(isLinear, isFlat, channels)
			}
		}
	}
	Generate()
}

var tables int

// table puts 64-bit numbers into read-only memory.
func table(values ...uint64) Mem {
	tables++
	m := GLOBL(fmt.Sprintf("table%d", tables), RODATA|NOPTR)
	for i, v := range values {
		DATA(8*i, U64(v))
	}
	return m
}

// lanes puts 16 bytes, twice, into read-only memory.
func lanes(values ...uint8) Mem {
	low, high := binary.LittleEndian.Uint64(values), binary.LittleEndian.Uint64(values[8:])
	return table(low, high, low, high)
}

// floats puts eight numbers into read-only memory.
func floats(of func(i int) float32) Mem {
	var values [4]uint64
	for i := range 8 {
		values[i/2] |= uint64(math.Float32bits(of(i))) << (32 * (i % 2))
	}
	return table(values[:]...)
}

func all(v float32) Mem { return floats(func(int) float32 { return v }) }

// argument loads a parameter into a register.
func argument(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// expand makes dwords of pixels, 8 at a time.
func expand() {
	TEXT("expandAVX2", NOSPLIT, "func(dst *uint32, src *uint8, n int)")
	Pragma("noescape")
	Doc("expandAVX2 is expandGeneric of RGB pixels. n is a multiple of 8 and not 0; it reads 28",
		"bytes for the last 8 pixels.")
	dst, src, n := argument("dst"), argument("src"), argument("n")
	apart := lanes(0, 1, 2, none, 3, 4, 5, none, 6, 7, 8, none, 9, 10, 11, none)
	Label("pixels")
	v := YMM()
	VMOVDQU(Mem{Base: src}, v.AsX())
	VINSERTI128(Imm(1), Mem{Base: src, Disp: 12}, v, v)
	VPSHUFB(apart, v, v)
	VMOVDQU(v, Mem{Base: dst})
	ADDQ(Imm(24), src)
	ADDQ(Imm(32), dst)
	SUBQ(Imm(8), n)
	JNZ(LabelRef("pixels"))
	VZEROUPPER()
	RET()
}

// none is an index for which a shuffle gives 0.
const none = 0x80

// The offsets of the fields of type line.
const (
	lineX, lineXStep, lineY, lineYStep, lineW, lineWStep = 0, 4, 8, 12, 16, 20
	lineRight, lineBottom, lineStride                    = 24, 28, 32
)

// row writes the kernel of a row, 8 pixels at a time.
func row(isLinear, isFlat bool, channels int) {
	name := map[bool]string{false: "nearest", true: "linear"}[isLinear] +
		map[bool]string{false: "Perspective", true: "Affine"}[isFlat] + fmt.Sprint(channels) + "AVX2"
	TEXT(name, NOSPLIT, "func(dst *uint8, n, first int, src *uint32, at *float32)")
	Pragma("noescape")
	Doc(name + " is a row. n is a multiple of 8 and not 0.")
	dst, n, first := argument("dst"), argument("n"), argument("first")
	src, at := argument("src"), argument("at")
	x, i := YMM(), XMM()
	VMOVD(first.As32(), i)
	VPBROADCASTD(i, x)
	VCVTDQ2PS(x, x)
	VADDPS(floats(func(i int) float32 { return float32(i) }), x, x)
	step := GP64()
	if isLinear {
		MOVLQSX(Mem{Base: at, Disp: lineStride}, step)
		SHLQ(Imm(2), step)
	}
	Label("pixels")
	sx, sy := position(x, at, isFlat, isLinear)
	index, ix := YMM(), YMM()
	VCVTTPS2DQ(sy, index)
	VCVTTPS2DQ(sx, ix)
	var wx, wy VecVirtual
	if isLinear {
		wx, wy = fraction(sx, ix), fraction(sy, index)
	}
	stride := YMM()
	VPBROADCASTD(Mem{Base: at, Disp: lineStride}, stride)
	VPMULLD(stride, index, index)
	VPADDD(ix, index, index)
	v := gather(Mem{Base: src, Index: index, Scale: 4})
	if isLinear {
		below := GP64()
		MOVQ(src, below)
		ADDQ(step, below)
		v = mix([4]VecVirtual{
			v, gather(Mem{Base: src, Index: index, Scale: 4, Disp: 4}),
			gather(Mem{Base: below, Index: index, Scale: 4}),
			gather(Mem{Base: below, Index: index, Scale: 4, Disp: 4}),
		}, wx, wy)
	}
	store(v, dst, channels)
	VADDPS(all(8), x, x)
	ADDQ(Imm(uint64(8*channels)), dst)
	SUBQ(Imm(8), n)
	JNZ(LabelRef("pixels"))
	VZEROUPPER()
	RET()
}

// position returns from where pixels come, counted from the frame's corner.
func position(x VecVirtual, at GPVirtual, isFlat, isLinear bool) (sx, sy VecVirtual) {
	linear := func(start, step int) VecVirtual {
		v, c := YMM(), YMM()
		VBROADCASTSS(Mem{Base: at, Disp: step}, v)
		VBROADCASTSS(Mem{Base: at, Disp: start}, c)
		VMULPS(x, v, v)
		VADDPS(c, v, v)
		return v
	}
	sx, sy = linear(lineX, lineXStep), linear(lineY, lineYStep)
	if !isFlat {
		w, before, nowhere := linear(lineW, lineWStep), YMM(), YMM()
		VXORPS(before, before, before)
		VCMPPS(Imm(14), before, w, before) // w > 0
		VMOVUPS(all(-2), nowhere)
		for _, v := range []VecVirtual{sx, sy} {
			VDIVPS(w, v, v)
			VBLENDVPS(before, v, nowhere, v)
		}
	}
	frame := all(1)
	if isLinear {
		frame = all(0.5)
	}
	for i, v := range []VecVirtual{sx, sy} {
		limit := YMM()
		VADDPS(frame, v, v)
		VXORPS(limit, limit, limit)
		VMAXPS(limit, v, v)
		VBROADCASTSS(Mem{Base: at, Disp: [2]int{lineRight, lineBottom}[i]}, limit)
		VMINPS(limit, v, v)
	}
	return sx, sy
}

// fraction returns what is behind the point, in 32768ths.
func fraction(v, whole VecVirtual) VecVirtual {
	f := YMM()
	VCVTDQ2PS(whole, f)
	VSUBPS(f, v, f)
	VMULPS(all(1<<15), f, f)
	VCVTTPS2DQ(f, f)
	return f
}

func gather(m Mem) VecVirtual {
	v, mask := YMM(), YMM()
	VPCMPEQD(mask, mask, mask)
	VPXOR(v, v, v)
	VPGATHERDD(mask, m, v)
	return v
}

// mix interpolates between four pixels.
func mix(p [4]VecVirtual, wx, wy VecVirtual) VecVirtual {
	spread := [2]Mem{
		lanes(0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5),
		lanes(8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13),
	}
	half := table(0x40004000400040, 0x40004000400040, 0x40004000400040, 0x40004000400040)
	var halves [2]VecVirtual
	for i := range halves {
		unpack := func(v VecVirtual) VecVirtual { // 128 times the values
			w, zero := YMM(), YMM()
			VPXOR(zero, zero, zero)
			if i == 0 {
				VPUNPCKLBW(zero, v, w)
			} else {
				VPUNPCKHBW(zero, v, w)
			}
			VPSLLW(Imm(7), w, w)
			return w
		}
		w := YMM()
		between := func(a, b VecVirtual) {
			VPSUBW(a, b, b)
			VPMULHRSW(w, b, b)
			VPADDW(b, a, a)
		}
		VPSHUFB(spread[i], wx, w)
		upper, lower := unpack(p[0]), unpack(p[2])
		between(upper, unpack(p[1]))
		between(lower, unpack(p[3]))
		w = YMM()
		VPSHUFB(spread[i], wy, w)
		between(upper, lower)
		VPADDW(half, upper, upper)
		VPSRLW(Imm(7), upper, upper)
		halves[i] = upper
	}
	VPACKUSWB(halves[1], halves[0], halves[0])
	return halves[0]
}

// store writes 8 pixels.
func store(v VecVirtual, dst GPVirtual, channels int) {
	if channels == 1 {
		low := []uint8{0, 4, 8, 12, none, none, none, none, none, none, none, none, none, none, none, none}
		VPSHUFB(lanes(low...), v, v)
		x := XMM()
		VEXTRACTI128(Imm(1), v, x)
		VPUNPCKLDQ(x, v.AsX(), x)
		VMOVQ(x, Mem{Base: dst})
		return
	}
	VPSHUFB(lanes(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, none, none, none, none), v, v)
	order := YMM()
	VMOVDQU(table(1<<32, 4<<32|2, 6<<32|5, 7<<32|7), order)
	VPERMD(v, order, v)
	x := XMM()
	VMOVDQU(v.AsX(), Mem{Base: dst})
	VEXTRACTI128(Imm(1), v, x)
	VMOVQ(x, Mem{Base: dst, Disp: 16})
}
