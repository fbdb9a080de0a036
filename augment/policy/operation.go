package policy

import (
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// An operation is one thing that the policies do, at a strength from 0 to 1.
type operation struct {
	name string
	// most is the parameter at strength 1; at 0 it is 0.
	most float64
	// isSigned tells that half of the draws have the parameter's negative.
	isSigned bool
	// add adds what is done, which may be nothing.
	add func(d *draft.Draft, v float64, l look)
}

// draw draws an operation at a strength. Where it does not happen it draws the
// same numbers.
func (o operation) draw(d *draft.Draft, strength float64, l look, happens bool) {
	v := o.most * strength
	if negative := d.Chance(0.5); negative && o.isSigned {
		v = -v
	}
	if happens {
		o.add(d, v, l)
	}
}

// A look is how operations that move pixels show the image.
type look struct {
	interpolation pixel.Interpolation
	fill          draft.Fill
}

// check tells what is wrong with it.
func (l look) check() error {
	return draft.CheckWord("interpolation", l.interpolation, pixel.Nearest, pixel.Bilinear)
}

// affine adds a map that keeps the scale.
func (l look) affine(d *draft.Draft, step pixel.Affine) {
	step.Scale, step.Interpolation, step.Fill = 1, l.interpolation, l.fill
	draft.Add(d, step)
}

// strengthOf returns the strength of one of so many bins.
func strengthOf(bin, bins int) float64 { return float64(bin) / float64(bins-1) }

// A space says how strong operations are at strength 1.
type space struct {
	shear   float64 // pixels across for each pixel down
	shift   float64 // what pixels turns into pixels
	degrees float64
	factor  float64 // of the colour operations, away from 1
	bits    float64 // that posterize takes away from those there are at strength 0
	allBits float64
	pixels  func(v float64, side int) float64
}

// byShare shifts by a share of the side, byPixels by pixels.
func byShare(v float64, side int) float64 { return v * float64(side) }
func byPixels(v float64, _ int) float64   { return v }

// The operations of AutoAugment and RandAugment, of TrivialAugmentWide, and of
// AugMix. Only AutoAugment inverts: invert stands last. The operations of
// AugMix lack the identity.
var (
	usualOperations = space{0.3, 150. / 331, 30, 0.9, 4, 8, byShare}.operations()
	wideOperations  = space{0.99, 32, 135, 0.99, 6, 8, byPixels}.operations()
	mixOperations   = space{0.3, 1. / 3, 30, 0.9, 4, 4, byShare}.operations()[1:]
)

// operations returns the operations with these strengths.
func (s space) operations() []operation {
	return append(s.moving(), append(s.colouring(), []operation{
		{"posterize", s.bits, false, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Posterize{Bits: int(math.RoundToEven(s.allBits - v))})
		}},
		{"solarize", 1, false, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Solarize{Threshold: 255 * (1 - v)})
		}},
		{"auto_contrast", 0, false, func(d *draft.Draft, _ float64, _ look) {
			draft.Add(d, pixel.AutoContrast{})
		}},
		{"equalize", 0, false, func(d *draft.Draft, _ float64, _ look) {
			draft.Add(d, pixel.Equalize{})
		}},
		{"invert", 0, false, func(d *draft.Draft, _ float64, _ look) {
			draft.Add(d, pixel.Invert{})
		}},
	}...)...)
}

// moving returns the identity and the operations that move pixels. Shears
// leave the upper left corner where it is, not the centre.
func (s space) moving() []operation {
	degreesOf := func(slope float64) float64 { return math.Atan(slope) * 180 / math.Pi }
	return []operation{
		{"identity", 0, false, func(*draft.Draft, float64, look) {}},
		{"shear_x", s.shear, true, func(d *draft.Draft, v float64, l look) {
			l.affine(d, pixel.Affine{ShearX: degreesOf(v), X: -v * float64(d.Height) / 2})
		}},
		{"shear_y", s.shear, true, func(d *draft.Draft, v float64, l look) {
			l.affine(d, pixel.Affine{ShearY: degreesOf(v), Y: -v * float64(d.Width) / 2})
		}},
		{"translate_x", s.shift, true, func(d *draft.Draft, v float64, l look) {
			l.affine(d, pixel.Affine{X: math.Trunc(s.pixels(v, d.Width))})
		}},
		{"translate_y", s.shift, true, func(d *draft.Draft, v float64, l look) {
			l.affine(d, pixel.Affine{Y: math.Trunc(s.pixels(v, d.Height))})
		}},
		{"rotate", s.degrees, true, func(d *draft.Draft, v float64, l look) {
			draft.Add(d, pixel.Rotate{Degrees: v, Interpolation: l.interpolation, Fill: l.fill})
		}},
	}
}

// colouring returns the operations that multiply something by a factor.
func (s space) colouring() []operation {
	return []operation{
		{"brightness", s.factor, true, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Brightness{Factor: 1 + v})
		}},
		{"color", s.factor, true, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Saturation{Factor: 1 + v})
		}},
		{"contrast", s.factor, true, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Contrast{Factor: 1 + v})
		}},
		{"sharpness", s.factor, true, func(d *draft.Draft, v float64, _ look) {
			draft.Add(d, pixel.Sharpness{Factor: 1 + v})
		}},
	}
}

// operationNamed returns one of the usual operations.
func operationNamed(name string) operation {
	for _, o := range usualOperations {
		if o.name == name {
			return o
		}
	}
	panic("policy: no operation is called " + name)
}

// anyOperation chooses one, all but the last alike, which is invert.
func anyOperation(d *draft.Draft, operations []operation) operation {
	return operations[d.IntN(len(operations)-1)]
}
