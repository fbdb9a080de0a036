// Command first writes the assembly of the room conv/direct: convolutions of one
// channel by kernels of 3 x 3, whose weights for 32 channels of the output stay in
// registers.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const side = 3

// Registers: two for the lines of each weight, of the bias and of a pixel's sums.
var (
	weights = [2 * side * side]VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12,
		Z13, Z14, Z15, Z16, Z17}
	bias         = [2]VecPhysical{Z18, Z19}
	sums         = [2]VecPhysical{Z20, Z21}
	elements     = [2]VecPhysical{Z22, Z23}
	least, most  = Z24, Z25
	columnsMasks = [2]OpmaskPhysical{K1, K2}
)

func main() {
	ConstraintExpr("amd64")
	TEXT("firstAVX512", NOSPLIT, "func(to, from, weights, bias *float32, "+
		"n, pixel, line, step int, mask uint32, least, most float32)")
	Pragma("noescape")
	Doc("firstAVX512 is firstRowGeneric. Distances are in bytes, mask has a bit for each",
		"channel, n is not 0.")
	Load(Param("to"), RDI)
	Load(Param("from"), RSI)
	Load(Param("weights"), RAX)
	Load(Param("bias"), RBX)
	Load(Param("n"), RCX)
	Load(Param("pixel"), R8)
	Load(Param("line"), R9)
	Load(Param("step"), R10)
	mask := Load(Param("mask"), EDX)
	KMOVW(mask.(GPPhysical), K1)
	SHRL(Imm(16), EDX)
	KMOVW(EDX, K2)
	for i, w := range weights {
		VMOVUPS(Mem{Base: RAX, Disp: 64 * i}, w)
	}
	for i, b := range bias {
		VMOVUPS(Mem{Base: RBX, Disp: 64 * i}, b)
	}
	broadcast("least", least)
	broadcast("most", most)
	Label("pixel")
	pixel()
	ADDQ(R10, RSI)
	ADDQ(R8, RDI)
	DECQ(RCX)
	JNZ(LabelRef("pixel"))
	VZEROUPPER()
	RET()
	Generate()
}

// broadcast fills a register with a parameter.
func broadcast(name string, to VecPhysical) {
	from, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(from.Addr, to)
}

// pixel computes and writes 32 channels of a pixel.
func pixel() {
	for i, b := range bias {
		VMOVAPS(b, sums[i])
	}
	for tap := range side * side {
		from := Mem{Base: RSI, Disp: 4 * (tap % side)}
		if row := tap / side; row > 0 {
			from.Index, from.Scale = R9, uint8(row)
		}
		element := elements[tap%2]
		VBROADCASTSS(from, element)
		for i, s := range sums {
			VFMADD231PS(element, weights[2*tap+i], s)
		}
	}
	for i, s := range sums {
		// What is not a number stays so: it comes last.
		VMAXPS(s, least, s)
		VMINPS(s, most, s)
		VMOVUPS(s, columnsMasks[i], Mem{Base: RDI, Disp: 64 * i})
	}
}
