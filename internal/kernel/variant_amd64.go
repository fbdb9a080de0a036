package kernel

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

//go:generate go run -C _asm ./tile -out ../tile_amd64.s -stubs ../tile_amd64.go -pkg kernel

// A frame is what the assembly reads: addresses, and strides in bytes. Fields
// without a name are the assembly's own.
type frame struct {
	depth, segments     int
	_                   int // segments left
	tiles               int
	_, _, _             int // where A, B and C of a tile are
	aTile, bTile, cTile int
	aRow, aHalf, aDepth int
	bDepth              int
	cRow, cHalf         int
	mask                int // AVX-512: a bit for each column to be written
	clamps              int // 1 where the sums are held to [0, ceiling]
	stream              int // 1 where C goes past the caches
	aheadStep, aheadAt  int
	ceiling             float32
	_                   float32
	a, b, c             *float32
	offsets             *int
	bias, residual      *float32
	ahead               *float32
}

const (
	rowsAVX2   = 7
	rowsAVX512 = 14
)

// tileRows returns the most rows of a tile.
func tileRows(pairs bool) int {
	switch {
	case current == isa.AVX512 && (!pairs || HasBF16()):
		return rowsAVX512
	case current == isa.AVX2 && !pairs:
		return rowsAVX2
	default:
		return 1
	}
}

// tileColumns returns the columns of a tile.
func tileColumns() int {
	if current == isa.AVX2 {
		return vectorColumns
	}
	return PanelColumns
}

// call computes a bunch of tiles.
func (s *strip) call(b *bunch, a, c int) {
	switch most := tileRows(s.Pairs); {
	case most == 1:
		s.callGeneric(b, a, c)
	case most == rowsAVX2:
		s.callAVX2(b, a, c)
	default:
		s.callAVX512(b, a, c)
	}
}

// frame returns what the assembly reads of a bunch, but for columns.
func (s *strip) frame(b *bunch, a, c int) frame {
	const size = 4 // bytes of a float32
	f := frame{
		depth: s.Depth, segments: len(s.Offsets), tiles: b.tiles,
		aTile: b.a * size, bTile: b.b * size, cTile: b.c * size,
		aRow: s.A.Row * size, aHalf: b.aHalf * size, aDepth: s.A.Depth * size,
		bDepth: s.B.Depth * size,
		cRow:   s.CRow * size, cHalf: b.cHalf * size,
		ceiling: s.ceiling(),
	}
	if s.ReLU {
		f.clamps = 1
	}
	if len(s.Offsets) > 0 {
		f.a, f.b, f.offsets = &s.A.Data[a], &s.b[0], &s.Offsets[0]
	}
	f.c = &s.C[c+s.column]
	if s.bias != nil {
		f.bias = &s.bias[0]
	}
	if s.Residual != nil {
		f.residual = &s.Residual[c+s.column]
	}
	f.ahead = f.b
	if s.aheadStep > 0 && s.aheadAt < 4*len(s.Ahead) {
		f.ahead, f.aheadAt, f.aheadStep = &s.Ahead[0], s.aheadAt, s.aheadStep
		s.aheadAt += s.aheadStep * b.tiles * s.steps()
	}
	return f
}

func (s *strip) callAVX512(b *bunch, a, c int) {
	f := s.frame(b, a, c)
	f.mask = 1<<s.width - 1
	if s.Stream && s.streams(b, f.c) {
		f.stream = 1
	}
	switch {
	case s.Pairs && s.width > vectorColumns:
		callX32BF16(b.rows, &f)
	case s.Pairs:
		callX16BF16(b.rows, &f)
	case s.width > vectorColumns:
		callX32AVX512(b.rows, &f)
	default:
		callX16AVX512(b.rows, &f)
	}
}

// streams tells whether all that a bunch stores at c are whole vectors in the
// places of whole lines of the cache.
func (s *strip) streams(b *bunch, c *float32) bool {
	const line = 16 // floats
	return s.width%vectorColumns == 0 && (b.c|b.cHalf|s.CRow)%line == 0 &&
		uintptr(unsafe.Pointer(c))%(4*line) == 0
}

// callAVX2 computes 16 columns at a time. The assembly writes all of them: where
// there are less, it does so elsewhere.
func (s *strip) callAVX2(b *bunch, a, c int) {
	for column := 0; column < s.width; column += vectorColumns {
		part := *s
		part.column, part.width = s.column+column, min(s.width-column, vectorColumns)
		if s.b != nil {
			part.b = s.b[column:]
		}
		if s.bias != nil {
			part.bias = s.bias[column:]
		}
		if part.width < vectorColumns {
			part.callNarrow(b, a, c)
			continue
		}
		f := part.frame(b, a, c)
		callX16AVX2(b.rows, &f)
	}
}

// callNarrow is callAVX2 for less than 16 columns.
func (s *strip) callNarrow(b *bunch, a, c int) {
	var sums [rowsAVX2 * vectorColumns]float32
	for range b.tiles {
		f := s.frame(b, a, c)
		f.tiles, f.clamps, f.bias, f.residual = 1, 0, nil, nil
		f.c, f.cRow = &sums[0], vectorColumns*4
		callX16AVX2(b.rows, &f)
		for row := range b.rows {
			s.store(sums[row*vectorColumns:][:s.width], c+row*s.CRow)
		}
		a, c = a+b.a, c+b.c
	}
}
