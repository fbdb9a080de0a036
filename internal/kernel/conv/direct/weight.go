package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/weight"
)

// NewWeightGradient returns the gradient of a convolution's weights and bias.
func NewWeightGradient(g conv.Geometry) conv.Gradient { return weight.NewGradient(g) }

// NewWeightGradientBF16 is to NewWeightGradient what NewForwardBF16 is to
// NewForward.
func NewWeightGradientBF16(g conv.Geometry) conv.Gradient { return weight.NewGradientBF16(g) }
