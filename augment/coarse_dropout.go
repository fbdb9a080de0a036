package augment

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// Dropout covers several rectangles of the image (DeVries and Taylor,
// "Improved Regularization of Convolutional Neural Networks with Cutout", 2017).
type Dropout struct {
	// HolesRange is how many rectangles there are.
	HolesRange [2]int `yaml:"holes_range"`
	// WidthRange and HeightRange are each one's share of the image's sides.
	WidthRange  [2]float64 `yaml:"width_range"`
	HeightRange [2]float64 `yaml:"height_range"`
	// Fill is the gray value that covers.
	Fill uint8 `yaml:"fill"`
	// P is the probability of covering at all.
	P float64 `yaml:"p"`
}

// CoarseDropout returns the transform with probability p: one to eight black
// rectangles with sides of 0.05 to 0.15 of the image's.
func CoarseDropout(p float64) Dropout {
	sides := [2]float64{0.05, 0.15}
	return Dropout{HolesRange: [2]int{1, 8}, WidthRange: sides, HeightRange: sides, P: p}
}

// Name implements Transform.
func (Dropout) Name() string { return "coarse_dropout" }

// Validate implements Transform.
func (d Dropout) Validate() error {
	holes := [2]float64{float64(d.HolesRange[0]), float64(d.HolesRange[1])}
	return errors.Join(
		checkRange("holes_range", holes, 1, 1000),
		checkRange("width_range", d.WidthRange, 0, 1),
		checkRange("height_range", d.HeightRange, 0, 1), checkShare("p", d.P),
	)
}

// Draw implements Transform. Rectangles lie within the image and may overlap.
func (d Dropout) Draw(rng *rand.Rand, width, height int) []pixel.Step {
	if rng.Float64() >= d.P {
		return nil
	}
	side := func(share [2]float64, whole int) int {
		return max(1, int(math.Round(between(rng, share)*float64(whole))))
	}
	steps := make([]pixel.Step, drawInt(rng, d.HolesRange))
	for i := range steps {
		w, h := side(d.WidthRange, width), side(d.HeightRange, height)
		x, y := rng.IntN(width-w+1), rng.IntN(height-h+1)
		steps[i] = &pixel.Erase{X: x, Y: y, W: w, H: h, Fill: d.Fill}
	}
	return steps
}

// drawInt draws a whole number of a range, both ends included.
func drawInt(rng *rand.Rand, r [2]int) int { return r[0] + rng.IntN(r[1]-r[0]+1) }
