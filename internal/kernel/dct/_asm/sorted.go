package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// maxSorted is how many blocks one call sorts. It is known to the caller.
const maxSorted = 256

// A sorted is the transform to 8x8 samples of a row of blocks. It sorts them
// first: those with nothing but a mean are flat, those with all of their
// coefficients in the first four rows and columns have few, the others are
// full. That takes no jumps that depend on the picture. The lists hold at which
// byte of a row the samples of a block begin.
type sorted struct {
	factors                               *factors
	dst, stride, stride3, coefs, quant, k Register
	a, b, a0, a4, b0, b4                  Register // of the pair at work: coefs, rows 0 and 4
}

const transformSignature = "func(dst *uint8, stride int, coefs *int16, blocks int, " +
	"quant *[64]uint16)"

// inverse writes the transform to 8x8 samples.
func inverse() {
	TEXT("inverseAVX2", 0, transformSignature)
	Pragma("noescape")
	Doc("inverseAVX2 is Inverse of 1 to 256 blocks.")
	s, l := newSorted(), newLists()
	s.sort(l)
	s.each("flat", l.flat, l.counts, 2, s.pair(l.flat, s.fill))
	s.each("few", l.few, l.counts.Offset(8), 2, s.pair(l.few, s.transformFew))
	s.each("full", l.full, l.counts.Offset(16), 2, s.pair(l.full, s.transformFull))
	VZEROUPPER()
	RET()
}

// newSorted loads the arguments.
func newSorted() *sorted {
	s := &sorted{
		factors: constants(),
		dst:     RDI, stride: RSI, stride3: R13, coefs: RDX, quant: R8, k: R12,
		a: RAX, b: RBX, a0: RCX, a4: R9, b0: R10, b4: R11,
	}
	Load(Param("dst"), s.dst)
	Load(Param("stride"), s.stride)
	Load(Param("coefs"), s.coefs)
	Load(Param("quant"), s.quant)
	LEAQ(Mem{Base: s.stride, Index: s.stride, Scale: 2}, s.stride3)
	return s
}

// lists are those of the three kinds of blocks, and how many are flat, have
// few coefficients, are full.
type lists struct{ full, few, flat, counts Mem }

func newLists() *lists {
	const bytes = 2 * (maxSorted + 4)
	return &lists{AllocLocal(bytes), AllocLocal(bytes), AllocLocal(bytes), AllocLocal(24)}
}

// sort fills the lists. Of each block, test calls few when the carry flag tells
// that it has few coefficients, and then flat when it tells that it is flat.
func (l *lists) sort(coefs Register, test func(block Register, few, flat func())) {
	at, block, left := RAX, RBX, R12
	i, notFull, isFlat, position := RCX, R9, R10, R11
	Load(Param("blocks"), left)
	MOVQ(coefs, block)
	for _, r := range []Register{at, i, notFull, isFlat} {
		XORQ(r, r)
	}
	Label("sort")
	// A place in each list, of which one becomes part of it.
	MOVW(AX, l.flat.Idx(isFlat, 2))
	MOVQ(notFull, position)
	SUBQ(isFlat, position)
	MOVW(AX, l.few.Idx(position, 2))
	MOVQ(i, position)
	SUBQ(notFull, position)
	MOVW(AX, l.full.Idx(position, 2))
	test(block, func() { ADCQ(Imm(0), notFull) }, func() { ADCQ(Imm(0), isFlat) })
	INCQ(i)
	ADDQ(U8(128), block)
	ADDQ(Imm(8), at)
	CMPQ(i, left)
	JLT(LabelRef("sort"))
	SUBQ(notFull, i)
	SUBQ(isFlat, notFull)
	MOVQ(isFlat, l.counts)
	MOVQ(notFull, l.counts.Offset(8))
	MOVQ(i, l.counts.Offset(16))
}

