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
	case s.winograd(g):
		return winograd.NewForward(g, 4)
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
	case s.winograd(g):
		return winograd.NewInputGradient(g, 4)
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
	case s.winograd(g):
		return winograd.NewWeightGradient(g, 4)
	default:
		return direct.NewWeightGradient(g)
	}
}

// winograd tells whether fewer multiplications are worth their sums.
func (s *state) winograd(g conv.Geometry) bool {
	return !s.exact && winograd.Fits(g) && g.In >= 32 && g.Out >= 32
}
