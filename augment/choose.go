package augment

import (
	"errors"
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/dataset"
)

// Choice makes one of its transforms (torchvision's RandomChoice).
type Choice struct {
	Transforms Pipeline `yaml:"transforms"`
	// Weights say how often each is chosen, relative to the others; all alike
	// where there are none.
	Weights []float64 `yaml:"weights,omitempty"`
}

// OneOf returns the composition that chooses all transforms alike.
func OneOf(transforms ...Transform) Choice { return Choice{Transforms: transforms} }

// Name implements Transform.
func (Choice) Name() string { return "one_of" }

// Validate implements Transform.
func (c Choice) Validate() error {
	faults := []error{checkParts(c.Transforms)}
	if c.Weights != nil && len(c.Weights) != len(c.Transforms) {
		faults = append(faults, fmt.Errorf("weights has %d numbers for %d transforms",
			len(c.Weights), len(c.Transforms)))
	}
	sum := 0.0
	for _, w := range c.Weights {
		faults = append(faults, draft.CheckNumber("weights", w, 0, 1e9))
		sum += w
	}
	if c.Weights != nil && !(sum > 0) {
		faults = append(faults, errors.New("weights are all 0"))
	}
	return errors.Join(faults...)
}

// Draw implements Transform.
func (c Choice) Draw(d *draft.Draft) {
	key := dataset.Key{Seed: d.Uint64()}
	chosen := [1]int{c.choose(d.Float64())}
	d.Some(key, c.Transforms, chosen[:])
}

// choose returns which transform a number from 0 to 1 stands for.
func (c Choice) choose(at float64) int {
	if c.Weights == nil {
		return int(at * float64(len(c.Transforms)))
	}
	sum := 0.0
	for _, w := range c.Weights {
		sum += w
	}
	chosen, left := 0, at*sum
	for i, w := range c.Weights {
		if w == 0 {
			continue
		}
		if chosen = i; left < w {
			break
		}
		left -= w
	}
	return chosen
}

// decides tells whether every transform sets the size.
func (c Choice) decides() bool {
	return len(c.Transforms) > 0 &&
		!slices.ContainsFunc(c.Transforms, func(t Transform) bool { return !decides(t) })
}

func (c Choice) withSize(width, height int) Transform {
	c.Transforms = c.Transforms.withSize(width, height)
	return c
}

// Selection makes some of its transforms, each at most once, in their order.
type Selection struct {
	Transforms Pipeline `yaml:"transforms"`
	// CountRange is how many.
	CountRange [2]int `yaml:"count_range"`
}

// SomeOf returns the composition that makes n of the transforms.
func SomeOf(n int, transforms ...Transform) Selection {
	return Selection{transforms, [2]int{n, n}}
}

// Name implements Transform.
func (Selection) Name() string { return "some_of" }

// Validate implements Transform.
func (s Selection) Validate() error {
	count := [2]float64{float64(s.CountRange[0]), float64(s.CountRange[1])}
	return errors.Join(
		checkParts(s.Transforms), draft.CheckRange("count_range", count, 0, float64(len(s.Transforms))),
	)
}

// Draw implements Transform.
func (s Selection) Draw(d *draft.Draft) {
	key := dataset.Key{Seed: d.Uint64()}
	chosen := d.Perm(len(s.Transforms))[:d.Int(s.CountRange)]
	slices.Sort(chosen)
	d.Some(key, s.Transforms, chosen)
}

// decides tells whether any selection sets the size.
func (s Selection) decides() bool {
	sizers := 0
	for _, t := range s.Transforms {
		if decides(t) {
			sizers++
		}
	}
	return s.CountRange[0] > len(s.Transforms)-sizers
}

func (s Selection) withSize(width, height int) Transform {
	s.Transforms = s.Transforms.withSize(width, height)
	return s
}
