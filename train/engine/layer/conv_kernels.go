package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/depthwise"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/winograd"
)

// kernels make the passes of a convolution in one way of computing it.
type kernels struct {
	forward, inputGradient func(conv.Geometry) conv.Pass
	weightGradient         func(conv.Geometry) conv.Gradient
}

// kernels chooses how a convolution is computed, the same way in all directions.
func (s *State) kernels(g conv.Geometry) kernels {
	if depthwise.Fits(g) {
		return kernels{depthwise.NewForward, depthwise.NewInputGradient,
			depthwise.NewWeightGradient}
	}
	if s.BFloat16 {
		return kernels{direct.NewForwardBF16, direct.NewInputGradientBF16,
			direct.NewWeightGradientBF16}
	}
	if tile := s.tile(g); tile > 0 {
		return kernels{
			func(g conv.Geometry) conv.Pass { return winograd.NewForward(g, tile) },
			func(g conv.Geometry) conv.Pass { return winograd.NewInputGradient(g, tile) },
			func(g conv.Geometry) conv.Gradient { return winograd.NewWeightGradient(g, tile) },
		}
	}
	return kernels{direct.NewForward, direct.NewInputGradient, direct.NewWeightGradient}
}

// tile returns the size of the tiles in which fewer multiplications are worth
// their sums, or 0.
func (s *State) tile(g conv.Geometry) int {
	if s.Exact {
		return 0
	}
	return winograd.Choose(g, s.MaxBatch)
}
