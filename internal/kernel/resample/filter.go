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

// weigh sets weights to the filter's values at (first + k) * narrowing, for k
// from 0 on, and returns their sum.
func (f Filter) weigh(weights []float64, first, narrowing float64) (sum float64) {
	if f == Lanczos {
		lanczos(weights, first, narrowing)
	}
	for k := range weights {
		x := (first + float64(k)) * narrowing
		switch f {
		case Bilinear:
			weights[k] = max(1-math.Abs(x), 0)
		case Bicubic:
			weights[k] = cubic(math.Abs(x))
		case Box:
			weights[k] = 0
			if x > -0.5 && x <= 0.5 {
				weights[k] = 1
			}
		}
		sum += weights[k]
	}
	return sum
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

// lanczos sets weights as weigh does, for the product of sinc(x) and sinc(x/3) up to x = 3. With
// a = x*Pi/3 and s = sin(a) that is s*s*(3-4*s*s) / (3*a*a); the next sine
// comes from the sum of two angles.
func lanczos(weights []float64, first, narrowing float64) {
	sinStep, cosStep := math.Sincos(narrowing * math.Pi / 3)
	sin, cos := math.Sincos(first * narrowing * math.Pi / 3)
	for k := range weights {
		a := (first + float64(k)) * narrowing * math.Pi / 3
		square := sin * sin
		weights[k] = square * (3 - 4*square) / (3 * a * a)
		if a == 0 {
			weights[k] = 1
		}
		sin, cos = sin*cosStep+cos*sinStep, cos*cosStep-sin*sinStep
	}
}
