package augment

import (
	"errors"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// Blur softens images with a Gaussian.
type Blur struct {
	// SigmaRange is the standard deviation, in pixels of the image as it is
	// when its turn comes.
	SigmaRange [2]float64 `yaml:"sigma_range"`
	// P is the probability of blurring at all.
	P float64 `yaml:"p"`
}

// GaussianBlur returns the transform with torchvision's range, 0.1 to 2
// pixels, and probability p.
func GaussianBlur(p float64) Blur { return Blur{[2]float64{0.1, 2}, p} }

// Name implements Transform.
func (Blur) Name() string { return "gaussian_blur" }

// Validate implements Transform.
func (b Blur) Validate() error {
	return errors.Join(checkRange("sigma_range", b.SigmaRange, 0.01, 100), checkShare("p", b.P))
}

// Draw implements Transform.
func (b Blur) Draw(rng *rand.Rand, _, _ int) []pixel.Step {
	if rng.Float64() >= b.P {
		return nil
	}
	return []pixel.Step{&pixel.Blur{Sigma: between(rng, b.SigmaRange)}}
}
