package resample

import "math"

// A Filter says how a pixel of the result is made from those around its place.
// Where an image gets smaller, all filters but Nearest widen to what the pixel
// covers. They are those of Pillow, and of torchvision's antialias=True.
type Filter uint8

// The filters.
const (
	Bilinear Filter = iota
	Nearest
	Box
	Bicubic // Catmull and Rom's spline: a = -0.5
	Lanczos // of 3 lobes
)

// support is the radius in which a filter has weights, in pixels of the result.
func (f Filter) support() float64 { return [...]float64{1, 0.5, 0.5, 2, 3}[f] }

// isContinuous tells whether a filter has no jumps: then pixels on the edge of
// its support do not matter, and mirrored places have mirrored weights.
func (f Filter) isContinuous() bool { return f != Nearest && f != Box }

// overshoots tells whether a filter has negative weights.
func (f Filter) overshoots() bool { return f == Bicubic || f == Lanczos }

// at is the filter's value at a distance from its centre.
func (f Filter) at(x float64) float64 {
	switch f {
	case Bilinear:
		return max(1-math.Abs(x), 0)
	case Bicubic:
		return cubic(math.Abs(x))
	case Lanczos:
		if x >= -3 && x < 3 {
			return sinc(x) * sinc(x/3)
		}
		return 0
	default:
		if x > -0.5 && x <= 0.5 {
			return 1
		}
		return 0
	}
}

// cubic is the convolution kernel of Keys, "Cubic convolution interpolation
// for digital image processing", 1981, for x >= 0.
func cubic(x float64) float64 {
	const a = -0.5
	switch {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return (((x-5)*x+8)*x - 4) * a
	}
	return 0
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	x *= math.Pi
	return math.Sin(x) / x
}
