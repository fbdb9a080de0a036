package depthwise

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// An axis is how a pass goes along the rows or the columns of the images.
// Result number i lies at place first+i*step and is made of the pixels at
// i*stride + k*dilation - pad, for each tap k whose pixel lies in the image. Tap
// k is element from+k*by of the kernel.
type axis struct {
	side                  int // pixels that are read
	count, first, step    int
	stride, dilation, pad int
	taps, from, by        int
}

// valid returns the taps [lo,hi) of result i whose pixels lie in the image: 0 and
// 0 where there are none.
func (a *axis) valid(i int) (lo, hi int) {
	start := i*a.stride - a.pad
	if start < 0 {
		lo = (-start + a.dilation - 1) / a.dilation
	}
	hi = a.taps
	if end := start + (hi-1)*a.dilation; end >= a.side {
		hi = max((a.side-start+a.dilation-1)/a.dilation, 0)
	}
	if lo >= hi {
		return 0, 0
	}
	return lo, hi
}

// seeing returns the results [lo,hi) whose tap k lies in the image.
func (a *axis) seeing(k int) (lo, hi int) {
	start := k*a.dilation - a.pad
	if start < 0 {
		lo = (-start + a.stride - 1) / a.stride
	}
	if start < a.side {
		hi = (a.side - start + a.stride - 1) / a.stride
	}
	return lo, min(hi, a.count)
}

// between returns the results [lo,hi) that lie at the places [first,last).
func (a *axis) between(first, last int) (lo, hi int) {
	upTo := func(place int) int {
		return min(max((place-a.first+a.step-1)/a.step, 0), a.count)
	}
	return upTo(first), upTo(last)
}

// forwardAxes returns how a forward pass goes along a dimension.
func forwardAxes(g conv.Geometry, dimension, from, to int) []axis {
	return []axis{{
		side: from, count: to, step: 1, stride: g.Stride[dimension],
		dilation: g.Dilation[dimension], pad: g.Pad[dimension],
		taps: g.Kernel[dimension], by: 1,
	}}
}

// gradientAxes returns how the gradient of the input goes along a dimension,
// which falls into as many parts as the stride is long: pixel y of the input is
// multiplied by element k of the kernel for the pixel (y+pad-k*dilation)/stride of
// the output, where that is a whole number. So the pixels y of one remainder see
// the same elements of the kernel, and those see the output backwards.
func gradientAxes(g conv.Geometry, dimension, from, to int) []axis {
	stride, dilation, pad := g.Stride[dimension], g.Dilation[dimension], g.Pad[dimension]
	axes := make([]axis, min(stride, to))
	for remainder := range axes {
		a := axis{side: from, count: (to - remainder + stride - 1) / stride,
			first: remainder, step: stride, stride: 1, dilation: 1}
		for k := range g.Kernel[dimension] {
			place := remainder + pad - k*dilation
			if place%stride != 0 {
				continue
			}
			if a.taps > 0 {
				a.by = a.from - k
				a.dilation = -a.pad - place/stride
			}
			a.taps, a.from, a.pad = a.taps+1, k, -place/stride
		}
		axes[remainder] = a
	}
	return axes
}
