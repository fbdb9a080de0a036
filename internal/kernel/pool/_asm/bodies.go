package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The predicates of comparisons.
const (
	greater   = 30
	unordered = 3
)

var minusInfinity, ones *Mem

// constant puts a number of 32 bits into read-only memory once.
func constant(m **Mem, name string, bits uint32) Mem {
	if *m == nil {
		c := GLOBL(name, RODATA|NOPTR)
		DATA(0, U32(bits))
		*m = &c
	}
	return **m
}

// one returns a register of ones.
func (b *body) one() VecVirtual {
	v := b.register()
	VPBROADCASTD(constant(&ones, "one", 1), v)
	return v
}

// max takes the maxima of windows. The numbers of taps are counted in a register.
func (b *body) max(places bool) {
	best, numbers := b.registers(b.vectors), b.registers(b.vectors)
	number, one, row := b.register(), VecVirtual(nil), GP64()
	for _, v := range best {
		VBROADCASTSS(constant(&minusInfinity, "minusInfinity", 0xff800000), v)
	}
	if places {
		one = b.one()
		MOVQ(b.field(jobNumber), row)
		first := b.broadcast(row)
		for _, v := range numbers {
			VMOVAPS(first, v)
		}
	}
	b.window(func(GPVirtual) {
		if places {
			VMOVAPS(b.broadcast(row), number)
			ADDQ(b.field(jobWindow), row)
		}
	}, func(at GPVirtual) {
		for i := range best {
			v := b.register()
			b.load(b.vector(at, i), b.mask, v)
			b.improve(v, best[i], number, numbers[i], places)
		}
		if places {
			VPADDD(one, number, number)
		}
	})
	to := b.address(jobTo, b.out)
	for i, v := range best {
		b.store(v, b.mask, b.vector(to, i))
	}
	if places {
		to = b.placesAt()
		for i, v := range numbers {
			b.storeBytes(v, b.mask, Mem{Base: to, Disp: i * b.lanes()})
		}
	}
}

// improve puts what is larger than the best, or no number, in its place.
func (b *body) improve(v, best, number, numbers VecVirtual, places bool) {
	if b.wide {
		isMore, isNone := K(), K()
		VCMPPS(Imm(unordered), v, v, isNone)
		VCMPPS(Imm(greater), best, v, isMore)
		KORW(isMore, isNone, isMore)
		VMOVAPS(v, isMore, best)
		if places {
			VMOVDQA32(number, isMore, numbers)
		}
		return
	}
	isMore, isNone := b.register(), b.register()
	VCMPPS(Imm(unordered), v, v, isNone)
	VCMPPS(Imm(greater), best, v, isMore)
	VORPS(isMore, isNone, isMore)
	VBLENDVPS(isMore, v, best, best)
	if places {
		VBLENDVPS(isMore, number, numbers, numbers)
	}
}

// placesAt returns the address of the places of a window.
func (b *body) placesAt() GPVirtual {
	at := GP64()
	MOVQ(b.out, at)
	ADDQ(b.channel, at)
	SHRQ(Imm(2), at)
	ADDQ(b.field(jobPlaces), at)
	return at
}

func (b *body) mean() {
	sums, share := b.registers(b.vectors), b.register()
	for _, v := range sums {
		b.clear(v)
	}
	b.window(func(GPVirtual) {}, func(at GPVirtual) {
		for i, sum := range sums {
			if b.mask == nil {
				VADDPS(b.vector(at, i), sum, sum)
			} else {
				VADDPS(b.vector(at, i), sum, b.mask, sum)
			}
		}
	})
	VBROADCASTSS(b.field(jobShare), share)
	to := b.address(jobTo, b.out)
	for i, v := range sums {
		VMULPS(share, v, v)
		b.store(v, b.mask, b.vector(to, i))
	}
}

// read loads what lies at the window's place in the output.
func (b *body) read() []VecVirtual {
	values, from := b.registers(b.vectors), b.address(jobFrom, b.out)
	for i, v := range values {
		b.load(b.vector(from, i), b.mask, v)
	}
	return values
}

func (b *body) maxGradient() {
	values, numbers, at := b.read(), b.registers(b.vectors), b.placesAt()
	for i, v := range numbers {
		b.loadBytes(Mem{Base: at, Disp: i * b.lanes()}, b.mask, v)
	}
	first, number, one := GP64(), b.register(), b.one()
	MOVQ(b.field(jobNumber), first)
	VMOVAPS(b.broadcast(first), number)
	b.taps(func(at GPVirtual) {
		for i, v := range values {
			to := b.register()
			b.load(b.vector(at, i), b.mask, to)
			if b.wide {
				isHere := K()
				VPCMPEQD(number, numbers[i], isHere)
				VADDPS(v, to, isHere, to)
			} else {
				here := b.register()
				VPCMPEQD(number, numbers[i], here)
				VANDPS(v, here, here)
				VADDPS(here, to, to)
			}
			b.store(to, b.mask, b.vector(at, i))
		}
		VPADDD(one, number, number)
	})
}

func (b *body) meanGradient() {
	values, share := b.read(), b.register()
	VBROADCASTSS(b.field(jobShare), share)
	for _, v := range values {
		VMULPS(share, v, v)
	}
	b.taps(func(at GPVirtual) {
		for i, v := range values {
			to := b.register()
			b.load(b.vector(at, i), b.mask, to)
			VADDPS(v, to, to)
			b.store(to, b.mask, b.vector(at, i))
		}
	})
}
