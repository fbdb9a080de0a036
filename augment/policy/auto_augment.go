package policy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// The policies of Auto, named after the data sets they were found for.
const (
	ImageNet = "imagenet"
	CIFAR10  = "cifar10"
	SVHN     = "svhn"
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

// Auto makes one of 25 pairs of operations, which were found by search on a
// data set (Cubuk et al., "AutoAugment: Learning Augmentation Policies from
// Data", 2018). Each operation of the pair has its own probability.
type Auto struct {
	Policy string `yaml:"policy"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
}

// AutoAugment returns the transform with one of the policies above.
func AutoAugment(policy string) Auto { return Auto{Policy: policy, Interpolation: pixel.Nearest} }

// Name implements draft.Transform.
func (Auto) Name() string { return "auto_augment" }

// Validate implements draft.Transform.
func (a Auto) Validate() error {
	if _, ok := autoTables[a.Policy]; !ok {
		return fmt.Errorf("policy is %q, but must be one of %v", a.Policy,
			slices.Sorted(maps.Keys(autoTables)))
	}
	return look{a.Interpolation, a.Fill}.check()
}

// Draw implements draft.Transform.
func (a Auto) Draw(d *draft.Draft) {
	pairs, l := autoTables[a.Policy], look{a.Interpolation, a.Fill}
	for _, c := range pairs[d.IntN(len(pairs))] {
		happens := d.Chance(c.p)
		operationNamed(c.operation).draw(d, strengthOf(c.bin, autoBins), l, happens)
	}
}
