package nn

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/depthwise"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/winograd"
)

// forwardPass chooses the kernel of a convolution.
func (s *state) forwardPass(g conv.Geometry) conv.Pass {
	if depthwise.Fits(g) {
		return depthwise.NewForward(g)
	}
	if !s.exact && winograd.Fits(g) && g.In >= 32 && g.Out >= 32 {
		return winograd.NewForward(g, 4)
	}
	return direct.NewForward(g)
}

// inputGradient chooses the kernel of the gradient of a convolution's input.
func (s *state) inputGradient(g conv.Geometry) conv.Pass {
	if depthwise.Fits(g) {
		return depthwise.NewInputGradient(g)
	}
	if !s.exact && winograd.Fits(g) && g.In >= 32 && g.Out >= 32 {
		return winograd.NewInputGradient(g, 4)
	}
	return direct.NewInputGradient(g)
}

// weightGradient chooses the kernel of the gradient of a convolution's weights.
func (s *state) weightGradient(g conv.Geometry) conv.Gradient {
	if depthwise.Fits(g) {
		return depthwise.NewWeightGradient(g)
	}
	return direct.NewWeightGradient(g)
}