// sort fills the lists.
func (s *sorted) sort(l *lists) {
	VMOVDQU(words("firstColumns", -1, -1, -1, -1, 0, 0, 0, 0), Y0)
	VMOVDQU(words("mean", -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Y1)
	VPXOR(Y2, Y2, Y2)
	l.sort(s.coefs, func(block Register, few, flat func()) {
		VMOVDQU(Mem{Base: block}, Y3)
		VMOVDQU(Mem{Base: block, Disp: 32}, Y4)
		VMOVDQU(Mem{Base: block, Disp: 64}, Y5)
		VPOR(Mem{Base: block, Disp: 96}, Y5, Y5)
		VPOR(Y3, Y4, Y6)
		VPANDN(Y6, Y0, Y6) // what is not in the first columns
		VPOR(Y5, Y6, Y6)
		VPANDN(Y3, Y1, Y3) // what is not the mean
		VPOR(Y4, Y5, Y5)
		VPOR(Y5, Y3, Y3)
		VPTEST(Y6, Y2) // sets the carry where all is zero
		few()
		VPTEST(Y3, Y2)
		flat()
	})
}

// each writes the loop over a list, by so many blocks at once: where the last
// ones are fewer, the last stands for those that are missing.
func (s *sorted) each(name string, list, count Mem, step int, work func()) {
	MOVQ(count, s.k)
	TESTQ(s.k, s.k)
	JE(LabelRef(name + "Done"))
	MOVW(list.Offset(-2).Idx(s.k, 2), AX)
	for i := range step - 1 {
		MOVW(AX, list.Offset(2*i).Idx(s.k, 2))
	}
	XORQ(s.k, s.k)
	Label(name)
	work()
	ADDQ(Imm(uint64(step)), s.k)
	CMPQ(s.k, count)
	JLT(LabelRef(name))
	Label(name + "Done")
}

// pair returns work on the next two blocks of a list.
func (s *sorted) pair(list Mem, work func()) func() {
	return func() {
		MOVWQZX(list.Idx(s.k, 2), s.a0)
		MOVWQZX(list.Offset(2).Idx(s.k, 2), s.b0)
		MOVQ(s.a0, s.a)
		SHLQ(Imm(4), s.a)
		ADDQ(s.coefs, s.a)
		MOVQ(s.b0, s.b)
		SHLQ(Imm(4), s.b)
		ADDQ(s.coefs, s.b)
		ADDQ(s.dst, s.a0)
		ADDQ(s.dst, s.b0)
		LEAQ(Mem{Base: s.a0, Index: s.stride, Scale: 4}, s.a4)
		LEAQ(Mem{Base: s.b0, Index: s.stride, Scale: 4}, s.b4)
		work()
	}
}

// fill makes two flat blocks.
func (s *sorted) fill() {
	VMOVD(Mem{Base: s.a}, X0)
	VPINSRD(Imm(1), Mem{Base: s.b}, X0, X0)
	VPBROADCASTW(Mem{Base: s.quant}, X1)
	VPMULLW(X1, X0, X0)
	VPADDSW(words("flatRound", 4), X0, X0)
	VPSRAW(Imm(3), X0, X0)
	VPADDSW(words("centre", 128), X0, X0)
	VPACKUSWB(X0, X0, X0)
	VPSHUFB(bytes("flatSpread", 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2), X0, X0)
	for i := range 8 {
		VMOVQ(X0, rowAt(s.a0, s.a4, s.stride, s.stride3, i))
		VMOVHPS(X0, rowAt(s.b0, s.b4, s.stride, s.stride3, i))
	}
	MOVW(U16(0), Mem{Base: s.a})
	MOVW(U16(0), Mem{Base: s.b})
}

// transformFull makes two blocks with any coefficients.
func (s *sorted) transformFull() {
	p, k := newPool(), s.factors
	rows := loadRows(p, s.a, s.b, s.quant, 0, 1, 2, 3, 4, 5, 6, 7)
	zero := p.get()
	clearPair(zero, s.a, s.b, 4)
	p.put(zero)
	rows = pass(p, k, rows, k.round1, 11)
	rows = transpose(p, rows)
	rows = pass(p, k, rows, k.round2, 18)
	for i, v := range toBytes(p, rows) {
		VPXOR(k.sign, v, v)
		s.store(v, 2*i)
	}
}

// store stores rows i and i+1 of both blocks.
func (s *sorted) store(v VecPhysical, i int) {
	VMOVQ(v.AsX(), rowAt(s.a0, s.a4, s.stride, s.stride3, i))
	VMOVHPS(v.AsX(), rowAt(s.a0, s.a4, s.stride, s.stride3, i+1))
	VEXTRACTI128(Imm(1), v, v.AsX())
	VMOVQ(v.AsX(), rowAt(s.b0, s.b4, s.stride, s.stride3, i))
	VMOVHPS(v.AsX(), rowAt(s.b0, s.b4, s.stride, s.stride3, i+1))
}

// transformFew makes two blocks with coefficients in the first four rows and
// columns alone. The second pass works on single rows, whose pairs of inputs it
// spreads over a vector, and so needs no transposition.
func (s *sorted) transformFew() {
	p, k := newPool(), s.factors
	rows := loadRows(p, s.a, s.b, s.quant, 0, 1, 2, 3)
	zero := p.get()
	clearPair(zero, s.a, s.b, 2)
	p.put(zero)
	in02, in13 := rows[0], rows[1]
	VPUNPCKLWD(rows[2], in02, in02)
	VPUNPCKLWD(rows[3], in13, in13)
	p.put(rows[2], rows[3])
	var out [8]VecPhysical
	for i := range 4 {
		even, odd := p.get(), p.get()
		VPMADDWD(fewFactors(i), in02, even)
		VPMADDWD(k.odd13[i], in13, odd)
		VPADDD(k.round1, even, even)
		out[i], out[7-i] = p.get(), even
		VPADDD(odd, even, out[i])
		VPSUBD(odd, even, even)
		VPSRAD(Imm(11), out[i], out[i])
		VPSRAD(Imm(11), even, even)
		p.put(odd)
	}
	p.put(in02, in13)

	order, spreads := p.get(), fewSpreads()
	VBROADCASTI128(fewOrderRow(), order)
	for i := 0; i < 8; i += 2 {
		w := out[i]
		VPACKSSDW(out[i+1], w, w)
		p.put(out[i+1])
		var both [2]VecPhysical
		for row := range both {
			e, o, sum := p.get(), p.get(), p.get()
			VPSHUFB(spreads[2*row], w, e)
			VPSHUFB(spreads[2*row+1], w, o)
			VPMADDWD(fewEvenRow(), e, e)
			VPMADDWD(fewOddRow(), o, o)
			VPADDD(fewBias(), e, e)
			VPADDD(o, e, sum)
			VPSUBD(o, e, e)
			VPSRAD(Imm(18), sum, sum)
			VPSRAD(Imm(18), e, e)
			VPACKSSDW(e, sum, sum)
			both[row] = sum
			p.put(e, o)
		}
		VPACKUSWB(both[1], both[0], w)
		VPSHUFB(order, w, w)
		s.store(w, i)
		p.put(both[0], both[1], w)
	}
}

// fewFactors are those of inputs 0 and 2 for even result i of a block with few
// coefficients.
func fewFactors(i int) Mem {
	return words("few02"+string(rune('a'+i)), 8192, [4]int16{10703, 4433, -4433, -10703}[i])
}

// The factors of inputs 0 and 2, and of 1 and 3, for the four results of a row;
// half a sample and the 128 that all samples are around; the order of the
// samples among the results, which are 0 to 3 and 7 to 4.
func fewEvenRow() Mem {
	return words("fewEven", 8192, 10703, 8192, 4433, 8192, -4433, 8192, -10703)
}
func fewOddRow() Mem {
	return words("fewOdd", 11363, 9633, 9633, -2259, 6437, -11362, 2260, -6436)
}
func fewBias() Mem { return doubles("fewBias", 128<<18+1<<17) }
func fewOrderRow() Mem {
	return bytes("fewOrder", 0, 1, 2, 3, 7, 6, 5, 4, 8, 9, 10, 11, 15, 14, 13, 12)
}

// fewSpreads are the places that repeat over a vector words 0 and 2, and 1 and
// 3, of the first of two rows, and those of the second.
func fewSpreads() (spreads [4]Mem) {
	for i := range spreads {
		word := i/2*4 + i%2
		spreads[i] = table("fewSpread"+string(rune('a'+i)), 32, func(b int) int {
			return 2*(word+b%4/2*2) + b%2
		})
	}
	return spreads
}

// clearPair clears the first vectors of two blocks.
func clearPair(zero VecPhysical, a, b Register, vectors int) {
	VPXOR(zero, zero, zero)
	for i := range vectors {
		VMOVDQU(zero, Mem{Base: a, Disp: 32 * i})
		VMOVDQU(zero, Mem{Base: b, Disp: 32 * i})
	}
}
