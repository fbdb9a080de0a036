package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is AVX-512 where wide, else AVX2 with FMA.
type isa struct{ wide bool }

func (i isa) suffix() string {
	if i.wide {
		return "AVX512"
	}
	return "AVX2"
}

// lanes returns the floats of a register.
func (i isa) lanes() int {
	if i.wide {
		return 16
	}
	return 8
}

func (i isa) register() VecVirtual {
	if i.wide {
		return ZMM()
	}
	return YMM()
}

func (i isa) registers(n int) []VecVirtual {
	list := make([]VecVirtual, n)
	for j := range list {
		list[j] = i.register()
	}
	return list
}

func (i isa) clear(v VecVirtual) {
	if i.wide {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// newMask returns the mask of the first left lanes, with AVX-512.
func (i isa) newMask(left GPVirtual) Register {
	bits, mask := GP64(), K()
	MOVQ(I32(-1), bits)
	BZHIQ(left, bits, bits)
	KMOVW(bits.As32(), mask)
	return mask
}

// load reads the lanes of a mask, or all where it is nil. Others become 0.
func (i isa) load(from Mem, mask Register, to VecVirtual) {
	if mask == nil {
		VMOVUPS(from, to)
	} else {
		VMOVUPS_Z(from, mask, to)
	}
}

// store writes the lanes of a mask, or all where it is nil.
func (i isa) store(from VecVirtual, mask Register, to Mem) {
	if mask == nil {
		VMOVUPS(from, to)
	} else {
		VMOVUPS(from, mask, to)
	}
}

// broadcast returns a register full of a whole number.
func (i isa) broadcast(n GPVirtual) VecVirtual {
	v := i.register()
	if i.wide {
		VPBROADCASTD(n.As32(), v)
		return v
	}
	x := XMM()
	VMOVD(n.As32(), x)
	VPBROADCASTD(x, v)
	return v
}

// loadBytes reads bytes as whole numbers of 32 bits.
func (i isa) loadBytes(from Mem, mask Register, to VecVirtual) {
	if mask == nil {
		VPMOVZXBD(from, to)
	} else {
		VPMOVZXBD_Z(from, mask, to)
	}
}

// storeBytes writes the lowest bytes of whole numbers below 256.
func (i isa) storeBytes(from VecVirtual, mask Register, to Mem) {
	switch {
	case i.wide && mask == nil:
		VPMOVDB(from, to)
	case i.wide:
		VPMOVDB(from, mask, to)
	default:
		upper := XMM()
		VPACKUSDW(from, from, from)
		VPACKUSWB(from, from, from)
		VEXTRACTI128(Imm(1), from, upper)
		VPUNPCKLDQ(upper, from.AsX(), upper)
		VMOVQ(upper, to)
	}
}
