// Command _asm writes the kernels of package winograd, with AVX2 and FMA and
// with AVX-512.
//
//	go run -C _asm . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg winograd
package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	for _, wide := range []bool{false, true} {
		for _, b := range []basis{basis2, basis4} {
			for _, t := range b {
				transform(t, wide)
			}
		}
		for rows := range rowsAtMost(wide) {
			product(rows+1, wide)
		}
		outer(wide)
	}
	for row := range fewPoints {
		newFew(row)
	}
	ask()
	Generate()
}

// rowsAtMost returns how many rows of two vectors the registers hold beside
// what they are multiplied with.
func rowsAtMost(wide bool) int {
	if wide {
		return 14
	}
	return 6
}

// function begins a kernel that reads one frame, whose address is in BX then.
func function(name, doc string, wide bool) {
	if wide {
		name += "AVX512"
	} else {
		name += "AVX2"
	}
	TEXT(name, NOSPLIT, "func(f *uintptr)")
	Pragma("noescape")
	Doc(name + " " + doc)
	Load(Param("f"), RBX)
}

func finish() {
	VZEROUPPER()
	RET()
}

// field returns a field of the frame.
func field(offset int) Mem { return Mem{Base: RBX, Disp: offset} }

// loop repeats body n times, which is more than 0 and lost.
func loop(label string, n Op, body func()) {
	Label(label)
	body()
	DECQ(n)
	JNZ(LabelRef(label))
}

// align lets the loop that follows begin where instructions are fetched.
func align() {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(32)}})
}

// A machine is a set of vector registers, handed out by hand since kernels use
// all of them at times, and the constants that are multiplied with.
type machine struct {
	wide  bool
	free  []VecPhysical
	known map[float64]Op
}

func newMachine(wide bool) *machine {
	m := &machine{wide: wide, known: map[float64]Op{}}
	if !wide {
		m.free = []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}
		return m
	}
	m.free = []VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31}
	return m
}

// width returns the bytes of a vector.
func (m *machine) width() int {
	if m.wide {
		return 64
	}
	return 32
}

func (m *machine) get() VecPhysical {
	if len(m.free) == 0 {
		panic("out of vector registers")
	}
	r := m.free[0]
	m.free = m.free[1:]
	return r
}

func (m *machine) put(rs ...VecPhysical) {
	for _, r := range rs {
		m.free = append([]VecPhysical{r}, m.free...)
	}
}

func (m *machine) load(from Mem) VecPhysical {
	r := m.get()
	VMOVUPS(from, r)
	return r
}

func (m *machine) zero(r VecPhysical) {
	if m.wide {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// constant returns v in every lane: a register where there are many, memory
// else.
func (m *machine) constant(v float64) Op {
	if k, ok := m.known[v]; ok {
		return k
	}
	var k Op = constants(v)
	if m.wide {
		r := m.get()
		VBROADCASTSS(constants(v), r)
		k = r
	}
	m.known[v] = k
	return k
}

var constantsByValue = map[float64]Mem{}

// constants returns the address of 8 times v.
func constants(v float64) Mem {
	if k, ok := constantsByValue[v]; ok {
		return k
	}
	k := GLOBL(fmt.Sprintf("constant%d", len(constantsByValue)), RODATA|NOPTR)
	bits := uint64(math.Float32bits(float32(v)))
	for i := range 4 {
		DATA(8*i, U64(bits<<32|bits))
	}
	constantsByValue[v] = k
	return k
}

// plus returns x + y, minus x - y, times v x, all in new registers.
func (m *machine) plus(x, y VecPhysical) VecPhysical {
	r := m.get()
	VADDPS(y, x, r)
	return r
}

func (m *machine) minus(x, y VecPhysical) VecPhysical {
	r := m.get()
	VSUBPS(y, x, r)
	return r
}

func (m *machine) times(v float64, x VecPhysical) VecPhysical {
	r := m.get()
	VMULPS(m.constant(v), x, r)
	return r
}

func (m *machine) copy(x VecPhysical) VecPhysical {
	r := m.get()
	VMOVAPS(x, r)
	return r
}

// add adds v x to sum.
func (m *machine) add(sum VecPhysical, v float64, x VecPhysical) {
	if v < 0 {
		VFNMADD231PS(m.constant(-v), x, sum)
	} else {
		VFMADD231PS(m.constant(v), x, sum)
	}
}
