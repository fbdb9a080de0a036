package kernel

import (
	"os"

	"golang.org/x/sys/cpu"
)

// tileFrame is what the assembly reads: addresses, and strides in bytes.
type tileFrame struct {
	c, a, b                *float32
	cRow                   int
	aRow, aDepth, aSegment int
	bDepth, bSegment       int
	depth, segments        int
	accumulate             int
}

// tile6AVX2, tile4AVX2, tile2AVX2 and tile1AVX2 compute tiles of 6, 4, 2 and 1
// rows and 16 columns with fused multiply-add.
//
//go:noescape
func tile6AVX2(f *tileFrame)

//go:noescape
func tile4AVX2(f *tileFrame)

//go:noescape
func tile2AVX2(f *tileFrame)

//go:noescape
func tile1AVX2(f *tileFrame)

func init() {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return
	}
	variants["avx2"] = tileAVX2
	// DSBUILD_KERNEL=generic lets a machine with AVX2 run the generic loops.
	if os.Getenv("DSBUILD_KERNEL") != "generic" {
		tile = tileAVX2
	}
}

func tileAVX2(rows int, c, a, b []float32, t *tileArgs) {
	const size = 4 // bytes of a float32
	var sums [6 * PanelColumns]float32
	frame := tileFrame{
		c: &c[0], a: &a[0], b: &b[0],
		cRow: t.cRow * size,
		aRow: t.aRow * size, aDepth: t.aDepth * size, aSegment: t.aSegment * size,
		bDepth: t.bDepth * size, bSegment: t.bSegment * size,
		depth: t.depth, segments: t.segments,
	}
	whole := t.columns == PanelColumns
	if !whole { // the assembly writes all columns: let it do so elsewhere
		frame.c, frame.cRow = &sums[0], PanelColumns*size
	} else if t.accumulate {
		frame.accumulate = 1
	}
	switch rows {
	case 6:
		tile6AVX2(&frame)
	case 4:
		tile4AVX2(&frame)
	case 2:
		tile2AVX2(&frame)
	default:
		tile1AVX2(&frame)
	}
	if !whole {
		for i := range rows {
			store(c[i*t.cRow:], sums[i*PanelColumns:][:t.columns], t.accumulate)
		}
	}
}
