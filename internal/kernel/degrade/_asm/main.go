// Command asm writes the AVX2 kernels of the room above it.
package main

import (
	"encoding/binary"
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	convert()
	halve()
	forward()
	Generate()
}

var tables = map[string]Mem{}

// table puts 32 bytes into read-only memory.
func table(values []uint8) Mem {
	if m, ok := tables[string(values)]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("table%d", len(tables)), RODATA|NOPTR)
	for i := 0; i < 32; i += 8 {
		DATA(i, U64(binary.LittleEndian.Uint64(values[i:])))
	}
	tables[string(values)] = m
	return m
}

// pairs repeats two 16-bit numbers.
func pairs(a, b int16) Mem {
	var values []uint8
	for range 8 {
		values = binary.LittleEndian.AppendUint16(values, uint16(a))
		values = binary.LittleEndian.AppendUint16(values, uint16(b))
	}
	return table(values)
}

// dwords repeats a 32-bit number.
func dwords(v int32) Mem {
	var values []uint8
	for range 8 {
		values = binary.LittleEndian.AppendUint32(values, uint32(v))
	}
	return table(values)
}

// argument loads a parameter into a register.
func argument(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

func function(name, signature, doc string) {
	TEXT(name+"AVX2", NOSPLIT, signature)
	Pragma("noescape")
	Doc(name + "AVX2 is " + name + "Generic" + doc)
}

// loop repeats body, each time for step of the n that are left.
func loop(label string, n Register, step int, body func()) {
	Label(label)
	body()
	SUBQ(U32(step), n)
	JNZ(LabelRef(label))
	VZEROUPPER()
	RET()
}

// convert takes 16 pixels at a time.
func convert() {
	function("convert", "func(y, cb, cr, red, green, blue *uint8, n int)",
		". n is a multiple of 16 and not 0.")
	to := [3]GPVirtual{argument("y"), argument("cb"), argument("cr")}
	from := [3]GPVirtual{argument("red"), argument("green"), argument("blue")}
	n := argument("n")
	loop("pixels", n, 16, func() {
		var v [3]VecVirtual
		for i, p := range from {
			v[i] = YMM()
			VPMOVZXBW(Mem{Base: p}, v[i])
		}
		r, g, b := v[0], v[1], v[2]
		var halves [3][2]VecVirtual
		for half := range 2 {
			both := func(a, b VecVirtual) VecVirtual {
				w := YMM()
				if half == 0 {
					VPUNPCKLWD(b, a, w)
				} else {
					VPUNPCKHWD(b, a, w)
				}
				return w
			}
			sum := func(rounding int32, terms ...any) VecVirtual {
				total := YMM()
				VMOVDQU(dwords(rounding), total)
				for i := 0; i < len(terms); i += 2 {
					t := YMM()
					VPMADDWD(terms[i+1].(Mem), terms[i].(VecVirtual), t)
					VPADDD(t, total, total)
				}
				VPSRAD(Imm(16), total, total)
				return total
			}
			const half0, chroma = 1 << 15, 128<<16 + 1<<15 - 1
			rg, bg := both(r, g), both(b, g)
			halves[0][half] = sum(half0, rg, pairs(19595, 19235), bg, pairs(7471, 19235))
			halves[1][half] = sum(chroma, rg, pairs(-11059, -21709), both(b, b), pairs(16384, 16384))
			halves[2][half] = sum(chroma, bg, pairs(-5329, -27439), both(r, r), pairs(16384, 16384))
		}
		for i, p := range to {
			w, x := halves[i][0], XMM()
			VPACKUSDW(halves[i][1], w, w)
			VEXTRACTI128(Imm(1), w, x)
			VPACKUSWB(x, w.AsX(), x)
			VMOVDQU(x, Mem{Base: p})
			ADDQ(Imm(16), p)
		}
		for _, p := range from {
			ADDQ(Imm(16), p)
		}
	})
}

// halve takes 16 results at a time.
func halve() {
	function("halve", "func(dst, upper, lower *uint8, n int)", ". n is a multiple of 16 and not 0.")
	dst, upper, lower, n := argument("dst"), argument("upper"), argument("lower"), argument("n")
	ones := YMM()
	VMOVDQU(pairs(0x0101, 0x0101), ones)
	loop("results", n, 16, func() {
		sums, below, x := YMM(), YMM(), XMM()
		VMOVDQU(Mem{Base: upper}, sums)
		VMOVDQU(Mem{Base: lower}, below)
		VPMADDUBSW(ones, sums, sums)
		VPMADDUBSW(ones, below, below)
		VPADDW(below, sums, sums)
		VPADDW(pairs(1, 2), sums, sums)
		VPSRLW(Imm(2), sums, sums)
		VEXTRACTI128(Imm(1), sums, x)
		VPACKUSWB(x, sums.AsX(), x)
		VMOVDQU(x, Mem{Base: dst})
		ADDQ(Imm(16), dst)
		ADDQ(Imm(32), upper)
		ADDQ(Imm(32), lower)
	})
}

// block is one of 8x8 numbers, a row in each register.
type block [8]VecVirtual

// transposed exchanges rows and columns.
func (b block) transposed() (out block) {
	var pairs, quads block
	for i := range 4 {
		pairs[2*i], pairs[2*i+1] = YMM(), YMM()
		VPUNPCKLDQ(b[2*i+1], b[2*i], pairs[2*i])
		VPUNPCKHDQ(b[2*i+1], b[2*i], pairs[2*i+1])
	}
	for i := range 8 {
		quads[i] = YMM()
		upper, lower := pairs[i/4*4+i/2%2], pairs[i/4*4+i/2%2+2]
		if i%2 == 0 {
			VPUNPCKLQDQ(lower, upper, quads[i])
		} else {
			VPUNPCKHQDQ(lower, upper, quads[i])
		}
	}
	for i := range 4 {
		out[i], out[i+4] = YMM(), YMM()
		VPERM2I128(Imm(0x20), quads[i+4], quads[i], out[i])
		VPERM2I128(Imm(0x31), quads[i+4], quads[i], out[i+4])
	}
	return out
}

// forward takes a block at a time.
func forward() {
	function("forward", "func(coefs *int16, src *uint8, stride, n int, quant *float32)",
		" of n blocks, at least 1. The factors lie behind what is added.")
	coefs, src, stride := argument("coefs"), argument("src"), argument("stride")
	n, quant := argument("n"), argument("quant")
	loop("blocks", n, 1, func() {
		var b block
		at := GP64()
		MOVQ(src, at)
		for i := range b {
			b[i] = YMM()
			VPMOVZXBD(Mem{Base: at}, b[i])
			VPSUBD(dwords(128), b[i], b[i])
			ADDQ(stride, at)
		}
		b = transform(b.transposed(), 11, func(v VecVirtual) { VPSLLD(Imm(2), v, v) })
		b = transform(b.transposed(), 15, func(v VecVirtual) { descale(v, 2) })
		for i := 0; i < 8; i += 2 {
			first, second := quantise(b[i], quant, i), quantise(b[i+1], quant, i+1)
			VPACKSSDW(second, first, first)
			VPERMQ(Imm(0xd8), first, first)
			VMOVDQU(first, Mem{Base: coefs, Disp: 16 * i})
		}
		ADDQ(U32(128), coefs)
		ADDQ(Imm(8), src)
	})
}

// quantise divides row i of the coefficients.
func quantise(v VecVirtual, quant GPVirtual, i int) VecVirtual {
	q := YMM()
	VPABSD(v, q)
	VCVTDQ2PS(q, q)
	VADDPS(Mem{Base: quant, Disp: 32 * i}, q, q)
	VMULPS(Mem{Base: quant, Disp: 32*i + 256}, q, q)
	VCVTTPS2DQ(q, q)
	VPSIGND(v, q, q)
	return q
}

// descale divides by a power of two and rounds.
func descale(v VecVirtual, shift uint64) {
	VPADDD(dwords(1<<(shift-1)), v, v)
	VPSRAD(Imm(shift), v, v)
}

// transform applies the one-dimensional transform to the columns. What was
// multiplied with constants is shifted, the rest is treated by plain.
func transform(in block, shift uint64, plain func(VecVirtual)) (out block) {
	times := func(v VecVirtual, by int32) VecVirtual {
		p := YMM()
		VPMULLD(dwords(by), v, p)
		return p
	}
	plus := func(a, b VecVirtual) VecVirtual { s := YMM(); VPADDD(b, a, s); return s }
	minus := func(a, b VecVirtual) VecVirtual { d := YMM(); VPSUBD(b, a, d); return d }
	var sums, differences [4]VecVirtual
	for i := range 4 {
		sums[i], differences[i] = plus(in[i], in[7-i]), minus(in[i], in[7-i])
	}
	outer, inner := plus(sums[0], sums[3]), plus(sums[1], sums[2])
	outerD, innerD := minus(sums[0], sums[3]), minus(sums[1], sums[2])
	out[0], out[4] = plus(outer, inner), minus(outer, inner)
	plain(out[0])
	plain(out[4])
	z := times(plus(innerD, outerD), 4433)
	out[2], out[6] = plus(z, times(outerD, 6270)), minus(z, times(innerD, 15137))

	t7, t6, t5, t4 := differences[0], differences[1], differences[2], differences[3]
	z3, z4 := plus(t4, t6), plus(t5, t7)
	z5 := times(plus(z3, z4), 9633)
	z3, z4 = plus(z5, times(z3, -16069)), plus(z5, times(z4, -3196))
	z1, z2 := times(plus(t4, t7), -7373), times(plus(t5, t6), -20995)
	odd := func(t VecVirtual, by int32, a, b VecVirtual) VecVirtual {
		return plus(plus(times(t, by), a), b)
	}
	out[7], out[5] = odd(t4, 2446, z1, z3), odd(t5, 16819, z2, z4)
	out[3], out[1] = odd(t6, 25172, z2, z3), odd(t7, 12299, z1, z4)
	for _, i := range []int{1, 2, 3, 5, 6, 7} {
		descale(out[i], shift)
	}
	return out
}
