package resample

import (
	"math"
	"math/bits"
	"slices"
)

// Weights have weightBits bits after the point.
const (
	weightBits = 14
	one        = 1 << weightBits
)

// A span is all that decides the weights along one axis: size source pixels
// from start on become out pixels, of which those in [from, to) are wanted.
// Only pixels that this box touches have weights.
type span struct {
	start, size   float64
	out, from, to int
	filter        Filter
}

// slack is how far from a whole pixel a box may be by the arithmetic that made
// it, and still end there.
const slack = 1e-9

// touched returns the pixels that a box touches.
func touched(start, size float64) (lo, hi int) {
	return int(math.Floor(start + slack)), int(math.Ceil(start + size - slack))
}

// needed returns the pixels that weights of a span are of, with one of the
// result on either side for what rounding moves.
func needed(s span) (lo, hi int) {
	lo, hi = touched(s.start, s.size)
	scale := s.size / float64(s.out)
	reach := (s.filter.support() + 1) * max(scale, 1)
	return max(lo, int(math.Floor(s.start+float64(s.from)*scale-reach))),
		min(hi, int(math.Ceil(s.start+float64(s.to)*scale+reach)))
}

// An axis holds the weights along one axis of an image.
type axis struct {
	span   span
	lo, hi int     // the source pixels that the box touches
	scale  float64 // source pixels for each pixel of the result
	// support is the filter's radius in source pixels; narrowing makes these
	// the filter's.
	support, narrowing float64

	taps    int     // room for the weights of one pixel: an even number
	most    int     // the largest number of weights of one pixel
	first   []int32 // the first source pixel of each pixel of the result
	count   []int32 // how many there are
	weights []int16 // taps for each pixel of the result; 0 behind the last
	exact   []float64
}

// resize returns a slice of n elements, in the memory of s where it suffices.
// New memory has room to spare, so that sizes that vary soon need none.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		s = make([]E, n, 1<<bits.Len(uint(n)))
	}
	return s[:n]
}

// set computes the weights of a span, unless they are there.
func (a *axis) set(s span) {
	if a.span == s {
		return
	}
	a.span = s
	a.lo, a.hi = touched(s.start, s.size)
	a.scale = s.size / float64(s.out)
	widening := max(a.scale, 1)
	a.support, a.narrowing = s.filter.support()*widening, 1/widening
	n := s.to - s.from
	widest := 2*int(math.Ceil(a.support)) + 1
	a.taps = (min(widest, a.hi-a.lo) + 1) &^ 1
	a.first, a.count = resize(a.first, n), resize(a.count, n)
	a.weights = resize(a.weights, n*a.taps)
	a.exact = resize(a.exact, a.taps)
	clear(a.weights)
	end := s.start + s.size
	isSymmetric := s.filter.isContinuous() && s.start-float64(a.lo) == float64(a.hi)-end
	for i := range n {
		place := s.from + i
		opposite := s.out - 1 - place
		switch j := opposite - s.from; {
		case !isSymmetric || place <= opposite:
			a.compute(i, place)
		case j >= 0:
			a.mirror(i, j)
		default:
			a.compute(i, opposite)
			a.reverse(i)
		}
	}
	a.most = int(slices.Max(a.count))
}

// isWithin tells whether all weights are of the first n source pixels.
func (a *axis) isWithin(n int) bool {
	for i, first := range a.first {
		if first < 0 || int(first+a.count[i]) > n {
			return false
		}
	}
	return true
}

// compute sets the weights of pixel i to those of a place of the result. It
// counts from lo on, so that a crop is the same wherever in an image it is.
func (a *axis) compute(i, place int) {
	s := &a.span
	centre := s.start - float64(a.lo) + (float64(place)+0.5)*a.scale
	if s.filter == Nearest {
		a.nearest(i, centre)
		return
	}
	first := max(int(centre-a.support+0.5), 0)
	last := min(int(centre+a.support+0.5), a.hi-a.lo)
	exact := a.exact[:last-first]
	sum := s.filter.weigh(exact, float64(first)-centre+0.5, a.narrowing)
	if sum <= 0 { // a box that just misses the centres of two pixels
		a.nearest(i, centre)
		return
	}
	weights := a.weights[i*a.taps : i*a.taps+len(exact)]
	round(weights, exact, one/sum)
	count := len(weights)
	for weights[count-1] == 0 {
		count--
	}
	skip := 0
	for weights[skip] == 0 {
		skip++
	}
	if skip > 0 {
		copy(weights, weights[skip:count])
		clear(weights[count-skip:])
	}
	a.first[i], a.count[i] = int32(a.lo+first+skip), int32(count-skip)
}

// nearest gives the pixel around a point that is so far from lo all the weight.
func (a *axis) nearest(i int, centre float64) {
	a.first[i], a.count[i] = int32(min(a.lo+int(centre), a.hi-1)), 1
	a.weights[i*a.taps] = one
}

// reverse mirrors the weights of a pixel within what the box touches.
func (a *axis) reverse(i int) {
	count := a.count[i]
	a.first[i] = int32(a.lo+a.hi) - a.first[i] - count
	slices.Reverse(a.weights[i*a.taps:][:count])
}

// mirror sets the weights of pixel i as those of pixel j on the other side.
func (a *axis) mirror(i, j int) {
	count := a.count[j]
	a.first[i], a.count[i] = int32(a.lo+a.hi)-a.first[j]-count, count
	to, from := a.weights[i*a.taps:(i+1)*a.taps], a.weights[j*a.taps:(j+1)*a.taps]
	for k := range int(count) {
		to[k] = from[int(count)-1-k]
	}
}

// round puts weights times unit into integers that sum to one. Their sums
// from either end to the middle are rounded, rather than each alone: no sum of
// neighbours is off by more than that, and mirrored weights round alike.
func round(to []int16, exact []float64, unit float64) {
	const positive = 1 << 20 // so that a conversion to an integer rounds down
	n := len(exact)
	left, right := positive+0.5, positive+0.5
	lastLeft, lastRight := int32(positive), int32(positive)
	for k := range n / 2 {
		left += exact[k] * unit
		right += exact[n-1-k] * unit
		l, r := int32(left), int32(right)
		to[k], to[n-1-k] = int16(l-lastLeft), int16(r-lastRight)
		lastLeft, lastRight = l, r
	}
	rest := int16(one - (lastLeft - positive) - (lastRight - positive))
	switch {
	case n%2 == 1:
		to[n/2] = rest
	case to[n/2] > to[n/2-1]:
		to[n/2] += rest
	default:
		to[n/2-1] += rest
	}
}
