package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A sorted512 is sorted for AVX-512: four blocks at once, whose rows are the
// four parts of a vector.
type sorted512 struct {
	*sorted
	blocks [4]Register // coefs, then samples
}

// inverse512 writes inverse for AVX-512 with dot products of words.
func inverse512() {
	TEXT("inverseAVX512", 0, transformSignature)
	Pragma("noescape")
	Doc("inverseAVX512 is inverseAVX2.")
	s := newSorted()
	w := &sorted512{s, [4]Register{RAX, RBX, RCX, R9}}
	l := newLists()
	w.sort(l)
	s.each("flat", l.flat, l.counts, 2, s.pair(l.flat, s.fill))
	w.loadFew()
	s.each("few", l.few, l.counts.Offset(8), 4, func() { w.transformFew(l.few) })
	w.loadFull()
	s.each("full", l.full, l.counts.Offset(16), 4, func() { w.transformFull(l.full) })
	VZEROUPPER()
	RET()
}

// sort is that of sorted.
func (w *sorted512) sort(l *lists) {
	VMOVDQU64(table("mean512", 64, func(i int) int { return 255 * bit(i < 2) }), Z0)
	VMOVDQU64(table("firstColumns512", 64, func(i int) int { return 255 * bit(i%16 < 8) }), Z1)
	l.sort(w.coefs, func(block Register, few, flat func()) {
		VMOVDQU64(Mem{Base: block}, Z2)
		VMOVDQU64(Mem{Base: block, Disp: 64}, Z3)
		VPANDNQ(Z2, Z1, Z4)
		VPANDNQ(Z2, Z0, Z2)
		VPORQ(Z3, Z4, Z4)
		VPORQ(Z3, Z2, Z2)
		VPTESTNMD(Z4, Z4, K1)
		KORTESTW(K1, K1) // sets the carry where all is zero
		few()
		VPTESTNMD(Z2, Z2, K1)
		KORTESTW(K1, K1)
		flat()
	})
}

func bit(is bool) int {
	if is {
		return 1
	}
	return 0
}

// find loads where the next four blocks of a list are: their coefs, or their
// samples.
func (w *sorted512) find(list Mem, samples bool) {
	for i, r := range w.blocks {
		MOVWQZX(list.Offset(2*i).Idx(w.k, 2), r)
		if samples {
			ADDQ(w.dst, r)
			continue
		}
		SHLQ(Imm(4), r)
		ADDQ(w.coefs, r)
	}
}

// load loads and dequantises rows of the four blocks and clears so many
// vectors of each.
func (w *sorted512) load(p *pool, list Mem, count, vectors int) (rows [8]VecPhysical) {
	w.find(list, false)
	quant := p.get()
	for i := range count {
		rows[i] = p.get()
		VMOVDQU64(Mem{Base: w.blocks[0], Disp: 16 * i}, rows[i].AsX())
		for part := 1; part < 4; part++ {
			VINSERTI64X2(Imm(uint64(part)), Mem{Base: w.blocks[part], Disp: 16 * i}, rows[i], rows[i])
		}
		VBROADCASTI64X2(Mem{Base: w.quant, Disp: 16 * i}, quant)
		VPMULLW(quant, rows[i], rows[i])
	}
	VPXORQ(quant, quant, quant)
	for _, block := range w.blocks {
		for i := range vectors {
			VMOVDQU64(quant, Mem{Base: block, Disp: 64 * i})
		}
	}
	p.put(quant)
	w.find(list, true)
	return rows
}

// store stores rows i and i+1 of the four blocks, those before being stored.
func (w *sorted512) store(p *pool, v VecPhysical, i int) {
	if i == 4 {
		for _, block := range w.blocks {
			LEAQ(Mem{Base: block, Index: w.stride, Scale: 4}, block)
		}
	}
	part := p.get()
	for k, block := range w.blocks {
		x := v.AsX()
		if k > 0 {
			x = part.AsX()
			VEXTRACTI64X2(Imm(uint64(k)), v, x)
		}
		VMOVQ(x, rowAt(block, nil, w.stride, w.stride3, i%4))
		VMOVHPS(x, rowAt(block, nil, w.stride, w.stride3, i%4+1))
	}
	p.put(part)
}

// Registers of constants, from Z18 on.
var constants512 = []VecPhysical{
	Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31,
}

// loadFull loads the factors of transformFull.
func (w *sorted512) loadFull() {
	k := w.factors
	for i, pair := range []Mem{
		k.sum, k.difference, k.high, k.low,
		words("minusHigh", -10703, -4433), words("minusLow", -4433, 10704),
		k.odd13[0], k.odd13[1], k.odd13[2], k.odd13[3], k.odd57[0], k.odd57[1], k.odd57[2], k.odd57[3],
	} {
		VPBROADCASTD(pair, constants512[i])
	}
}

