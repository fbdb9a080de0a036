package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
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
	return errors.Join(draft.CheckRange("sigma_range", b.SigmaRange, 0.01, 100), draft.CheckShare("p", b.P))
}

// Draw implements Transform.
func (b Blur) Draw(d *draft.Draft) {
	if !d.Chance(b.P) {
		return
	}
	draft.Add(d, pixel.Blur{Sigma: d.Between(b.SigmaRange)})
}
