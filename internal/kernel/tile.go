package kernel

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

type variant = isa.Variant

const (
	generic = isa.Generic
	avx2    = isa.AVX2 // with FMA
	avx512  = isa.AVX512
)

// available are the variants of the tiles that this machine can run, current
// is the one in use.
var available, current = isa.Choose(cpu.X86.HasAVX2 && cpu.X86.HasFMA, cpu.X86.HasAVX512F)

// tileRows returns how many of the remaining rows the next tile takes. Tiles
// of few rows do not keep the multipliers busy: 14 rows, in tiles of at most
// 6, are 6 and 4 and 4.
func tileRows(remaining int) int {
	switch {
	case current == avx512 && remaining >= 14 && remaining != 16:
		return 14
	case current == avx512 && remaining >= 8:
		return 8
	case current == avx512 && remaining == 7:
		return 7
	case current != avx512 && remaining >= 6 && remaining != 8:
		return 6
	case remaining >= 4:
		return 4
	case remaining >= 2:
		return 2
	default:
		return 1
	}
}

// tileGeneric is the contract of every tile. Those with fused multiply-add
// round less often.
func tileGeneric(rows int, c, a, b []float32, t *tileArgs) {
	for i := range rows {
		var sum [PanelColumns]float32
		for s := range t.segments {
			for k := range t.depth {
				x := a[i*t.aRow+k*t.aDepth+s*t.aSegment]
				line := (*[PanelColumns]float32)(b[k*t.bDepth+s*t.bSegment:])
				for j := range line {
					sum[j] += x * line[j]
				}
			}
		}
		store(c[i*t.cRow:], sum[:t.columns], t.accumulate)
	}
}

// store puts a row of sums into c.
func store(c, sum []float32, accumulate bool) {
	c = c[:len(sum)]
	if !accumulate {
		copy(c, sum)
		return
	}
	for j, v := range sum {
		c[j] += v
	}
}
