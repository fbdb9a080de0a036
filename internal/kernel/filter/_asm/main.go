// Command asm writes the kernels of the room above it, with AVX2 and AVX-512.
package main

import (
	"encoding/binary"
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	planes()
	tones()
	colours()
	registers{}.hue()
	registers{wide: true}.hue()
	blurs()
	sharpen()
	noise()
	extremes()
	exchange()
	Generate()
}

// function begins a kernel of the given signature.
func function(name, signature, doc string) {
	TEXT(name+"AVX2", NOSPLIT, signature)
	Pragma("noescape")
	Doc(name + "AVX2 is " + name + "Generic" + doc)
}

// finish ends a kernel.
func finish() {
	VZEROUPPER()
	RET()
}

// argument loads a parameter into a register.
func argument(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// words broadcasts a 16-bit parameter.
func words(name string) VecVirtual {
	x, y := XMM(), YMM()
	VMOVD(Load(Param(name), GP32()).(GPVirtual), x)
	VPBROADCASTW(x, y)
	return y
}

// bytes broadcasts an 8-bit parameter.
func bytes(name string) VecVirtual {
	x, y := XMM(), YMM()
	VMOVD(Load(Param(name), GP32()).(GPVirtual), x)
	VPBROADCASTB(x, y)
	return y
}

// zero returns a register of zeros.
func zero() VecVirtual {
	y := YMM()
	VPXOR(y, y, y)
	return y
}

// loop repeats body as long as more than 0 of step-wise counted n are left.
func loop(label string, n Register, step int, body func()) {
	Label(label)
	body()
	SUBQ(U32(step), n)
	JNZ(LabelRef(label))
}

var tables = map[string]Mem{}

// table puts bytes, which are repeated up to 32, into read-only memory.
func table(values []uint8) Mem {
	for len(values) < 32 {
		values = append(values, values...)
	}
	if m, ok := tables[string(values)]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("table%d", len(tables)), RODATA|NOPTR)
	tables[string(values)] = m
	for i := 0; i < 32; i += 8 {
		DATA(i, U64(binary.LittleEndian.Uint64(values[i:])))
	}
	return m
}

// constant puts a 16-bit number, repeated, into read-only memory.
func constant(v uint16) Mem { return table([]uint8{uint8(v), uint8(v >> 8)}) }
