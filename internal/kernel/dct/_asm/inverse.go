package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// factors are pairs of factors for the inputs whose words alternate in a
// vector: (0, 4) for sum and difference, (2, 6) for high and low, (1, 3) and
// (5, 7) for the four results of the odd part. They are what the factors of
// the generic twin's butterfly sum up to, so each is a little beside the
// rounded cosine in a way of its own.
type factors struct {
	sum, difference, high, low Mem
	odd13, odd57               [4]Mem
	round1, round2, sign       Mem
}

func constants() *factors {
	return &factors{
		sum:        words("sum", 8192, 8192),
		difference: words("difference", 8192, -8192),
		high:       words("high", 10703, 4433),
		low:        words("low", 4433, -10704),
		odd13: [4]Mem{
			words("odd13a", 11363, 9633), words("odd13b", 9633, -2259),
			words("odd13c", 6437, -11362), words("odd13d", 2260, -6436),
		},
		odd57: [4]Mem{
			words("odd57a", 6437, 2260), words("odd57b", -11362, -6436),
			words("odd57c", 2261, 9633), words("odd57d", 9633, -11363),
		},
		round1: doubles("round1", 1<<10),
		round2: doubles("round2", 1<<17),
		sign:   words("sign", -0x7f80),
	}
}

// rowAt returns where row i of 8 begins.
func rowAt(row0, row4, stride, stride3 Register, i int) Mem {
	base := row0
	if i >= 4 {
		base = row4
	}
	switch i % 4 {
	case 0:
		return Mem{Base: base}
	case 1:
		return Mem{Base: base, Index: stride, Scale: 1}
	case 2:
		return Mem{Base: base, Index: stride, Scale: 2}
	}
	return Mem{Base: base, Index: stride3, Scale: 1}
}

// loadRows loads and dequantises some of the rows of two blocks.
func loadRows(p *pool, a, b, quant Register, which ...int) (rows [8]VecPhysical) {
	q := p.get()
	for _, i := range which {
		rows[i] = p.get()
		VMOVDQU(Mem{Base: a, Disp: 16 * i}, rows[i].AsX())
		VINSERTI128(Imm(1), Mem{Base: b, Disp: 16 * i}, rows[i], rows[i])
		VBROADCASTI128(Mem{Base: quant, Disp: 16 * i}, q)
		VPMULLW(q, rows[i], rows[i])
	}
	p.put(q)
	return rows
}

// pass transforms 16 columns of 8 words, and shifts and narrows the results.
func pass(p *pool, k *factors, in [8]VecPhysical, round Mem, shift uint64) (out [8]VecPhysical) {
	var pairs [2][4]VecPhysical // low and high halves of (0,4), (2,6), (1,3), (5,7)
	for i, pair := range [4][2]int{{0, 4}, {2, 6}, {1, 3}, {5, 7}} {
		first, second := in[pair[0]], in[pair[1]]
		pairs[0][i] = p.get()
		VPUNPCKLWD(second, first, pairs[0][i])
		VPUNPCKHWD(second, first, second)
		pairs[1][i] = second
		p.put(first)
	}
	for half, pair := range pairs {
		even := evenPart(p, k, pair[0], pair[1], round)
		for i, e := range even {
			o, o57 := p.get(), p.get()
			VPMADDWD(k.odd13[i], pair[2], o)
			VPMADDWD(k.odd57[i], pair[3], o57)
			VPADDD(o57, o, o)
			VPADDD(o, e, o57)
			VPSUBD(o, e, e)
			p.put(o)
			VPSRAD(Imm(shift), o57, o57)
			VPSRAD(Imm(shift), e, e)
			if half == 0 {
				out[i], out[7-i] = o57, e
				continue
			}
			VPACKSSDW(o57, out[i], out[i])
			VPACKSSDW(e, out[7-i], out[7-i])
			p.put(o57, e)
		}
		p.put(pair[2], pair[3])
	}
	return out
}

