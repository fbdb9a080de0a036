package resample

import (
	"math"
	"slices"
)

// Weights have weightBits bits after the point.
const (
	weightBits = 14
	one        = 1 << weightBits
)

// A span is all that decides the weights along one axis: the source pixels
// from lo to hi may be used, and the size of them from start on become out
// pixels.
type span struct {
	lo, hi      int
	start, size float64
	out         int
	filter      Filter
}

// An axis holds the weights along one axis of an image.
type axis struct {
	span    span
	taps    int     // room for the weights of one pixel: an even number
	most    int     // the largest number of weights of one pixel
	first   []int32 // the first source pixel of each pixel of the result
	count   []int32 // how many there are
	weights []int16 // taps for each pixel of the result; 0 behind the last
	exact   []float64
}

// resize returns a slice of n elements, in the memory of s where it suffices.
func resize[E any](s []E, n int) []E { return slices.Grow(s[:0], n)[:n] }

// set computes the weights of a span, unless they are there.
func (a *axis) set(s span) {
	if a.span == s {
		return
	}
	a.span = s
	scale := s.size / float64(s.out)
	widening := max(scale, 1)
	a.taps = (min(2*int(math.Ceil(s.filter.support()*widening))+1, s.hi-s.lo) + 1) &^ 1
	a.first, a.count = resize(a.first, s.out), resize(a.count, s.out)
	a.weights = resize(a.weights, s.out*a.taps)
	a.exact = resize(a.exact, a.taps)
	clear(a.weights)
	computed := s.out
	isSymmetric := s.filter.isContinuous() && s.start-float64(s.lo) == float64(s.hi)-s.start-s.size
	if isSymmetric {
		computed = (s.out + 1) / 2
	}
	// Places are counted from lo on, so that a crop is the same wherever it is.
	start := s.start - float64(s.lo)
	for i := range computed {
		a.compute(i, start+(float64(i)+0.5)*scale, s.filter.support()*widening, 1/widening)
	}
	for i := computed; i < s.out; i++ {
		a.mirror(i, s.out-1-i)
	}
	a.most = int(slices.Max(a.count))
}

// compute sets the weights of a pixel whose centre is so far from lo. The
// filter's support is in source pixels; narrowing makes these the filter's.
func (a *axis) compute(i int, centre, support, narrowing float64) {
	s := &a.span
	if s.filter == Nearest {
		a.nearest(i, centre)
		return
	}
	first := max(int(centre-support+0.5), 0)
	last := min(int(centre+support+0.5), s.hi-s.lo)
	exact := a.exact[:last-first]
	sum, distance := 0.0, float64(first)-centre+0.5
	for k := range exact {
		x := (distance + float64(k)) * narrowing
		w := max(1-math.Abs(x), 0)
		if s.filter != Bilinear {
			w = s.filter.at(x)
		}
		exact[k] = w
		sum += w
	}
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
	a.first[i], a.count[i] = int32(s.lo+first+skip), int32(count-skip)
}

// nearest gives the pixel around a point that is so far from lo all the weight.
func (a *axis) nearest(i int, centre float64) {
	a.first[i], a.count[i] = int32(min(a.span.lo+int(centre), a.span.hi-1)), 1
	a.weights[i*a.taps] = one
}

// mirror sets the weights of pixel i as those of pixel j on the other side.
func (a *axis) mirror(i, j int) {
	count := a.count[j]
	a.first[i], a.count[i] = int32(a.span.lo+a.span.hi)-a.first[j]-count, count
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
