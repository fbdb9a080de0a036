package policy

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxBins bounds how finely strengths are told apart.
const maxBins = 1000

// Rand makes several operations out of fourteen, chosen with repetition, all
// at one strength (Cubuk et al., "RandAugment: Practical automated data
// augmentation with a reduced search space", 2019).
type Rand struct {
	// NumOps is how many operations are made.
	NumOps int `yaml:"num_ops"`
	// Magnitude is the strength: 0 to NumMagnitudeBins-1.
	Magnitude        int `yaml:"magnitude"`
	NumMagnitudeBins int `yaml:"num_magnitude_bins"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
}

// RandAugment returns the policy with 31 bins; torchvision makes 2 operations
// of magnitude 9.
func RandAugment(numOps, magnitude int) Rand {
	return Rand{
		NumOps: numOps, Magnitude: magnitude, NumMagnitudeBins: 31, Interpolation: pixel.Nearest,
	}
}

// Name implements draft.Transform.
func (Rand) Name() string { return "rand_augment" }

// Validate implements draft.Transform.
func (r Rand) Validate() error {
	return errors.Join(
		draft.CheckNumber("num_ops", float64(r.NumOps), 0, 100),
		draft.CheckNumber("num_magnitude_bins", float64(r.NumMagnitudeBins), 2, maxBins),
		draft.CheckNumber("magnitude", float64(r.Magnitude), 0, float64(r.NumMagnitudeBins-1)),
		look{r.Interpolation, r.Fill}.check(),
	)
}

// Draw implements draft.Transform.
func (r Rand) Draw(d *draft.Draft) {
	strength := strengthOf(r.Magnitude, r.NumMagnitudeBins)
	for range r.NumOps {
		anyOperation(d, usualOperations).draw(d, strength, look{r.Interpolation, r.Fill}, true)
	}
}

// TrivialWide makes one operation out of fourteen at a random strength, up to
// stronger ones than Rand (Müller and Hutter, "TrivialAugment: Tuning-free Yet
// State-of-the-Art Data Augmentation", 2021).
type TrivialWide struct {
	NumMagnitudeBins int `yaml:"num_magnitude_bins"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
}

// TrivialAugmentWide returns the policy with 31 bins.
func TrivialAugmentWide() TrivialWide {
	return TrivialWide{NumMagnitudeBins: 31, Interpolation: pixel.Nearest}
}

// Name implements draft.Transform.
func (TrivialWide) Name() string { return "trivial_augment_wide" }

// Validate implements draft.Transform.
func (t TrivialWide) Validate() error {
	return errors.Join(
		draft.CheckNumber("num_magnitude_bins", float64(t.NumMagnitudeBins), 2, maxBins),
		look{t.Interpolation, t.Fill}.check(),
	)
}

// Draw implements draft.Transform.
func (t TrivialWide) Draw(d *draft.Draft) {
	o := anyOperation(d, wideOperations)
	strength := strengthOf(d.IntN(t.NumMagnitudeBins), t.NumMagnitudeBins)
	o.draw(d, strength, look{t.Interpolation, t.Fill}, true)
}