// transformFull makes four blocks with any coefficients.
func (w *sorted512) transformFull(list Mem) {
	p := newPool512()
	rows := w.load(p, list, 8, 2)
	rows = w.pass(p, rows, w.factors.round1, 11)
	rows = transpose(p, rows)
	rows = w.pass(p, rows, w.factors.round2, 18)
	for i, v := range toBytes(p, rows) {
		VPXORD_BCST(w.factors.sign, v, v)
		w.store(p, v, 2*i)
	}
}

// pass is pass of sorted with dot products that add up.
func (w *sorted512) pass(p *pool, in [8]VecPhysical, round Mem, shift uint64) (out [8]VecPhysical) {
	var pairs [2][4]VecPhysical
	for i, pair := range [4][2]int{{0, 4}, {2, 6}, {1, 3}, {5, 7}} {
		pairs[0][i], pairs[1][i] = unpackWords(p, in[pair[0]], in[pair[1]])
	}
	c := constants512
	for half, pair := range pairs {
		var even [4]VecPhysical
		for i := range 2 { // even 0 and 3, 1 and 2
			even[i], even[3-i] = p.get(), p.get()
			VPBROADCASTD(round, even[i])
			VPDPWSSD(c[i], pair[0], even[i])
			VMOVDQA64(even[i], even[3-i])
			VPDPWSSD(c[2+i], pair[1], even[i])
			VPDPWSSD(c[4+i], pair[1], even[3-i])
		}
		p.put(pair[0], pair[1])
		for i, e := range even {
			odd, sum := p.get(), p.get()
			VPMADDWD(c[6+i], pair[2], odd)
			VPDPWSSD(c[10+i], pair[3], odd)
			VPADDD(odd, e, sum)
			VPSUBD(odd, e, e)
			p.put(odd)
			VPSRAD(Imm(shift), sum, sum)
			VPSRAD(Imm(shift), e, e)
			if half == 0 {
				out[i], out[7-i] = sum, e
				continue
			}
			VPACKSSDW(sum, out[i], out[i])
			VPACKSSDW(e, out[7-i], out[7-i])
			p.put(sum, e)
		}
		p.put(pair[2], pair[3])
	}
	return out
}

// fewConstants are those of transformFew, after the factors of its first pass.
const (
	fewEven = 8 + iota
	fewOdd
	fewRound
	fewOrder
)

// loadFew loads what transformFew needs.
func (w *sorted512) loadFew() {
	for i := range 4 {
		VPBROADCASTD(fewFactors(i), constants512[i])
		VPBROADCASTD(w.factors.odd13[i], constants512[4+i])
	}
	VBROADCASTI64X2(fewEvenRow(), constants512[fewEven])
	VBROADCASTI64X2(fewOddRow(), constants512[fewOdd])
	VPBROADCASTD(fewBias(), constants512[fewRound])
	VBROADCASTI64X2(fewOrderRow(), constants512[fewOrder])
	for i, spread := range fewSpreads() {
		VBROADCASTI64X2(spread, []VecPhysical{Z14, Z15, Z16, Z17}[i])
	}
}

// transformFew makes four blocks with few coefficients.
func (w *sorted512) transformFew(list Mem) {
	p := newPool512()
	p.free = p.free[:14] // the others hold where words are to be spread to
	c := constants512
	rows := w.load(p, list, 4, 1)
	in02, in13 := rows[0], rows[1]
	VPUNPCKLWD(rows[2], in02, in02)
	VPUNPCKLWD(rows[3], in13, in13)
	p.put(rows[2], rows[3])
	var out [8]VecPhysical
	for i := range 4 {
		even, odd, sum := p.get(), p.get(), p.get()
		VPBROADCASTD(w.factors.round1, even)
		VPDPWSSD(c[i], in02, even)
		VPMADDWD(c[4+i], in13, odd)
		VPADDD(odd, even, sum)
		VPSUBD(odd, even, even)
		VPSRAD(Imm(11), sum, sum)
		VPSRAD(Imm(11), even, even)
		out[i], out[7-i] = sum, even
		p.put(odd)
	}
	p.put(in02, in13)
	for i := 0; i < 8; i += 2 {
		v := out[i]
		VPACKSSDW(out[i+1], v, v)
		p.put(out[i+1])
		var both [2]VecPhysical
		for row := range both {
			even, pair, sum := p.get(), p.get(), p.get()
			VMOVDQA64(c[fewRound], even)
			VPSHUFB([]VecPhysical{Z14, Z16}[row], v, pair)
			VPDPWSSD(c[fewEven], pair, even)
			VPSHUFB([]VecPhysical{Z15, Z17}[row], v, pair)
			VPMADDWD(c[fewOdd], pair, pair)
			VPADDD(pair, even, sum)
			VPSUBD(pair, even, even)
			VPSRAD(Imm(18), sum, sum)
			VPSRAD(Imm(18), even, even)
			VPACKSSDW(even, sum, sum)
			both[row] = sum
			p.put(even, pair)
		}
		VPACKUSWB(both[1], both[0], v)
		VPSHUFB(c[fewOrder], v, v)
		p.put(both[0], both[1])
		w.store(p, v, i)
		p.put(v)
	}
}
