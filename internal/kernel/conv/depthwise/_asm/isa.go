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

// newMask returns the mask of the first left lanes.
func (i isa) newMask(left GPVirtual) Register {
	if i.wide {
		bits, mask := GP64(), K()
		MOVQ(I32(-1), bits)
		BZHIQ(left, bits, bits)
		KMOVW(bits.As32(), mask)
		return mask
	}
	at, from, mask := GP64(), GP64(), YMM()
	LEAQ(maskTable(), at)
	MOVQ(left, from)
	NEGQ(from)
	VMOVUPS(Mem{Base: at, Index: from, Scale: 4, Disp: 32}, mask)
	return mask
}

var table *Mem

// maskTable has eight lanes that are set and eight that are not.
func maskTable() Mem {
	if table == nil {
		m := GLOBL("lanes", RODATA|NOPTR)
		for j := range 8 {
			bits := uint64(0)
			if j < 4 {
				bits-- // all
			}
			DATA(8*j, U64(bits))
		}
		table = &m
	}
	return *table
}

// load reads the lanes of a mask, or all where it is nil. Others become 0.
func (i isa) load(from Mem, mask Register, to VecVirtual) {
	switch {
	case mask == nil:
		VMOVUPS(from, to)
	case i.wide:
		VMOVUPS_Z(from, mask, to)
	default:
		VMASKMOVPS(from, mask, to)
	}
}

// store writes the lanes of a mask, or all where it is nil.
func (i isa) store(from VecVirtual, mask Register, to Mem) {
	switch {
	case mask == nil:
		VMOVUPS(from, to)
	case i.wide:
		VMOVUPS(from, mask, to)
	default:
		VMASKMOVPS(from, mask, to)
	}
}

// multiplyAdd adds factor times what lies at from to the lanes of a mask.
func (i isa) multiplyAdd(from Mem, mask Register, factor, sum VecVirtual) {
	switch {
	case mask == nil:
		VFMADD231PS(from, factor, sum)
	case i.wide:
		VFMADD231PS(from, factor, mask, sum)
	default:
		v := YMM()
		VMASKMOVPS(from, mask, v)
		VFMADD231PS(v, factor, sum)
	}
}
