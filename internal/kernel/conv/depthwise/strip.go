package depthwise

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// tileWidth is how many results the assembly computes at a time. Images of
// networks are seven pixels wide, or that times a power of two.
const tileWidth = 7

// A strip is a run of results in one row, in a block of channels. Distances are
// in floats.
type strip struct {
	columns     *axis
	first, last int // results, counted along columns
	channels    int
	rows        int // of the kernel that lie in the image
	// The pixel that tap k of kernel row j reads for result i begins at
	// from[at + j*rowIn + (i*stride+k*dilation-pad)*pixelIn].
	from               []float32
	at, rowIn, pixelIn int
	// Result i begins at to[place+i*pixelOut], that below it rowOut behind. The
	// residual lies as to does.
	to                      []float32
	place, pixelOut, rowOut int
	residual                []float32
	// The weights of tap k of row j begin at weights[(j*taps+k)*tap]. In a
	// gradient of the weights their sums lie here.
	weights      []float32
	tap          int
	bias         []float32 // or nil
	lower, upper float32   // of a result
}

// bounds returns between which numbers an epilogue holds the results.
func bounds(e conv.Epilogue) (lower, upper float32) {
	lower, upper = float32(math.Inf(-1)), float32(math.Inf(1))
	if e.ReLU {
		lower = 0
		if e.Ceiling > 0 {
			upper = e.Ceiling
		}
	}
	return lower, upper
}

// forwardGeneric computes the results [first,last).
func (s *strip) forwardGeneric(first, last int) {
	var sums [64]float32
	for i := first; i < last; i++ {
		for c := 0; c < s.channels; c += len(sums) {
			sum := sums[:min(len(sums), s.channels-c)]
			clear(sum)
			if s.bias != nil {
				copy(sum, s.bias[c:])
			}
			s.addTaps(sum, i, c)
			s.finish(sum, s.place+i*s.pixelOut+c)
		}
	}
}

// addTaps adds to the sums of result i what the channels from c on give.
func (s *strip) addTaps(sum []float32, i, c int) {
	a := s.columns
	lo, hi := a.valid(i)
	if lo == hi {
		return
	}
	at := s.at + (i*a.stride+lo*a.dilation-a.pad)*s.pixelIn + c
	for row := range s.rows {
		addProducts(sum, s.from[at+row*s.rowIn:], a.dilation*s.pixelIn,
			s.weights[(row*a.taps+lo)*s.tap+c:], s.tap, hi-lo)
	}
}

// finish does the epilogue and puts sums in their place.
func (s *strip) finish(sum []float32, place int) {
	if s.residual != nil {
		for j, v := range s.residual[place:][:len(sum)] {
			sum[j] += v
		}
	}
	to := s.to[place:][:len(sum)]
	if s.lower < 0 { // then it is without bounds
		copy(to, sum)
		return
	}
	for j, v := range sum {
		to[j] = min(max(v, s.lower), s.upper)
	}
}

// gradientGeneric adds to the weights' sums what the pixels [first,last) of the
// gradient of the output, in to, give.
func (s *strip) gradientGeneric(first, last int) {
	a := s.columns
	for k := range a.taps {
		lo, hi := a.seeing(k)
		lo, hi = max(lo, first), min(hi, last)
		if lo >= hi {
			continue
		}
		at := s.at + (lo*a.stride+k*a.dilation-a.pad)*s.pixelIn
		for row := range s.rows {
			addProducts(s.weights[(row*a.taps+k)*s.tap:][:s.channels],
				s.from[at+row*s.rowIn:], a.stride*s.pixelIn,
				s.to[s.place+lo*s.pixelOut:], s.pixelOut, hi-lo)
		}
	}
}

// addProducts adds to each sum n products, in order, of what lies at its place in
// a and b and each time a step further on. Three at a time, so that sums are
// seldom read and written.
func addProducts(sum, a []float32, stepA int, b []float32, stepB, n int) {
	for ; n >= 3; n -= 3 {
		a0, a1, a2 := a[:len(sum)], a[stepA:][:len(sum)], a[2*stepA:][:len(sum)]
		b0, b1, b2 := b[:len(sum)], b[stepB:][:len(sum)], b[2*stepB:][:len(sum)]
		for j, v := range sum {
			v += a0[j] * b0[j]
			v += a1[j] * b1[j]
			sum[j] = v + a2[j]*b2[j]
		}
		if n == 3 {
			return
		}
		a, b = a[3*stepA:], b[3*stepB:]
	}
	for k := range n {
		a, b := a[k*stepA:][:len(sum)], b[k*stepB:][:len(sum)]
		for j, v := range a {
			sum[j] += v * b[j]
		}
	}
}
