package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/dsbuild/dsbuild/internal/kernel/asm/bf16"
)

// wide are the tiles with AVX-512: 14 rows of 32 columns, or 28 of 16.
type wide struct {
	halves bool // pairs of pixels as bfloat16
}

var zmm = [32]VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
	Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31}

// sum returns the register of a row's sums; the last three are for lines and
// an element.
func sum(i int) VecPhysical { return zmm[i] }

func (w wide) tiles() {
	suffix, what := "AVX512", ""
	if w.halves {
		suffix, what = "BF16", " of pairs"
	}
	label := func(rows int) string { return fmt.Sprintf("rows%d", rows) }
	begin("tile"+suffix, "computes a tile"+what+" of 1 to 14 rows and up to 32 columns.")
	loadMasks()
	choose(14, label)
	for rows := 1; rows <= 14; rows++ {
		Label(label(rows))
		w.tile(label(rows), rows)
	}

	begin("slim"+suffix, "computes a tile"+what+" of 1 to 28 rows and up to 16 columns.")
	loadMasks()
	choose(28, label)
	for rows := 1; rows <= 28; rows++ {
		Label(label(rows))
		w.slim(label(rows), rows)
	}
}

// loadMasks puts the masks of the first and the last 16 columns into K1 and K2.
func loadMasks() {
	field(maskField, RAX)
	KMOVW(EAX, K1)
	SHRQ(Imm(16), RAX)
	KMOVW(EAX, K2)
}

func clearSums(n int) {
	for i := range n {
		VPXORD(sum(i), sum(i), sum(i))
	}
}

func (w wide) tile(name string, rows int) {
	clearSums(2 * rows)
	loops(name, func() {
		VMOVUPS_Z(Mem{Base: RDX}, K1, Z28)
		VMOVUPS_Z(Mem{Base: RDX, Disp: 64}, K2, Z29)
		for i := range rows {
			x := zmm[30+i%2]
			VBROADCASTSS(Mem{Base: RSI, Disp: 4 * i}, x)
			w.multiply(x, Z28, sum(2*i))
			w.multiply(x, Z29, sum(2*i+1))
		}
	})
	w.finish(name, rows, 2)
}

func (w wide) slim(name string, rows int) {
	clearSums(rows)
	loops(name, func() {
		VMOVUPS_Z(Mem{Base: RDX}, K1, Z28)
		for i := range rows {
			x := Mem{Base: RSI, Disp: 4 * i}
			if w.halves {
				bf16.DotBroadcast(x, Z28, sum(i))
			} else {
				VFMADD231PS_BCST(x, Z28, sum(i))
			}
		}
	})
	w.finish(name, rows, 1)
}

func (w wide) multiply(a, b, sum VecPhysical) {
	if w.halves {
		bf16.Dot(a, b, sum)
		return
	}
	VFMADD231PS(a, b, sum)
}

// finish writes the sums, or adds them to what there is.
func (w wide) finish(name string, rows, registers int) {
	masks := [2]OpmaskPhysical{K1, K2}
	store := func(accumulate bool) {
		for i := range rows {
			for j := range registers {
				s, to := sum(registers*i+j), Mem{Base: RAX, Disp: 64 * j}
				if accumulate {
					VADDPS_Z(to, s, masks[j], s)
				}
				VMOVUPS(s, masks[j], to)
			}
			if i < rows-1 {
				ADDQ(RBX, RAX)
			}
		}
		VZEROUPPER()
		RET()
	}
	CMPQ(Mem{Base: RDI, Disp: 8 * accumulateField}, Imm(0))
	JNE(LabelRef(name + "add"))
	store(false)
	Label(name + "add")
	store(true)
}
