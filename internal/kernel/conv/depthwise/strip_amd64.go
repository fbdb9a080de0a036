package depthwise

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// A tile is what the assembly works on: tiles of tileWidth results, or of one.
// Distances and offsets are in bytes. The assembly knows the fields by their
// places.
type tile struct {
	to, from, weights, bias, residual *float32
	at                                int // of column 0 of the first tile in from; may be below 0
	rows, rowIn, pixelIn              int
	place, pixelOut                   int // of the first result in to
	weightRow, tap                    int // weightRow is from behind one row to the next for any taps
	whole, tail                       int // bytes of whole registers of channels, channels behind
	tileIn, tileOut                   int // from one tile to the next
	columns, outputs                  uint64
	taps, tapIn                       int
	tiles                             int
	lower, upper                      float32
	ahead, aheadOut                   int // from a tile's first pixel to one to be read soon
}

// The assembly finds the last field where it expects it, or this does not build.
var _ = [1]struct{}{}[unsafe.Offsetof(tile{}.aheadOut)-192]

const float = 4 // bytes

// all flags say that whole tiles lie in the image.
const all = ^uint64(0)

// What one call of the assembly does is bounded, since it cannot be interrupted:
// the elements of the kernel that a tile meets, and products of a run of tiles.
const (
	maxTaps     = 1 << 10
	maxProducts = 1 << 21
)

// isPlain tells whether the plain loops do a strip.
func (s *strip) isPlain() bool { return current == isa.Generic || s.rows*s.columns.taps > maxTaps }

func (s *strip) forward() {
	if s.isPlain() {
		s.forwardGeneric(s.first, s.last)
		return
	}
	s.run(forwardTiles)
}

func (s *strip) gradient() {
	switch {
	case s.isPlain():
		s.gradientGeneric(s.first, s.last)
	case s.rows > 0:
		s.run(gradientTiles)
	}
}

// run cuts a strip into tiles.
func (s *strip) run(do work) {
	a := s.columns
	k := kernelOf(a)
	lanes := 8
	if current == isa.AVX512 {
		lanes = 16
	}
	t := tile{
		to: unsafe.SliceData(s.to), from: unsafe.SliceData(s.from),
		weights: unsafe.SliceData(s.weights), bias: unsafe.SliceData(s.bias),
		residual: unsafe.SliceData(s.residual), rows: s.rows, rowIn: float * s.rowIn,
		pixelIn: float * s.pixelIn * a.stride, pixelOut: float * s.pixelOut, tap: float * s.tap,
		whole: float * (s.channels / lanes * lanes), tail: s.channels % lanes,
		tapIn: float * a.dilation * s.pixelIn, lower: s.lower, upper: s.upper,
		ahead: float * s.rowIn * s.rows, aheadOut: float * s.rowOut,
	}
	perTile := tileWidth * s.channels * max(s.rows*a.taps, 1)
	t.tileIn, t.tileOut = tileWidth*t.pixelIn, tileWidth*t.pixelOut
	for i := s.first; i < s.last; {
		t.at = float * (s.at + (i*a.stride-a.pad)*s.pixelIn)
		t.place = float * (s.place + i*s.pixelOut)
		if k == anyTaps {
			i += s.anyTile(&t, do, i)
			continue
		}
		t.pixelIn = float * s.pixelIn
		n := t.flag(a, i, s.last, max(maxProducts/perTile, 1))
		do.run(k, &t)
		i += n
	}
}

// flag sets the number and the flags of the tiles that begin with result i: a run
// of at most so many that lie in the image, or one tile that does in part. It
// returns how many results they are.
func (t *tile) flag(a *axis, i, last, most int) (results int) {
	t.tiles, t.columns, t.outputs = 1, all, all
	start := i*a.stride - a.pad
	span := (tileWidth-1)*a.stride + a.taps
	if start >= 0 && i+tileWidth <= last && start+span <= a.side {
		step := tileWidth * a.stride
		t.tiles = min(most, (last-i)/tileWidth, (a.side-start-span)/step+1)
		return t.tiles * tileWidth
	}
	results = min(tileWidth, last-i)
	span = (results-1)*a.stride + a.taps
	lo, hi := max(-start, 0), min(a.side-start, span)
	t.columns, t.outputs = bits(lo, max(lo, hi)), bits(0, results)
	return results
}

// bits returns the bits [lo,hi).
func bits(lo, hi int) uint64 { return 1<<hi - 1<<lo }

// anyTile does the tiles that begin with result i for a kernel of any taps and
// returns how many results they are.
func (s *strip) anyTile(t *tile, do work, i int) (results int) {
	a := s.columns
	start := i*a.stride - a.pad
	span := (tileWidth-1)*a.stride + (a.taps-1)*a.dilation + 1
	weights, rows := t.weights, t.rows
	k := anyTaps
	t.tiles, t.taps, results = 1, a.taps, tileWidth
	if s.rows > 0 && (start < 0 || start+span > a.side) || i+tileWidth > s.last {
		lo, hi := a.valid(i)
		t.rows = 0
		if lo < hi && s.rows > 0 {
			t.rows = s.rows
			t.weights, t.at = &s.weights[lo*s.tap], t.at+lo*t.tapIn
		}
		k, t.taps, results = anyTapsOnce, hi-lo, 1
	}
	t.weightRow = (a.taps - t.taps) * t.tap
	do.run(k, t)
	t.weights, t.rows = weights, rows
	return results
}

// kernelOf returns the kernel for an axis.
func kernelOf(a *axis) kernelIndex {
	if a.dilation == 1 || a.taps == 1 {
		switch [2]int{a.taps, a.stride} {
		case [2]int{1, 1}:
			return oneTap
		case [2]int{2, 1}:
			return twoTaps
		case [2]int{3, 1}:
			return threeTaps
		case [2]int{5, 1}:
			return fiveTaps
		case [2]int{3, 2}:
			return threeTapsByTwo
		case [2]int{5, 2}:
			return fiveTapsByTwo
		}
	}
	return anyTaps
}
