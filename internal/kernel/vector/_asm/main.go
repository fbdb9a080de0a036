// Command asm writes the kernels of the room above it, with AVX2 and AVX-512.
package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	for _, s := range []set{{}, {wide: true}} {
		s.norms()
		s.normGradients()
		s.pointwise()
		s.sums()
		s.exponentials()
		s.updates()
		s.masks()
		s.products()
	}
	Generate()
}

// A set is the instructions of a variant.
type set struct{ wide bool } // AVX-512, rather than AVX2

// lanes returns how many floats a register holds.
func (s set) lanes() int {
	if s.wide {
		return 16
	}
	return 8
}

// bytes returns the size of a register.
func (s set) bytes() int { return 4 * s.lanes() }

// register returns a new one.
func (s set) register() VecVirtual {
	if s.wide {
		return ZMM()
	}
	return YMM()
}

// registers returns n new ones.
func (s set) registers(n int) []VecVirtual {
	list := make([]VecVirtual, n)
	for i := range list {
		list[i] = s.register()
	}
	return list
}

// load returns a register with what lies at m.
func (s set) load(m Op) VecVirtual {
	v := s.register()
	VMOVUPS(m, v)
	return v
}

// broadcast returns a register full of the float at m.
func (s set) broadcast(m Mem) VecVirtual {
	v := s.register()
	VBROADCASTSS(m, v)
	return v
}

// float returns a register full of a parameter.
func (s set) float(name string) VecVirtual { return s.broadcast(parameter(name)) }

// parameter returns where a parameter lies.
func parameter(name string) Mem {
	address, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return address.Addr
}

// zero returns a register of zeros.
func (s set) zero() VecVirtual {
	v := s.register()
	if s.wide {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
	return v
}

// function begins a kernel of the given parameters.
func (s set) function(name, parameters, doc string) {
	name += map[bool]string{false: "AVX2", true: "AVX512"}[s.wide]
	TEXT(name, NOSPLIT, "func("+parameters+")")
	Pragma("noescape")
	Doc(name + " " + doc)
}

// finish ends a kernel.
func finish() {
	VZEROUPPER()
	RET()
}

// argument loads a parameter into a register.
func argument(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// arguments loads parameters into registers, by name.
func arguments(names ...string) map[string]GPVirtual {
	list := map[string]GPVirtual{}
	for _, name := range names {
		list[name] = argument(name)
	}
	return list
}

var labels int

// label returns a name that no other place has.
func label(name string) string {
	labels++
	return fmt.Sprint(name, labels)
}

// flat runs body over n floats, a multiple of the lanes, several registers at a
// time. at returns where register u of the step lies in an array of floats.
func (s set) flat(n GPVirtual, unroll int, body func(unroll int, at places)) {
	i := GP64()
	XORQ(i, i)
	at := func(b GPVirtual, u int) Mem {
		return Mem{Base: b, Index: i, Scale: 4, Disp: u * s.bytes()}
	}
	for _, unroll := range []int{unroll, 1} {
		count := unroll * s.lanes()
		loop, end := label("loop"), label("end")
		Label(loop)
		CMPQ(n, U32(count))
		JL(LabelRef(end))
		body(unroll, at)
		ADDQ(U32(count), i)
		SUBQ(U32(count), n)
		JMP(LabelRef(loop))
		Label(end)
	}
}

// rows runs body over rows of period floats. at returns where register u of the
// step lies in an image, and of in an array of a period.
func (s set) rows(body func(unroll int, at, of places)) {
	const unroll = 4
	rows := argument("rows")
	i, j, left := GP64(), GP64(), GP64()
	XORQ(i, i)
	at := func(b GPVirtual, u int) Mem {
		return Mem{Base: b, Index: i, Scale: 4, Disp: u * s.bytes()}
	}
	of := func(b GPVirtual, u int) Mem {
		return Mem{Base: b, Index: j, Scale: 4, Disp: u * s.bytes()}
	}
	row := label("row")
	Label(row)
	XORQ(j, j)
	Load(Param("period"), left)
	for _, unroll := range []int{unroll, 1} {
		count := unroll * s.lanes()
		loop, end := label("loop"), label("end")
		Label(loop)
		CMPQ(left, U32(count))
		JL(LabelRef(end))
		body(unroll, at, of)
		ADDQ(U32(count), i)
		ADDQ(U32(count), j)
		SUBQ(U32(count), left)
		JMP(LabelRef(loop))
		Label(end)
	}
	DECQ(rows)
	JNZ(LabelRef(row))
}

// columns runs over the columns of an image with rows of period floats, several
// registers of them at a time: begin before the rows of these columns, body in
// each, and end behind them. at and of are those of rows.
func (s set) columns(unroll int, begin func(unroll int, of places),
	body func(unroll int, at, of places),
	end func(unroll int, of places)) {
	period := argument("period")
	i, j, left, rows := GP64(), GP64(), GP64(), GP64()
	XORQ(j, j)
	MOVQ(period, left)
	at := func(b GPVirtual, u int) Mem {
		return Mem{Base: b, Index: i, Scale: 4, Disp: u * s.bytes()}
	}
	of := func(b GPVirtual, u int) Mem {
		return Mem{Base: b, Index: j, Scale: 4, Disp: u * s.bytes()}
	}
	for _, unroll := range []int{unroll, 1} {
		count := unroll * s.lanes()
		loop, row, done := label("loop"), label("row"), label("end")
		Label(loop)
		CMPQ(left, U32(count))
		JL(LabelRef(done))
		begin(unroll, of)
		MOVQ(j, i)
		Load(Param("rows"), rows)
		Label(row)
		body(unroll, at, of)
		ADDQ(period, i)
		DECQ(rows)
		JNZ(LabelRef(row))
		end(unroll, of)
		ADDQ(U32(count), j)
		SUBQ(U32(count), left)
		JMP(LabelRef(loop))
		Label(done)
	}
}

// bound holds v to low and high; what is not a number stays so.
func bound(v, low, high VecVirtual) {
	VMAXPS(v, low, v)
	VMINPS(v, high, v)
}

// inside sets v to 0 where y does not lie between low and high. It uses up y.
func (s set) inside(v, y, low, high VecVirtual) {
	const greater, less = 0x1e, 0x11
	if s.wide {
		above, mask := K(), K()
		VCMPPS(Imm(greater), low, y, above)
		VCMPPS(Imm(less), high, y, above, mask)
		VMOVAPS_Z(v, mask, v)
		return
	}
	above := s.register()
	VCMPPS(Imm(greater), low, y, above)
	VCMPPS(Imm(less), high, y, y)
	VANDPS(above, v, v)
	VANDPS(y, v, v)
}

var tables = map[string]Mem{}

// table returns 16 times a number in read-only memory.
func table(bits uint32) Mem {
	name := fmt.Sprintf("table%08x", bits)
	if m, ok := tables[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(bits))
	}
	tables[name] = m
	return m
}

// constant returns 16 times a float in read-only memory.
func constant(v float32) Mem { return table(math.Float32bits(v)) }
