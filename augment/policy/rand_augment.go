package augment

import (
	"errors"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// maxBins bounds how finely strengths are told apart.
const maxBins = 1000

// RandPolicy makes several operations out of fourteen, chosen with repetition,
// all at one strength (Cubuk et al., "RandAugment: Practical automated data
// augmentation with a reduced search space", 2019).
type RandPolicy struct {
	// NumOps is how many operations are made.
	NumOps int `yaml:"num_ops"`
	// Magnitude is the strength: 0 to NumMagnitudeBins-1.
	Magnitude        int `yaml:"magnitude"`
	NumMagnitudeBins int `yaml:"num_magnitude_bins"`
	// Fill is the gray value of what comes in from outside.
	Fill uint8 `yaml:"fill"`
}

// RandAugment returns the policy with 31 bins; torchvision makes 2 operations
// of magnitude 9.
func RandAugment(numOps, magnitude int) RandPolicy {
	return RandPolicy{NumOps: numOps, Magnitude: magnitude, NumMagnitudeBins: 31}
}

// Name implements Transform.
func (RandPolicy) Name() string { return "rand_augment" }

// Validate implements Transform.
func (p RandPolicy) Validate() error {
	return errors.Join(
		checkNumber("num_ops", float64(p.NumOps), 0, 100),
		checkNumber("num_magnitude_bins", float64(p.NumMagnitudeBins), 2, maxBins),
		checkNumber("magnitude", float64(p.Magnitude), 0, float64(p.NumMagnitudeBins-1)),
	)
}

// Draw implements Transform.
func (p RandPolicy) Draw(rng *rand.Rand, width, height int) []pixel.Step {
	strength := strengthOf(p.Magnitude, p.NumMagnitudeBins)
	var steps []pixel.Step
	for range p.NumOps {
		o := anyOperation(rng, usualOperations)
		steps = append(steps, o.draw(rng, strength, width, height, p.Fill)...)
	}
	return steps
}

// anyOperation chooses one, all but the last alike, which is invert.
func anyOperation(rng *rand.Rand, operations []operation) operation {
	return operations[rng.IntN(len(operations)-1)]
}

// TrivialPolicy makes one operation out of fourteen at a random strength, up
// to stronger ones than RandPolicy (Müller and Hutter, "TrivialAugment:
// Tuning-free Yet State-of-the-Art Data Augmentation", 2021).
type TrivialPolicy struct {
	NumMagnitudeBins int `yaml:"num_magnitude_bins"`
	// Fill is the gray value of what comes in from outside.
	Fill uint8 `yaml:"fill"`
}

// TrivialAugmentWide returns the policy with 31 bins.
func TrivialAugmentWide() TrivialPolicy { return TrivialPolicy{NumMagnitudeBins: 31} }

// Name implements Transform.
func (TrivialPolicy) Name() string { return "trivial_augment_wide" }

// Validate implements Transform.
func (p TrivialPolicy) Validate() error {
	return checkNumber("num_magnitude_bins", float64(p.NumMagnitudeBins), 2, maxBins)
}

// Draw implements Transform.
func (p TrivialPolicy) Draw(rng *rand.Rand, width, height int) []pixel.Step {
	o := anyOperation(rng, wideOperations)
	strength := strengthOf(rng.IntN(p.NumMagnitudeBins), p.NumMagnitudeBins)
	return o.draw(rng, strength, width, height, p.Fill)
}
