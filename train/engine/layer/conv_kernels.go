package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/depthwise"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/winograd"
)

// forwardPass chooses the kernel of a convolution.
func (s *State) forwardPass(g conv.Geometry) conv.Pass {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewForward(g)
	case s.BFloat16:
		return direct.NewForwardBF16(g)
	case s.tile(g) > 0:
		return winograd.NewForward(g, s.tile(g))
	default:
		return direct.NewForward(g)
	}
}

// inputGradient chooses the kernel of the gradient of a convolution's input.
func (s *State) inputGradient(g conv.Geometry) conv.Pass {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewInputGradient(g)
	case s.BFloat16:
		return direct.NewInputGradientBF16(g)
	case s.tile(g) > 0:
		return winograd.NewInputGradient(g, s.tile(g))
	default:
		return direct.NewInputGradient(g)
	}
}

// weightGradient chooses the kernel of the gradient of a convolution's weights.
func (s *State) weightGradient(g conv.Geometry) conv.Gradient {
	switch {
	case depthwise.Fits(g):
		return depthwise.NewWeightGradient(g)
	case s.BFloat16:
		return direct.NewWeightGradientBF16(g)
	case s.tile(g) > 0:
		return winograd.NewWeightGradient(g, s.tile(g))
	default:
		return direct.NewWeightGradient(g)
	}
}

// tile returns the size of the tiles in which fewer multiplications are worth
// their sums, or 0.
func (s *State) tile(g conv.Geometry) int {
	if s.Exact {
		return 0
	}
	return winograd.Choose(g, s.MaxBatch)
}
