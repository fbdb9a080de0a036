package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Noising adds to each value a draw from a normal distribution.
type Noising struct {
	// Mean and SigmaRange, from which the standard deviation is drawn, are
	// shares of the range of values: 0.1 is 25.5 of 255.
	Mean       float64    `yaml:"mean"`
	SigmaRange [2]float64 `yaml:"sigma_range"`
	// P is the probability of adding at all.
	P float64 `yaml:"p"`
}

// GaussianNoise returns the transform with probability p for one standard
// deviation; torchvision's is 0.1.
func GaussianNoise(sigma, p float64) Noising {
	return Noising{SigmaRange: [2]float64{sigma, sigma}, P: p}
}

// Name implements Transform.
func (Noising) Name() string { return "gaussian_noise" }

// Validate implements Transform.
func (n Noising) Validate() error {
	return errors.Join(
		draft.CheckNumber("mean", n.Mean, -1, 1), draft.CheckRange("sigma_range", n.SigmaRange, 0, 1),
		draft.CheckShare("p", n.P),
	)
}

// Draw implements Transform.
func (n Noising) Draw(d *draft.Draft) {
	if !d.Chance(n.P) {
		return
	}
	sigma := d.Between(n.SigmaRange)
	draft.Add(d, pixel.Noise{Mean: n.Mean, Sigma: sigma, Seed: d.Uint64()})
}
