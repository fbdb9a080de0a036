package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// HasBF16 tells whether this machine multiplies bfloat16.
func HasBF16() bool { return kernel.HasBF16() }

// IsFastBF16 tells whether it does so faster than it multiplies float32.
func IsFastBF16() bool { return kernel.IsFastBF16() }

// fewChannels are not worth rounding: pairs of them leave little to multiply.
const fewChannels = 8

// NewForwardBF16 is NewForward with images and weights rounded to bfloat16 when
// they are copied and packed. Sums are of float32, as is what the pass takes
// and gives. Of less than 8 channels a group nothing is rounded, unless rows of
// the kernel can be strung. Without HasBF16 it is right, and slow.
func NewForwardBF16(g conv.Geometry) conv.Pass {
	switch {
	case isFirst(&g):
		return NewForward(g)
	case canBeStrung(&g):
		return newStrung(g)
	}
	return join(g, func(g conv.Geometry) conv.Pass {
		return newForward(g, g.In/g.Groups >= fewChannels)
	})
}

// NewInputGradientBF16 is to NewInputGradient what NewForwardBF16 is to
// NewForward.
func NewInputGradientBF16(g conv.Geometry) conv.Pass {
	return join(g, func(g conv.Geometry) conv.Pass {
		return newInputGradient(g, g.Out/g.Groups >= fewChannels)
	})
}
