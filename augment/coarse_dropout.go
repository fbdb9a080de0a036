package augment

import (
	"errors"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
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
func (o Dropout) Validate() error {
	holes := [2]float64{float64(o.HolesRange[0]), float64(o.HolesRange[1])}
	return errors.Join(
		draft.CheckRange("holes_range", holes, 1, 1000),
		draft.CheckRange("width_range", o.WidthRange, 0, 1),
		draft.CheckRange("height_range", o.HeightRange, 0, 1), draft.CheckShare("p", o.P),
	)
}

// Draw implements Transform. Rectangles lie within the image and may overlap.
func (o Dropout) Draw(d *draft.Draft) {
	if !d.Chance(o.P) {
		return
	}
	side := func(share [2]float64, whole int) int {
		return max(1, int(math.Round(d.Between(share)*float64(whole))))
	}
	for range d.Int(o.HolesRange) {
		w, h := side(o.WidthRange, d.Width), side(o.HeightRange, d.Height)
		x, y := d.IntN(d.Width-w+1), d.IntN(d.Height-h+1)
		draft.Add(d, pixel.Erase{X: x, Y: y, W: w, H: h, Fill: o.Fill})
	}
}
