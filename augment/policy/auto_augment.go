package augment

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/dsbuild/dsbuild/pixel"
)

// The policies of AutoPolicy, named after the data sets they were found for.
const (
	AutoImageNet = "imagenet"
	AutoCIFAR10  = "cifar10"
	AutoSVHN     = "svhn"
)

// autoBins is how many strengths the policies tell apart.
const autoBins = 10

// A chance is an operation that may happen: with probability p, at the
// strength of a bin.
type chance struct {
	operation string
	p         float64
	bin       int
}

// AutoPolicy makes one of 25 pairs of operations, which were found by search
// on a data set (Cubuk et al., "AutoAugment: Learning Augmentation Policies
// from Data", 2018). Each operation of the pair has its own probability.
type AutoPolicy struct {
	Policy string `yaml:"policy"`
	// Fill is the gray value of what comes in from outside.
	Fill uint8 `yaml:"fill"`
}

// AutoAugment returns the transform with one of the policies above.
func AutoAugment(policy string) AutoPolicy { return AutoPolicy{Policy: policy} }

// Name implements Transform.
func (AutoPolicy) Name() string { return "auto_augment" }

// Validate implements Transform.
func (p AutoPolicy) Validate() error {
	if _, ok := autoPolicies[p.Policy]; !ok {
		return fmt.Errorf("policy is %q, and must be one of %v", p.Policy,
			slices.Sorted(maps.Keys(autoPolicies)))
	}
	return nil
}

// Draw implements Transform.
func (p AutoPolicy) Draw(rng *rand.Rand, width, height int) []pixel.Step {
	pairs := autoPolicies[p.Policy]
	var steps []pixel.Step
	for _, c := range pairs[rng.IntN(len(pairs))] {
		happens := rng.Float64() < c.p
		drawn := operationNamed(c.operation).draw(
			rng, strengthOf(c.bin, autoBins), width, height, p.Fill)
		if happens {
			steps = append(steps, drawn...)
		}
	}
	return steps
}
