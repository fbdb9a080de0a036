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

// tapRange returns the taps [lo,hi) of result i in the image, and where in from
// tap 0 of the first row would begin.
func (s *strip) tapRange(i int) (lo, hi, at int) {
	lo, hi = s.columns.valid(i)
	return lo, hi, s.at + (i*s.columns.stride-s.columns.pad)*s.pixelIn
}

// forwardGeneric computes the results [first,last).
func (s *strip) forwardGeneric(first, last int) {
	var sums [64]float32
	for i := first; i < last; i++ {
		place := s.place + i*s.pixelOut
		for c := 0; c < s.channels; c += len(sums) {
			sum := sums[:min(len(sums), s.channels-c)]
			clear(sum)
			if s.bias != nil {
				copy(sum, s.bias[c:])
			}
			s.addTaps(sum, i, c)
			if s.residual != nil {
				for j, v := range s.residual[place+c:][:len(sum)] {
					sum[j] += v
				}
			}
			to := s.to[place+c:][:len(sum)]
			for j, v := range sum {
				to[j] = min(max(v, s.lower), s.upper)
			}
		}
	}
}

// addTaps adds to the sums of result i what the channels from c on give.
func (s *strip) addTaps(sum []float32, i, c int) {
	lo, hi, at := s.tapRange(i)
	for row := range s.rows {
		for k := lo; k < hi; k++ {
			from := s.from[at+row*s.rowIn+k*s.columns.dilation*s.pixelIn+c:][:len(sum)]
			weights := s.weights[(row*s.columns.taps+k)*s.tap+c:][:len(sum)]
			for j, v := range from {
				sum[j] += v * weights[j]
			}
		}
	}
}

// gradientGeneric adds to the weights' sums what the pixels [first,last) of the
// gradient of the output, in to, give.
func (s *strip) gradientGeneric(first, last int) {
	for i := first; i < last; i++ {
		lo, hi, at := s.tapRange(i)
		grad := s.to[s.place+i*s.pixelOut:][:s.channels]
		for row := range s.rows {
			for k := lo; k < hi; k++ {
				from := s.from[at+row*s.rowIn+k*s.columns.dilation*s.pixelIn:][:len(grad)]
				sum := s.weights[(row*s.columns.taps+k)*s.tap:][:len(grad)]
				for j, v := range from {
					sum[j] += v * grad[j]
				}
			}
		}
	}
}
