// Command ceiling writes the loops of the room ceiling: nothing but
// multiplications with addition, on registers, none of which waits for another.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/dsbuild/dsbuild/internal/kernel/asm/bf16"
)

func main() {
	ConstraintExpr("amd64")
	ymm := []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11}
	zmm := []VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27}
	loop("multiplyAVX2", "VFMADD231PS of 8 floats", ymm, func(sum VecPhysical) {
		VFMADD231PS(Y12, Y12, sum)
	})
	loop("multiplyAVX512", "VFMADD231PS of 16 floats", zmm, func(sum VecPhysical) {
		VFMADD231PS(Z12, Z12, sum)
	})
	loop("multiplyBF16", "VDPBF16PS of 16 pairs", zmm, func(sum VecPhysical) {
		bf16.Dot(Z12, Z12, sum)
	})
	Generate()
}

// loop writes a function that does an instruction 24 times, with the sums in
// turn, again and again.
func loop(name, what string, sums []VecPhysical, step func(sum VecPhysical)) {
	TEXT(name, NOSPLIT, "func(times int)")
	Pragma("noescape")
	Doc(name + " does 24 x times " + what + ". times is not 0.")
	Load(Param("times"), RCX)
	VZEROALL()
	if len(sums) == 24 {
		for _, sum := range sums[12:] { // VZEROALL knows 16 registers
			VPXORD(sum, sum, sum)
		}
	}
	Label("again")
	for i := range 24 {
		step(sums[i%len(sums)])
	}
	DECQ(RCX)
	JNZ(LabelRef("again"))
	VZEROUPPER()
	RET()
}
