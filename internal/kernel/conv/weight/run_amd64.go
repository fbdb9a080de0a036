package weight

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// frame is what the assembly reads; its generator knows the order of the words.
// Strides are in bytes.
type frame struct {
	to, from, lines       *float32
	toRow                 int
	pixel                 int // from one pixel of the input to the next
	row, image            int // from behind a row or an image to the next one
	line                  int
	images, height, width int
	rows                  int
	mask                  int // a bit for each column
	accumulate            int
	ahead                 *float32 // what is wanted in the cache next
	aheadStep             int
}

const floatBytes = 4

// Rows of the tiles.
const (
	maxWide   = 14 // AVX-512, 32 columns
	maxSlim   = 28 // AVX-512, 16 columns
	maxNarrow = 6  // AVX2, 16 columns
)

func (t *tile) frame() frame {
	f := frame{
		toRow: t.toRow * floatBytes, pixel: t.xPixel * floatBytes,
		row:   (t.xRow - t.width*t.xPixel) * floatBytes,
		image: (t.xImage - t.height*t.xRow) * floatBytes,
		line:  t.line * floatBytes, images: t.images, height: t.height, width: t.width,
		mask: 1<<t.columns - 1,
	}
	if t.accumulate {
		f.accumulate = 1
	}
	return f
}

// runPiece computes a tile of any number of rows.
func (t *tile) runPiece(to, from, lines []float32, rows int) {
	switch {
	case current == isa.AVX512 && (!t.isPaired || kernel.HasBF16()):
		t.runAVX512(to, from, lines, rows)
	case current == isa.AVX2 && !t.isPaired:
		t.runAVX2(to, from, lines, rows)
	default:
		t.generic(to, from, lines, rows)
	}
}

func (t *tile) runAVX512(to, from, lines []float32, rows int) {
	f := t.frame()
	f.lines = &lines[0]
	slim := t.columns <= panelColumns/2
	most := maxWide
	if slim {
		most = maxSlim
	}
	tiles := (rows + most - 1) / most
	for i := range tiles {
		first := i * rows / tiles
		f.rows = (i+1)*rows/tiles - first
		f.to, f.from = &to[first*t.toRow], &from[first]
		f.wish(t)
		switch {
		case slim && t.isPaired:
			slimBF16(f.words())
		case slim:
			slimAVX512(f.words())
		case t.isPaired:
			tileBF16(f.words())
		default:
			tileAVX512(f.words())
		}
	}
}

func (t *tile) runAVX2(to, from, lines []float32, rows int) {
	const half = panelColumns / 2
	f := t.frame()
	tiles := (rows + maxNarrow - 1) / maxNarrow
	var sums [maxNarrow * half]float32
	for column := 0; column < t.columns; column += half {
		f.lines = &lines[column]
		columns := min(half, t.columns-column)
		for i := range tiles {
			first := i * rows / tiles
			f.rows = (i+1)*rows/tiles - first
			f.from = &from[first]
			f.wish(t)
			if columns == half {
				f.to = &to[first*t.toRow+column]
				tileAVX2(f.words())
				continue
			}
			g := f // the assembly writes all columns: let it do so elsewhere
			g.to, g.toRow, g.accumulate = &sums[0], half*floatBytes, 0
			tileAVX2(g.words())
			for r := range f.rows {
				t.store(to[(first+r)*t.toRow+column:][:columns], sums[r*half:])
			}
		}
	}
}

// wish takes the next piece of what the tile's successors will read.
func (f *frame) wish(t *tile) {
	data, step := t.next()
	f.ahead, f.aheadStep = f.from, 0
	if step > 0 {
		f.ahead, f.aheadStep = &data[0], step*floatBytes
	}
}

// maxPiece is how many floats one call of the assembly copies, since it cannot be
// interrupted.
const maxPiece = 1 << 15

// inPieces calls do for all n lines of so many floats, piece by piece.
func inPieces(n, floats int, do func(at, n int)) {
	most := max(maxPiece/floats, 1)
	for at := 0; at < n; at += most {
		do(at, min(most, n-at))
	}
}

// packLines is packGeneric.
func packLines(panel, from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	if current == isa.Generic || current == isa.AVX2 && columns < panelColumns {
		packGeneric(panel, from, stride, columns, n, sum)
		return
	}
	_, _ = panel[n*panelColumns-1], from[(n-1)*stride+columns-1]
	inPieces(n, panelColumns, func(at, n int) {
		to, from := &panel[at*panelColumns], &from[at*stride]
		if current == isa.AVX2 {
			packAVX2(to, from, stride*floatBytes, n, &sum[0])
		} else {
			packAVX512(to, from, stride*floatBytes, n, 1<<columns-1, &sum[0])
		}
	})
}

// sumLines is sumLinesGeneric.
func sumLines(from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	if current != isa.AVX512 {
		sumLinesGeneric(from, stride, columns, n, sum)
		return
	}
	_ = from[(n-1)*stride+columns-1]
	inPieces(n, panelColumns, func(at, n int) {
		sumLinesAVX512(&from[at*stride], stride*floatBytes, n, 1<<columns-1, &sum[0])
	})
}

// addTo is addToGeneric.
func addTo(sum, other []float32) {
	n := 0
	if current == isa.AVX512 && len(sum) >= 16 {
		n = len(sum) &^ 15
		_ = other[n-1]
		addToAVX512(&sum[0], &other[0], n)
	}
	addToGeneric(sum[n:], other[n:])
}

// copyLines is copyLinesGeneric.
func copyLines(to []float32, toStride int, from []float32, fromStride, floats, n int) {
	if current != isa.AVX512 || toStride == floats && fromStride == floats {
		copyLinesGeneric(to, toStride, from, fromStride, floats, n)
		return
	}
	_, _ = to[(n-1)*toStride+floats-1], from[(n-1)*fromStride+floats-1]
	inPieces(n, floats, func(at, n int) {
		copyLinesAVX512(&to[at*toStride], toStride*floatBytes, &from[at*fromStride],
			fromStride*floatBytes, floats, n)
	})
}

// pairLines is pairLinesGeneric.
func pairLines(to []float32, toStride int, low, high []float32, fromStride, floats, n int) {
	if current != isa.AVX512 || !kernel.HasBF16() {
		pairLinesGeneric(to, toStride, low, high, fromStride, floats, n)
		return
	}
	last := (n-1)*fromStride + floats - 1
	_, _, _ = to[(n-1)*toStride+floats-1], low[last], high[last]
	pair := func(to, low, high *float32, floats, n int) {
		pairLinesBF16(to, toStride*floatBytes, low, high, fromStride*floatBytes, floats, n)
	}
	if n == 1 { // which may be a long one
		inPieces(floats, 1, func(at, n int) { pair(&to[at], &low[at], &high[at], n, 1) })
		return
	}
	inPieces(n, floats, func(at, n int) {
		pair(&to[at*toStride], &low[at*fromStride], &high[at*fromStride], floats, n)
	})
}

// words returns the frame as the assembly takes it.
func (f *frame) words() *uintptr { return (*uintptr)(unsafe.Pointer(f)) }
