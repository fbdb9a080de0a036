package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/weight"
)

// NewWeightGradient returns the gradient of a convolution's weights and bias.
func NewWeightGradient(g conv.Geometry) conv.Gradient { return weight.NewGradient(g) }
