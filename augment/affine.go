package augment

import (
	"errors"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Affinity turns, shifts, scales and shears images about their centre. The
// size stays, and what comes in from outside shows the gray value Fill.
type Affinity struct {
	// DegreesRange is clockwise, as in torchvision's affine.
	DegreesRange [2]float64 `yaml:"degrees_range"`
	// Translate is the largest shift either way, as a share of the width and
	// of the height.
	Translate [2]float64 `yaml:"translate"`
	// ScaleRange is the factor of the size.
	ScaleRange [2]float64 `yaml:"scale_range"`
	// ShearXRange and ShearYRange are in degrees.
	ShearXRange [2]float64 `yaml:"shear_x_range"`
	ShearYRange [2]float64 `yaml:"shear_y_range"`
	Fill        uint8      `yaml:"fill"`
	// P is the probability of doing anything at all.
	P float64 `yaml:"p"`
}

// RandomAffine returns the transform that turns by up to so many degrees in
// either direction, shifts by up to the share translate of each side, scales by
// the factors of scaleRange, and shears by up to so many degrees along the rows.
func RandomAffine(degrees, translate float64, scaleRange [2]float64, shear float64) Affinity {
	return Affinity{
		DegreesRange: [2]float64{-degrees, degrees}, Translate: [2]float64{translate, translate},
		ScaleRange: scaleRange, ShearXRange: [2]float64{-shear, shear}, P: 1,
	}
}

// Name implements Transform.
func (Affinity) Name() string { return "affine" }

// Validate implements Transform.
func (a Affinity) Validate() error {
	const steepest = 85
	var translate error
	for _, share := range a.Translate {
		translate = errors.Join(translate, draft.CheckShare("translate", share))
	}
	return errors.Join(
		draft.CheckRange("degrees_range", a.DegreesRange, -360, 360), translate,
		draft.CheckRange("scale_range", a.ScaleRange, 0.01, 100),
		draft.CheckRange("shear_x_range", a.ShearXRange, -steepest, steepest),
		draft.CheckRange("shear_y_range", a.ShearYRange, -steepest, steepest),
		draft.CheckShare("p", a.P),
	)
}

// Draw implements Transform. Shifts are by whole pixels.
func (a Affinity) Draw(d *draft.Draft) {
	if !d.Chance(a.P) {
		return
	}
	shift := func(share float64, side int) float64 {
		most := share * float64(side)
		return math.Round(d.Between([2]float64{-most, most}))
	}
	draft.Add(d, pixel.Affine{
		Degrees: d.Between(a.DegreesRange),
		X:       shift(a.Translate[0], d.Width), Y: shift(a.Translate[1], d.Height),
		Scale:  d.Between(a.ScaleRange),
		ShearX: d.Between(a.ShearXRange), ShearY: d.Between(a.ShearYRange),
		Fill: a.Fill,
	})
}
