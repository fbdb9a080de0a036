package kernel

// tileFrame is what the assembly reads: addresses, and strides in bytes.
type tileFrame struct {
	c, a, b                *float32
	cRow                   int
	aRow, aDepth, aSegment int
	bDepth, bSegment       int
	depth, segments        int
	accumulate             int
	mask                   int // AVX-512: a bit for each column to be written
}

// The tiles with AVX2 and FMA compute as many rows as their names say and 16
// columns, and write all of them.
//
//go:noescape
func tile6AVX2(f *tileFrame)

//go:noescape
func tile4AVX2(f *tileFrame)

//go:noescape
func tile2AVX2(f *tileFrame)

//go:noescape
func tile1AVX2(f *tileFrame)

// The tiles with AVX-512 write the columns of the mask.
//
//go:noescape
func tile14AVX512(f *tileFrame)

//go:noescape
func tile8AVX512(f *tileFrame)

//go:noescape
func tile7AVX512(f *tileFrame)

//go:noescape
func tile4AVX512(f *tileFrame)

//go:noescape
func tile2AVX512(f *tileFrame)

//go:noescape
func tile1AVX512(f *tileFrame)

// tile computes one tile. Slices start at the tile's first element.
func tile(rows int, c, a, b []float32, t *tileArgs) {
	switch current {
	case avx512:
		tileAVX512(rows, c, a, b, t)
	case avx2:
		tileAVX2(rows, c, a, b, t)
	default:
		tileGeneric(rows, c, a, b, t)
	}
}

// frame returns what the assembly reads.
func (t *tileArgs) frame(c, a, b []float32) tileFrame {
	const size = 4 // bytes of a float32
	f := tileFrame{
		c: &c[0], a: &a[0], b: &b[0],
		cRow: t.cRow * size,
		aRow: t.aRow * size, aDepth: t.aDepth * size, aSegment: t.aSegment * size,
		bDepth: t.bDepth * size, bSegment: t.bSegment * size,
		depth: t.depth, segments: t.segments, mask: 1<<t.columns - 1,
	}
	if t.accumulate {
		f.accumulate = 1
	}
	return f
}

func tileAVX512(rows int, c, a, b []float32, t *tileArgs) {
	f := t.frame(c, a, b)
	switch rows {
	case 14:
		tile14AVX512(&f)
	case 8:
		tile8AVX512(&f)
	case 7:
		tile7AVX512(&f)
	case 4:
		tile4AVX512(&f)
	case 2:
		tile2AVX512(&f)
	default:
		tile1AVX512(&f)
	}
}

func tileAVX2(rows int, c, a, b []float32, t *tileArgs) {
	f := t.frame(c, a, b)
	var sums [6 * PanelColumns]float32
	whole := t.columns == PanelColumns
	if !whole { // the assembly writes all columns: let it do so elsewhere
		f.c, f.cRow, f.accumulate = &sums[0], PanelColumns*4, 0
	}
	switch rows {
	case 6:
		tile6AVX2(&f)
	case 4:
		tile4AVX2(&f)
	case 2:
		tile2AVX2(&f)
	default:
		tile1AVX2(&f)
	}
	if !whole {
		for i := range rows {
			store(c[i*t.cRow:], sums[i*PanelColumns:][:t.columns], t.accumulate)
		}
	}
}