// evenPart returns the even part of a transform, rounded.
func evenPart(p *pool, k *factors, in04, in26 VecPhysical, round Mem) (even [4]VecPhysical) {
	difference := p.get()
	VPMADDWD(k.difference, in04, difference)
	VPMADDWD(k.sum, in04, in04)
	VPADDD(round, in04, in04)
	VPADDD(round, difference, difference)
	high := p.get()
	VPMADDWD(k.high, in26, high)
	VPMADDWD(k.low, in26, in26)
	even[3], even[2] = p.get(), p.get()
	VPSUBD(high, in04, even[3])
	VPSUBD(in26, difference, even[2])
	VPADDD(high, in04, in04)
	VPADDD(in26, difference, difference)
	even[0], even[1] = in04, difference
	p.put(high, in26)
	return even
}

// transpose exchanges rows and columns of the blocks of words.
func transpose(p *pool, in [8]VecPhysical) [8]VecPhysical {
	type instruction = func(...Op)
	stage := func(a, b VecPhysical, low, high instruction) (VecPhysical, VecPhysical) {
		t := p.get()
		low(b, a, t)
		high(b, a, b)
		p.put(a)
		return t, b
	}
	word := func(a, b VecPhysical) (VecPhysical, VecPhysical) {
		return stage(a, b, VPUNPCKLWD, VPUNPCKHWD)
	}
	double := func(a, b VecPhysical) (VecPhysical, VecPhysical) {
		return stage(a, b, VPUNPCKLDQ, VPUNPCKHDQ)
	}
	quad := func(a, b VecPhysical) (VecPhysical, VecPhysical) {
		return stage(a, b, VPUNPCKLQDQ, VPUNPCKHQDQ)
	}
	var a, b, c [8]VecPhysical
	for i := 0; i < 8; i += 2 { // a: columns 0-3 and 4-7 of two rows
		a[i], a[i+1] = word(in[i], in[i+1])
	}
	for i := 0; i < 8; i += 4 { // b: columns 0-1, 2-3, 4-5, 6-7 of four rows
		b[i], b[i+1] = double(a[i], a[i+2])
		b[i+2], b[i+3] = double(a[i+1], a[i+3])
	}
	for i := range 4 {
		c[2*i], c[2*i+1] = quad(b[i], b[i+4])
	}
	return c
}

// toBytes turns columns of words into rows of signed bytes, two rows of a block
// in each 16 bytes of a vector.
func toBytes(p *pool, in [8]VecPhysical) [4]VecPhysical {
	for i := range 4 {
		VPACKSSWB(in[i+4], in[i], in[i])
		p.put(in[i+4])
	}
	t := p.get()
	VPUNPCKLBW(in[1], in[0], t) // columns 0, 1
	VPUNPCKHBW(in[1], in[0], in[1])
	VPUNPCKLBW(in[3], in[2], in[0]) // columns 2, 3
	VPUNPCKHBW(in[3], in[2], in[3])
	c01, c45, c23, c67 := t, in[1], in[0], in[3]
	VPUNPCKLWD(c23, c01, in[2]) // columns 0-3 of rows 0-3
	VPUNPCKHWD(c23, c01, c01)
	VPUNPCKLWD(c67, c45, c23)
	VPUNPCKHWD(c67, c45, c45)
	upperLeft, lowerLeft, upperRight, lowerRight := in[2], c01, c23, c45
	out := [4]VecPhysical{c67}
	VPUNPCKLDQ(upperRight, upperLeft, out[0])
	VPUNPCKHDQ(upperRight, upperLeft, upperLeft)
	VPUNPCKLDQ(lowerRight, lowerLeft, upperRight)
	VPUNPCKHDQ(lowerRight, lowerLeft, lowerLeft)
	out[1], out[2], out[3] = upperLeft, upperRight, lowerLeft
	return out
}
