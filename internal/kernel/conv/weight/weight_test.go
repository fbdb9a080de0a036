package weight

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

func TestGradient(t *testing.T) {
	convtest.WeightGradient(t, convtest.Geometries(), 1e-5,
		func(g conv.Geometry) conv.Gradient { return NewGradient(g) })
}
