package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Rotation turns images about their centre. The size stays, and the corners
// that come in from outside show the gray value Fill.
type Rotation struct {
	// DegreesRange is counter-clockwise.
	DegreesRange [2]float64 `yaml:"degrees_range"`
	Fill         uint8      `yaml:"fill"`
	// P is the probability of turning at all.
	P float64 `yaml:"p"`
}

// RandomRotation returns the transform for angles up to so many degrees in
// either direction.
func RandomRotation(degrees float64) Rotation {
	return Rotation{DegreesRange: [2]float64{-degrees, degrees}, P: 1}
}

// Name implements Transform.
func (Rotation) Name() string { return "rotation" }

// Validate implements Transform.
func (r Rotation) Validate() error {
	return errors.Join(draft.CheckRange("degrees_range", r.DegreesRange, -360, 360), draft.CheckShare("p", r.P))
}

// Draw implements Transform.
func (r Rotation) Draw(d *draft.Draft) {
	if !d.Chance(r.P) {
		return
	}
	draft.Add(d, pixel.Rotate{Degrees: d.Between(r.DegreesRange), Fill: r.Fill})
}
