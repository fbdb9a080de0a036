package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A row is a kernel of local response normalisation that goes over channels.
type row struct {
	isa
	offset GPVirtual // of the channels, in bytes
}

// channels writes a kernel; do works on one register of channels.
func (i isa) channels(name, signature string, do func(r *row) func()) {
	name += i.suffix()
	TEXT(name, NOSPLIT, "func("+signature+", n int)")
	Pragma("noescape")
	Doc(name + " works on n floats, a multiple of the lanes and not 0.")
	r := &row{isa: i, offset: GP64()}
	body := do(r)
	n := Load(Param("n"), GP64()).(GPVirtual)
	SHLQ(Imm(2), n)
	XORQ(r.offset, r.offset)
	Label("channels")
	body()
	ADDQ(Imm(uint64(4*i.lanes())), r.offset)
	CMPQ(r.offset, n)
	JLT(LabelRef("channels"))
	VZEROUPPER()
	RET()
}

// slice returns the channels of a parameter.
func (r *row) slice(name string) Mem {
	return Mem{Base: Load(Param(name), GP64()).(GPVirtual), Index: r.offset, Scale: 1}
}

func (r *row) read(m Mem) VecVirtual {
	v := r.register()
	VMOVUPS(m, v)
	return v
}

func (r *row) number(name string) VecVirtual {
	x, v := Load(Param(name), XMM()).(VecVirtual), r.register()
	VBROADCASTSS(x, v)
	return v
}

func responses(i isa) {
	i.channels("product", "to, a, b *float32", func(r *row) func() {
		to, a, b := r.slice("to"), r.slice("a"), r.slice("b")
		return func() {
			v := r.read(a)
			VMULPS(b, v, v)
			VMOVUPS(v, to)
		}
	})
	i.channels("brackets", "to, neighbours *float32, size int, scale, k float32",
		func(r *row) func() {
			to, from := r.slice("to"), r.slice("neighbours")
			size := Load(Param("size"), GP64()).(GPVirtual)
			scale, k := r.number("scale"), r.number("k")
			return func() {
				v, at, left := r.register(), GP64(), GP64()
				r.clear(v)
				LEAQ(from, at)
				MOVQ(size, left)
				Label("neighbours")
				VADDPS(Mem{Base: at}, v, v)
				ADDQ(Imm(4), at)
				DECQ(left)
				JNZ(LabelRef("neighbours"))
				VFMADD213PS(k, scale, v)
				VMOVUPS(v, to)
			}
		})
	i.channels("power", "to, x *float32, one float32", func(r *row) func() {
		to, x, one := r.slice("to"), r.slice("x"), r.number("one")
		return func() {
			v, root := r.register(), r.register()
			VSQRTPS(x, v)
			VSQRTPS(v, root)
			VMULPS(v, root, v)
			VDIVPS(v, one, v)
			VMOVUPS(v, to)
		}
	})
	i.channels("ratio", "to, grad, x, factors, sums *float32", func(r *row) func() {
		to, grad, x := r.slice("to"), r.slice("grad"), r.slice("x")
		factors, sums := r.slice("factors"), r.slice("sums")
		return func() {
			v := r.read(grad)
			VMULPS(x, v, v)
			VMULPS(factors, v, v)
			VDIVPS(sums, v, v)
			VMOVUPS(v, to)
		}
	})
	i.channels("collect", "to, grad, factors, x, sums *float32, scale float32",
		func(r *row) func() {
			to, grad, factors := r.slice("to"), r.slice("grad"), r.slice("factors")
			x, sums, scale := r.slice("x"), r.slice("sums"), r.number("scale")
			return func() {
				v, w := r.read(grad), r.register()
				VMULPS(factors, v, v)
				VADDPS(to, v, v)
				VMULPS(x, scale, w)
				VFNMADD231PS(sums, w, v)
				VMOVUPS(v, to)
			}
		})
}
