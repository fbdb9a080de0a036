package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (s set) bfloat() {
	s.toBFloat16()
	s.fromBFloat16()
}

// half returns the place of register u in an array of 16-bit numbers.
func (s set) half(b, i GPVirtual, u int) Mem {
	return Mem{Base: b, Index: i, Scale: 2, Disp: u * s.bytes() / 2}
}

func (s set) toBFloat16() {
	s.function("toBFloat16", "to *uint16, x *float32, n int", "is ToBFloat16."+whole)
	p, n, i := arguments("to", "x"), argument("n"), GP64()
	XORQ(i, i)
	one, half := s.load(table(1)), s.load(table(0x7fff))
	quiet := s.load(table(0x40 << 16))
	s.steps(n, i, func() {
		x, odd := s.load(Mem{Base: p["x"], Index: i, Scale: 4}), s.register()
		VPSRLD(Imm(16), x, odd)
		s.and(one, odd)
		VPADDD(half, odd, odd)
		VPADDD(x, odd, odd)
		s.keepNaN(x, odd, quiet)
		VPSRLD(Imm(16), odd, odd)
		if s.wide {
			VPMOVDW(odd, s.half(p["to"], i, 0))
			return
		}
		upper := XMM()
		VEXTRACTI128(Imm(1), odd, upper)
		VPACKUSDW(upper, odd.AsX(), upper)
		VMOVDQU(upper, s.half(p["to"], i, 0))
	})
	finish()
}

// steps runs body for i from 0 to n in steps of the lanes.
func (s set) steps(n, i GPVirtual, body func()) {
	loop, end := label("loop"), label("end")
	Label(loop)
	CMPQ(i, n)
	JGE(LabelRef(end))
	body()
	ADDQ(Imm(uint64(s.lanes())), i)
	JMP(LabelRef(loop))
	Label(end)
}

func (s set) and(mask, v VecVirtual) {
	if s.wide {
		VPANDD(mask, v, v)
	} else {
		VPAND(mask, v, v)
	}
}

// keepNaN puts x with the bit quiet into rounded where x is not a number.
func (s set) keepNaN(x, rounded, quiet VecVirtual) {
	const unordered = 3
	if s.wide {
		k := K()
		VCMPPS(Imm(unordered), x, x, k)
		VPORD(quiet, x, k, rounded)
		return
	}
	mask := s.register()
	VCMPPS(Imm(unordered), x, x, mask)
	VPOR(quiet, x, x)
	VBLENDVPS(mask, x, rounded, rounded)
}

func (s set) fromBFloat16() {
	s.function("fromBFloat16", "to *float32, x *uint16, n int", "is FromBFloat16."+whole)
	p, n, i := arguments("to", "x"), argument("n"), GP64()
	XORQ(i, i)
	s.steps(n, i, func() {
		v := s.register()
		VPMOVZXWD(s.half(p["x"], i, 0), v)
		VPSLLD(Imm(16), v, v)
		VMOVUPS(v, Mem{Base: p["to"], Index: i, Scale: 4})
	})
	finish()
}
