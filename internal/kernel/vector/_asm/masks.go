package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The constants of SplitMix64.
const (
	mixAdd    = 0x9e3779b97f4a7c15
	mixFirst  = 0xbf58476d1ce4e5b9
	mixSecond = 0x94d049bb133111eb
)

// longs returns 8 numbers in read-only memory.
func longs(name string, of func(i int) uint64) Mem {
	if m, ok := tables[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(8*i, U64(of(i)))
	}
	tables[name] = m
	return m
}

// long returns a register full of a number.
func (s set) long(v uint64) VecVirtual {
	return s.load(longs(fmt.Sprintf("long%016x", v), func(int) uint64 { return v }))
}

// A multiplier multiplies 64-bit numbers by a constant, of which the processor
// multiplies but halves.
type multiplier struct{ whole, upper VecVirtual }

func (s set) multiplier(v uint64) multiplier { return multiplier{s.long(v), s.long(v >> 32)} }

func (s set) multiply(x VecVirtual, by multiplier) {
	upper, across := s.register(), s.register()
	VPSRLQ(Imm(32), x, upper)
	VPMULUDQ(by.whole, upper, upper)
	VPMULUDQ(by.upper, x, across)
	VPADDQ(across, upper, upper)
	VPSLLQ(Imm(32), upper, upper)
	VPMULUDQ(by.whole, x, x)
	VPADDQ(upper, x, x)
}

// fold changes x to x ^ x>>n.
func (s set) fold(x VecVirtual, n uint64) {
	shifted := s.register()
	VPSRLQ(Imm(n), x, shifted)
	s.xor(shifted, x, x)
}

func (s set) xor(x, y, to VecVirtual) {
	if s.wide {
		VPXORQ(x, y, to)
	} else {
		VPXOR(x, y, to)
	}
}

// masks writes the kernel of dropout.
func (s set) masks() {
	s.function("mask", "to, x *float32, n int, key, pair uint64, threshold uint32, scale float32",
		"is Mask.applyGeneric."+whole)
	p, n := arguments("to", "x"), argument("n")
	key, pair, threshold := s.register(), s.register(), s.broadcast(parameter("threshold"))
	VPBROADCASTQ(parameter("key"), key)
	VPBROADCASTQ(parameter("pair"), pair)
	VPADDQ(longs("places", func(i int) uint64 { return uint64(i) }), pair, pair)
	scale, add, next := s.float("scale"), s.long(mixAdd), s.long(uint64(s.lanes()/2))
	first, second := s.multiplier(mixFirst), s.multiplier(mixSecond)
	s.flat(n, 2, func(unroll int, at places) {
		for u := range unroll {
			draw := s.register()
			s.xor(key, pair, draw)
			VPADDQ(add, draw, draw)
			s.fold(draw, 30)
			s.multiply(draw, first)
			s.fold(draw, 27)
			s.multiply(draw, second)
			s.fold(draw, 31)
			factor := s.keep(draw, threshold, scale)
			VMULPS(at(p["x"], u), factor, factor)
			VMOVUPS(factor, at(p["to"], u))
			VPADDQ(next, pair, pair)
		}
	})
	finish()
}

// keep returns scale where draw is not below threshold, and 0 elsewhere. It uses
// up draw.
func (s set) keep(draw, threshold, scale VecVirtual) VecVirtual {
	const notLess = 5
	factor := s.register()
	if s.wide {
		k := K()
		VPCMPUD(Imm(notLess), threshold, draw, k)
		VMOVAPS_Z(scale, k, factor)
		return factor
	}
	VPMAXUD(threshold, draw, factor)
	VPCMPEQD(factor, draw, factor)
	VANDPS(scale, factor, factor)
	return factor
}
