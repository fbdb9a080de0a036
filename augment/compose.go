package augment

import (
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/dataset"
)

// decides tells whether a transform, which may be a composition of others, sets
// the size of every image.
func decides(t Transform) bool {
	if c, ok := t.(interface{ decides() bool }); ok {
		return c.decides()
	}
	_, ok := t.(sizer)
	return ok
}

// decides tells whether one of the transforms, which all happen, sets the size.
func (p Pipeline) decides() bool {
	for _, t := range p {
		if decides(t) {
			return true
		}
	}
	return false
}

// withSize returns the pipeline with all sizes set that were left open.
func (p Pipeline) withSize(width, height int) Pipeline {
	sized := make(Pipeline, len(p))
	for i, t := range p {
		if s, ok := t.(sizer); ok {
			t = s.withSize(width, height)
		}
		sized[i] = t
	}
	return sized
}

// checkParts tells what is wrong with the parts of a composition.
func checkParts(p Pipeline) error {
	if len(p) == 0 {
		return errors.New("transforms is empty")
	}
	var faults []error
	for i, t := range p {
		err := t.Validate()
		if _, ok := t.(Normalization); ok {
			err = errors.New("holds for all images: it must stand in the outermost list")
		}
		if isMixer(t) {
			err = errors.New("mixes finished images: it must stand in the outermost list")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("transform %d, %s: %w", i+1, t.Name(), err))
		}
	}
	return errors.Join(faults...)
}

// Applying makes all of its transforms, one after the other, with probability
// P, and else none.
type Applying struct {
	Transforms Pipeline `yaml:"transforms"`
	P          float64  `yaml:"p"`
}

// RandomApply returns the composition with probability p.
func RandomApply(p float64, transforms ...Transform) Applying { return Applying{transforms, p} }

// Name implements Transform.
func (Applying) Name() string { return "random_apply" }

// Validate implements Transform.
func (a Applying) Validate() error {
	return errors.Join(draft.CheckShare("p", a.P), checkParts(a.Transforms))
}

// Draw implements Transform.
func (a Applying) Draw(d *draft.Draft) {
	key := dataset.Key{Seed: d.Uint64()}
	if d.Chance(a.P) {
		d.All(key, a.Transforms)
	}
}

func (a Applying) decides() bool { return a.P == 1 && a.Transforms.decides() }

func (a Applying) withSize(width, height int) Transform {
	a.Transforms = a.Transforms.withSize(width, height)
	return a
}

// Shuffling makes all of its transforms in random order.
type Shuffling struct {
	Transforms Pipeline `yaml:"transforms"`
}

// RandomOrder returns the composition.
func RandomOrder(transforms ...Transform) Shuffling { return Shuffling{transforms} }

// Name implements Transform.
func (Shuffling) Name() string { return "random_order" }

// Validate implements Transform.
func (s Shuffling) Validate() error { return checkParts(s.Transforms) }

// Draw implements Transform.
func (s Shuffling) Draw(d *draft.Draft) {
	key := dataset.Key{Seed: d.Uint64()}
	d.Some(key, s.Transforms, d.Perm(len(s.Transforms)))
}

func (s Shuffling) decides() bool { return s.Transforms.decides() }

func (s Shuffling) withSize(width, height int) Transform {
	s.Transforms = s.Transforms.withSize(width, height)
	return s
}
