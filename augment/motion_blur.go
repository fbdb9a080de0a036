package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Smearing blurs images along a line, as a moving camera does.
type Smearing struct {
	// LengthRange is the line's length in pixels of the image as it is when
	// its turn comes.
	LengthRange [2]float64 `yaml:"length_range"`
	// DegreesRange is the line's angle to the rows, counter-clockwise.
	DegreesRange [2]float64 `yaml:"degrees_range"`
	// P is the probability of blurring at all.
	P float64 `yaml:"p"`
}

// MotionBlur returns the transform with probability p, lines of 3 to 7 pixels
// and all directions.
func MotionBlur(p float64) Smearing { return Smearing{[2]float64{3, 7}, [2]float64{0, 180}, p} }

// Name implements Transform.
func (Smearing) Name() string { return "motion_blur" }

// Validate implements Transform.
func (s Smearing) Validate() error {
	return errors.Join(
		draft.CheckRange("length_range", s.LengthRange, 1, 200),
		draft.CheckRange("degrees_range", s.DegreesRange, -360, 360), draft.CheckShare("p", s.P),
	)
}

// Draw implements Transform.
func (s Smearing) Draw(d *draft.Draft) {
	if !d.Chance(s.P) {
		return
	}
	draft.Add(d, pixel.MotionBlur{
		Length: d.Between(s.LengthRange), Degrees: d.Between(s.DegreesRange),
	})
}
