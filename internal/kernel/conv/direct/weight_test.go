package direct

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

func TestWeightGradient(t *testing.T) {
	convtest.WeightGradient(t, convtest.Geometries(), 1e-5, NewWeightGradient)
}
