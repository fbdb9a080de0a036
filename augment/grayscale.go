package augment

import (
	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Graying takes the colours out of images with probability P.
type Graying struct {
	P float64 `yaml:"p"`
}

// Grayscale returns the transform with probability p.
func Grayscale(p float64) Graying { return Graying{p} }

// Name implements Transform.
func (Graying) Name() string { return "grayscale" }

// Validate implements Transform.
func (g Graying) Validate() error { return draft.CheckShare("p", g.P) }

// Draw implements Transform.
func (g Graying) Draw(d *draft.Draft) {
	if !d.Chance(g.P) {
		return
	}
	draft.Add(d, pixel.Gray{})
}
