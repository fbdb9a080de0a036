package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A frame holds the arguments of a transform of pairs of blocks.
type frame struct{ dst, stride, a, b, blocks, quant Register }

// begin starts a transform and the loop over pairs of blocks.
func begin(name, doc string) *frame {
	TEXT(name, NOSPLIT, transformSignature)
	Pragma("noescape")
	Doc(name + doc)
	f := &frame{RDI, RSI, RDX, R9, RCX, R8}
	Load(Param("dst"), f.dst)
	Load(Param("stride"), f.stride)
	Load(Param("coefs"), f.a)
	Load(Param("blocks"), f.blocks)
	Load(Param("quant"), f.quant)
	Label("pair")
	// The last of an odd number of blocks is its own neighbour.
	LEAQ(Mem{Base: f.a, Disp: 128}, f.b)
	CMPQ(f.blocks, Imm(1))
	CMOVQEQ(f.a, f.b)
	return f
}

// end stores a pair, goes on to the next one of width bytes, and stores the
// single block that may be the last.
func (f *frame) end(width int, pair, single func()) {
	CMPQ(f.blocks, Imm(1))
	JEQ(LabelRef("single"))
	pair()
	ADDQ(Imm(uint64(width)), f.dst)
	ADDQ(U32(256), f.a)
	SUBQ(Imm(2), f.blocks)
	JNE(LabelRef("pair"))
	VZEROUPPER()
	RET()
	Label("single")
	single()
	VZEROUPPER()
	RET()
}

// inverse4 writes the transform to 4x4 samples.
func inverse4() {
	dc := words("reduced4dc", 16384, 0)
	even := words("reduced4even", 15137, -6270)
	odd := [2][2]Mem{
		{words("reduced4odd0a", 20995, -4926), words("reduced4odd0b", 7373, -4176)},
		{words("reduced4odd1a", 8697, 11893), words("reduced4odd1b", -17799, -1730)},
	}
	// transform makes four results of the inputs whose words alternate: 0 and
	// any, 2 and 6, 1 and 5, 3 and 7.
	transform := func(p *pool, in0, in26, in15, in37 VecPhysical, round Mem, shift uint64) (
		out [4]VecPhysical) {
		VPMADDWD(dc, in0, in0)
		VPADDD(round, in0, in0)
		VPMADDWD(even, in26, in26)
		sum := p.get()
		VPADDD(in26, in0, sum)
		VPSUBD(in26, in0, in0)
		for i, base := range []VecPhysical{sum, in0} {
			a, b := p.get(), p.get()
			VPMADDWD(odd[i][0], in15, a)
			VPMADDWD(odd[i][1], in37, b)
			VPADDD(b, a, a)
			VPADDD(a, base, b)
			VPSUBD(a, base, base)
			VPSRAD(Imm(shift), b, b)
			VPSRAD(Imm(shift), base, base)
			out[i], out[3-i] = b, base
			p.put(a)
		}
		p.put(in26, in15, in37)
		return out
	}

	f := begin("inverse4AVX2", " is Inverse4 of at least one block.")
	p := newPool()
	rows := loadRows(p, f.a, f.b, f.quant, 0, 1, 2, 3, 5, 6, 7)
	var pairs [2][4]VecPhysical // of 0 and 0, 2 and 6, 1 and 5, 3 and 7
	for i, pair := range [4][2]int{{0, 0}, {2, 6}, {1, 5}, {3, 7}} {
		pairs[0][i], pairs[1][i] = unpackWords(p, rows[pair[0]], rows[pair[1]])
	}
	round1, round2 := doubles("round4a", 1<<11), doubles("round4b", 1<<18)
	low := transform(p, pairs[0][0], pairs[0][1], pairs[0][2], pairs[0][3], round1, 12)
	high := transform(p, pairs[1][0], pairs[1][1], pairs[1][2], pairs[1][3], round1, 12)
	for i := range low {
		VPACKSSDW(high[i], low[i], low[i])
		p.put(high[i])
	}
	zero := p.get()
	clearPair(zero, f.a, f.b, 4)
	p.put(zero)

	a0, a4 := unpackWords(p, low[0], low[1]) // columns 0-3 and 4-7 of rows 0, 1
	b0, b4 := unpackWords(p, low[2], low[3])
	c02, c46, c13, c57 := p.get(), p.get(), b0, b4
	VPUNPCKLDQ(b0, a0, c02) // columns 0 and 1
	VPUNPCKLDQ(b4, a4, c46)
	VPUNPCKHDQ(b0, a0, c13) // columns 2 and 3
	VPUNPCKHDQ(b4, a4, c57)
	p.put(a0, a4)
	in0, in15 := unpackWords(p, c02, c46)
	in26, in37 := unpackWords(p, c13, c57)
	out := transform(p, in0, in26, in15, in37, round2, 19)
	VPACKSSDW(out[1], out[0], out[0])
	VPACKSSDW(out[3], out[2], out[2])
	VPACKSSWB(out[2], out[0], out[0])
	order := p.get()
	VBROADCASTI128(bytes("square", 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), order)
	VPSHUFB(order, out[0], out[0])
	VPXOR(words("sign", -0x7f80), out[0], out[0])
	first, second := out[0].AsX(), out[1].AsX()
	VEXTRACTI128(Imm(1), out[0], second)
	stride3 := R10
	LEAQ(Mem{Base: f.stride, Index: f.stride, Scale: 2}, stride3)
	f.end(8, func() {
		upper := out[2].AsX()
		VPUNPCKLDQ(second, first, upper)
		VPUNPCKHDQ(second, first, first)
		VMOVQ(upper, rowAt(f.dst, f.dst, f.stride, stride3, 0))
		VPEXTRQ(Imm(1), upper, rowAt(f.dst, f.dst, f.stride, stride3, 1))
		VMOVQ(first, rowAt(f.dst, f.dst, f.stride, stride3, 2))
		VPEXTRQ(Imm(1), first, rowAt(f.dst, f.dst, f.stride, stride3, 3))
	}, func() {
		for i := range 4 {
			VPEXTRD(Imm(uint64(i)), first, rowAt(f.dst, f.dst, f.stride, stride3, i))
		}
	})
}

