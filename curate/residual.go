package curate

import (
	"math"
	"slices"
)

const (
	blockSide = 4                     // pixels of a thumbnail
	blocks    = thumbSide / blockSide // in a row
)

// worstBlock returns how far two images differ where they differ most: of the
// 4x4-pixel blocks of their thumbnails the largest mean difference, in levels,
// after both have been given the same mean and standard deviation, the latter
// the mean of their own. Two pictures of different things before one background
// correlate well and still differ in a few blocks, while compressing or scaling
// a picture changes all blocks a little.
func worstBlock(a, b []byte) float64 {
	if len(a) != len(b) {
		a, b = coloured(a), coloured(b)
	}
	var ofA, ofB moments
	for i := range a {
		ofA.add(float64(a[i]))
		ofB.add(float64(b[i]))
	}
	deviationA, deviationB := math.Sqrt(ofA.variance()), math.Sqrt(ofB.variance())
	if deviationA == 0 || deviationB == 0 {
		return deviationA + deviationB
	}
	deviation := (deviationA + deviationB) / 2
	scaleA, scaleB := deviation/deviationA, deviation/deviationB
	offset := scaleA*ofA.sum/ofA.n - scaleB*ofB.sum/ofB.n
	channels := len(a) / thumbPixels
	var sums [blocks * blocks]float64
	for i := range a {
		x, y := i/channels%thumbSide, i/channels/thumbSide
		difference := scaleA*float64(a[i]) - scaleB*float64(b[i]) - offset
		sums[y/blockSide*blocks+x/blockSide] += math.Abs(difference)
	}
	return slices.Max(sums[:]) / float64(blockSide*blockSide*channels)
}
