package direct

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

func TestForward(t *testing.T) {
	convtest.Forward(t, convtest.Geometries(), 1e-4, NewForward)
}

func TestInputGradient(t *testing.T) {
	convtest.InputGradient(t, convtest.Geometries(), 1e-4, NewInputGradient)
}
