package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

var ymm = [16]VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}

// narrow are the tiles with AVX2: up to 6 rows of 16 columns.
func narrow() {
	const most = 6
	begin("tileAVX2", "computes a tile of 1 to 6 rows and 16 columns.")
	label := func(rows int) string { return fmt.Sprintf("rows%d", rows) }
	choose(most, label)
	for rows := 1; rows <= most; rows++ {
		name := label(rows)
		Label(name)
		for i := range 2 * rows {
			VXORPS(ymm[i], ymm[i], ymm[i])
		}
		loops(name, func() {
			VMOVUPS(Mem{Base: RDX}, Y12)
			VMOVUPS(Mem{Base: RDX, Disp: 32}, Y13)
			for i := range rows {
				x := ymm[14+i%2]
				VBROADCASTSS(Mem{Base: RSI, Disp: 4 * i}, x)
				VFMADD231PS(x, Y12, ymm[2*i])
				VFMADD231PS(x, Y13, ymm[2*i+1])
			}
		})
		finishNarrow(name, rows)
	}
}

func finishNarrow(name string, rows int) {
	store := func(accumulate bool) {
		for i := range rows {
			for j := range 2 {
				s, to := ymm[2*i+j], Mem{Base: RAX, Disp: 32 * j}
				if accumulate {
					VADDPS(to, s, s)
				}
				VMOVUPS(s, to)
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
