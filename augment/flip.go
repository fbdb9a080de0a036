package augment

import (
	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Flip mirrors images left to right with probability P.
type Flip struct {
	P float64 `yaml:"p"`
}

// HorizontalFlip returns the transform with probability p.
func HorizontalFlip(p float64) Flip { return Flip{p} }

// Name implements Transform.
func (Flip) Name() string { return "horizontal_flip" }

// Validate implements Transform.
func (f Flip) Validate() error { return draft.CheckShare("p", f.P) }

// Draw implements Transform.
func (f Flip) Draw(d *draft.Draft) {
	if !d.Chance(f.P) {
		return
	}
	draft.Add(d, pixel.Flip{})
}

// FlipVertical mirrors images top to bottom with probability P.
type FlipVertical struct {
	P float64 `yaml:"p"`
}

// VerticalFlip returns the transform with probability p.
func VerticalFlip(p float64) FlipVertical { return FlipVertical{p} }

// Name implements Transform.
func (FlipVertical) Name() string { return "vertical_flip" }

// Validate implements Transform.
func (f FlipVertical) Validate() error { return draft.CheckShare("p", f.P) }

// Draw implements Transform.
func (f FlipVertical) Draw(d *draft.Draft) {
	if !d.Chance(f.P) {
		return
	}
	draft.Add(d, pixel.FlipVertical{})
}
