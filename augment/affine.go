package augment

import (
	"errors"
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Affinity turns, shifts, scales and shears images about a point. The size
// stays.
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
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Center is the point that only shifts move, in pixels; the image's middle
	// where it is left out.
	Center *draft.Point `yaml:"center,omitempty"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
	// P is the probability of doing anything at all.
	P float64 `yaml:"p"`
}

// RandomAffine returns the transform that turns by up to so many degrees in
// either direction, shifts by up to the share translate of each side, scales by
// the factors of scaleRange, and shears by up to so many degrees along the rows.
func RandomAffine(degrees, translate float64, scaleRange [2]float64, shear float64) Affinity {
	return Affinity{
		DegreesRange: [2]float64{-degrees, degrees}, Translate: [2]float64{translate, translate},
		ScaleRange: scaleRange, ShearXRange: [2]float64{-shear, shear},
		Interpolation: pixel.Nearest, P: 1,
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
		checkLook(a.Interpolation, a.Center), draft.CheckShare("p", a.P),
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
		Interpolation: a.Interpolation, Center: (*[2]float64)(a.Center), Fill: a.Fill,
	})
}

// Rotation turns images about a point.
type Rotation struct {
	// DegreesRange is counter-clockwise.
	DegreesRange [2]float64 `yaml:"degrees_range"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Expand lets the result be as large as the turned image; otherwise, and
	// where a side would have more than 16384 pixels, the size stays.
	Expand bool `yaml:"expand"`
	// Center is the point that stays, in pixels; the image's middle where it is
	// left out.
	Center *draft.Point `yaml:"center,omitempty"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
	// P is the probability of turning at all.
	P float64 `yaml:"p"`
}

// RandomRotation returns the transform for angles up to so many degrees in
// either direction.
func RandomRotation(degrees float64) Rotation {
	return Rotation{
		DegreesRange: [2]float64{-degrees, degrees}, Interpolation: pixel.Nearest, P: 1,
	}
}

// Name implements Transform.
func (Rotation) Name() string { return "rotation" }

// Validate implements Transform.
func (r Rotation) Validate() error {
	return errors.Join(
		draft.CheckRange("degrees_range", r.DegreesRange, -360, 360),
		checkLook(r.Interpolation, r.Center), draft.CheckShare("p", r.P),
	)
}

// Draw implements Transform.
func (r Rotation) Draw(d *draft.Draft) {
	if !d.Chance(r.P) {
		return
	}
	step := pixel.Rotate{
		Degrees: d.Between(r.DegreesRange), Interpolation: r.Interpolation, Expand: r.Expand,
		Center: (*[2]float64)(r.Center), Fill: r.Fill,
	}
	if width, height := step.Size(d.Width, d.Height); max(width, height) > maxSide {
		step.Expand = false
	}
	draft.Add(d, step)
}

// checkLook tells what is wrong with how moved pixels are looked up, and about
// which point they are moved.
func checkLook(between pixel.Interpolation, center *draft.Point) error {
	err := draft.CheckWord("interpolation", between, pixel.Nearest, pixel.Bilinear)
	const most = 1 << 16
	if center != nil && !(math.Abs(center[0]) <= most && math.Abs(center[1]) <= most) {
		err = errors.Join(err, fmt.Errorf("center is %v, but must be two numbers of pixels", center))
	}
	return err
}
