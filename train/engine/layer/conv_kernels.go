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

// kernels chooses how a convolution is computed, the same way in all directions:
// in tiles of float32 where their fewer multiplications take less time than all of
// them do, be it in bfloat16.
func (s *State) kernels(g conv.Geometry) kernels {
	if depthwise.Fits(g) {
		return kernels{depthwise.NewForward, depthwise.NewInputGradient,
			depthwise.NewWeightGradient}
	}
	if tile := s.tile(g); tile > 0 {
		return kernels{
			func(g conv.Geometry) conv.Pass { return winograd.NewForward(g, tile) },
			func(g conv.Geometry) conv.Pass { return winograd.NewInputGradient(g, tile) },
			func(g conv.Geometry) conv.Gradient { return winograd.NewWeightGradient(g, tile) },
		}
	}
	if s.BFloat16 {
		return kernels{direct.NewForwardBF16, direct.NewInputGradientBF16,
			direct.NewWeightGradientBF16}
	}
	return kernels{direct.NewForward, direct.NewInputGradient, direct.NewWeightGradient}
}

// speedBF16 is how many times as fast direct kernels are with bfloat16. Measured on
// Zen 5 for 3x3: passes 1.9 to 2 times, gradients of the weights 1.8 to 1.9 times. With
// it the faster is chosen for the passes of all layers of ResNet-18 and VGG-16 with 1,
// 4 and 16 images, but for where they differ by less than a tenth, and for gradients of
// the weights but for those of 64 channels in and out and images of 56x56 and more,
// which bfloat16 would compute in a tenth less.
const speedBF16 = 1.8

// tile returns the size of the tiles in which fewer multiplications are worth
// their sums, or 0.
func (s *State) tile(g conv.Geometry) int {
	switch {
	case s.Exact:
		return 0
	case s.BFloat16:
		return winograd.ChooseBeside(g, s.MaxBatch, speedBF16)
	default:
		return winograd.Choose(g, s.MaxBatch)
	}
}
