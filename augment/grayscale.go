package augment

import (
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// Graying takes the colours out of images with probability P.
type Graying struct {
	P float64 `yaml:"p"`
}

// Grayscale returns the transform with probability p.
func Grayscale(p float64) Graying { return Graying{p} }

// Name implements Transform.
func (Graying) Name() string { return "grayscale" }

// Validate implements Transform.
func (g Graying) Validate() error { return checkShare("p", g.P) }

// Draw implements Transform.
func (g Graying) Draw(rng *rand.Rand, _, _ int) []pixel.Step {
	if rng.Float64() >= g.P {
		return nil
	}
	return []pixel.Step{&pixel.Gray{}}
}
