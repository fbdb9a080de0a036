package nn

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/depthwise"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/winograd"
)

// forwardPass chooses the kernel of a convolution.
func (s *state) forwardPass(g conv.Geometry) conv.Pass {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewForward(g)
	case s.bfloat16:
		return direct.NewForwardBF16(g)
	case s.tile(g) > 0:
		return winograd.NewForward(g, s.tile(g))
	default:
		return direct.NewForward(g)
	}
}

// inputGradient chooses the kernel of the gradient of a convolution's input.
func (s *state) inputGradient(g conv.Geometry) conv.Pass {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewInputGradient(g)
	case s.bfloat16:
		return direct.NewInputGradientBF16(g)
	case s.tile(g) > 0:
		return winograd.NewInputGradient(g, s.tile(g))
	default:
		return direct.NewInputGradient(g)
	}
}

// weightGradient chooses the kernel of the gradient of a convolution's weights.
func (s *state) weightGradient(g conv.Geometry) conv.Gradient {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewWeightGradient(g)
	case s.bfloat16:
		return direct.NewWeightGradientBF16(g)
	case s.tile(g) > 0:
		return winograd.NewWeightGradient(g, s.tile(g))
	default:
		return direct.NewWeightGradient(g)
	}
}

// tile returns the size of the tiles in which fewer multiplications are worth
// their sums, or 0.
func (s *state) tile(g conv.Geometry) int {
	if s.exact {
		return 0
	}
	return winograd.Choose(g, s.maxBatch)
}