// unpackWords puts the words of a and b in turns.
func unpackWords(p *pool, a, b VecPhysical) (low, high VecPhysical) {
	low = p.get()
	VPUNPCKLWD(b, a, low)
	VPUNPCKHWD(b, a, b)
	if a != b {
		p.put(a)
	}
	return low, b
}

// inverse2 writes the transform to 2x2 samples.
func inverse2() {
	f := begin("inverse2AVX2", " is Inverse2 of at least one block.")
	p := newPool()
	rows := loadRows(p, f.a, f.b, f.quant, 0, 1, 3, 5, 7)
	dc, odd13, odd57 := words("reduced2dc", 16384, 16384), words("reduced2odd13", 29692, -10426),
		words("reduced2odd57", 6967, -5906)
	round1 := doubles("round2a", 1<<12)
	var in [2][3]VecPhysical
	for i, pair := range [3][2]int{{0, 0}, {1, 3}, {5, 7}} {
		in[0][i], in[1][i] = unpackWords(p, rows[pair[0]], rows[pair[1]])
	}
	var upper, lower [2]VecPhysical
	for half, v := range in {
		VPMADDWD(dc, v[0], v[0])
		VPMADDWD(odd13, v[1], v[1])
		VPMADDWD(odd57, v[2], v[2])
		VPADDD(round1, v[0], v[0])
		VPADDD(v[2], v[1], v[1])
		VPADDD(v[1], v[0], v[2])
		VPSUBD(v[1], v[0], v[0])
		VPSRAD(Imm(13), v[2], v[2])
		VPSRAD(Imm(13), v[0], v[0])
		upper[half], lower[half] = v[2], v[0]
		p.put(v[1])
	}
	zero := p.get()
	clearPair(zero, f.a, f.b, 4)
	p.put(zero)
	VPACKSSDW(upper[1], upper[0], upper[0])
	VPACKSSDW(lower[1], lower[0], lower[0])
	// The negative of the sums that give the left and the right sample: a
	// factor of 32768 is none of 16 bits.
	left := words("reduced2left", -32768, -29692, 0, 10426, 0, -6967, 0, 5906)
	right := words("reduced2right", -32768, 29692, 0, -10426, 0, 6967, 0, -5906)
	VPMADDWD(right, upper[0], upper[1])
	VPMADDWD(left, upper[0], upper[0])
	VPMADDWD(right, lower[0], lower[1])
	VPMADDWD(left, lower[0], lower[0])
	VPHADDD(upper[1], upper[0], upper[0])
	VPHADDD(lower[1], lower[0], lower[0])
	VPHADDD(lower[0], upper[0], upper[0])
	VMOVDQU(doubles("round2b", 1<<19), upper[1])
	VPSUBD(upper[0], upper[1], upper[0])
	VPSRAD(Imm(20), upper[0], upper[0])
	VPACKSSDW(upper[0], upper[0], upper[0])
	VPACKSSWB(upper[0], upper[0], upper[0])
	VPXOR(words("sign", -0x7f80), upper[0], upper[0])
	first, second := upper[0].AsX(), upper[1].AsX()
	VEXTRACTI128(Imm(1), upper[0], second)
	below := Mem{Base: f.dst, Index: f.stride, Scale: 1}
	f.end(4, func() {
		VPUNPCKLWD(second, first, first)
		VMOVD(first, Mem{Base: f.dst})
		VPEXTRD(Imm(1), first, below)
	}, func() {
		VPEXTRW(Imm(0), first, Mem{Base: f.dst})
		VPEXTRW(Imm(1), first, below)
	})
}
