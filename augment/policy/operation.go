package augment

import (
	"math"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// An operation is one thing that the automatic policies do, at a strength from
// 0 to 1. The operations and their strengths are those of torchvision's v2
// transforms; the pixels of those that move them are interpolated.
type operation struct {
	name string
	// most is the parameter at strength 1; at 0 it is 0.
	most float64
	// isSigned tells that half of the draws have the parameter's negative.
	isSigned bool
	// step returns what is done, nil for nothing.
	step func(v float64, width, height int, fill uint8) pixel.Step
}

// draw returns an operation's steps at a strength.
func (o operation) draw(
	rng *rand.Rand, strength float64, width, height int, fill uint8,
) []pixel.Step {
	v := o.most * strength
	if negative := rng.Float64() < 0.5; negative && o.isSigned {
		v = -v
	}
	if step := o.step(v, width, height, fill); step != nil {
		return []pixel.Step{step}
	}
	return nil
}

// strengthOf returns the strength of one of so many bins.
func strengthOf(bin, bins int) float64 { return float64(bin) / float64(bins-1) }

// usualOperations are those of RandAugment and AutoAugment, wideOperations
// those of TrivialAugmentWide. The former shift by a share of the side, the
// latter by pixels. Only AutoAugment inverts: invert stands last.
var (
	usualOperations = operationsOf(0.3, 150./331, 30, 0.9, 4, func(v float64, side int) float64 {
		return v * float64(side)
	})
	wideOperations = operationsOf(0.99, 32, 135, 0.99, 6, func(v float64, _ int) float64 { return v })
)

// operationsOf returns the operations with these parameters at strength 1;
// pixels turns that of a shift into pixels.
func operationsOf(
	shear, shift, degrees, factor, bits float64, pixels func(v float64, side int) float64,
) []operation {
	degreesOf := func(slope float64) float64 { return math.Atan(slope) * 180 / math.Pi }
	return []operation{
		{"identity", 0, false, func(float64, int, int, uint8) pixel.Step { return nil }},
		// Shears leave the upper left corner where it is, not the centre.
		{"shear_x", shear, true, func(v float64, _, h int, fill uint8) pixel.Step {
			return &pixel.Affine{Scale: 1, ShearX: degreesOf(v), X: -v * float64(h) / 2, Fill: fill}
		}},
		{"shear_y", shear, true, func(v float64, w, _ int, fill uint8) pixel.Step {
			return &pixel.Affine{Scale: 1, ShearY: degreesOf(v), Y: -v * float64(w) / 2, Fill: fill}
		}},
		{"translate_x", shift, true, func(v float64, w, _ int, fill uint8) pixel.Step {
			return &pixel.Affine{Scale: 1, X: math.Trunc(pixels(v, w)), Fill: fill}
		}},
		{"translate_y", shift, true, func(v float64, _, h int, fill uint8) pixel.Step {
			return &pixel.Affine{Scale: 1, Y: math.Trunc(pixels(v, h)), Fill: fill}
		}},
		{"rotate", degrees, true, func(v float64, _, _ int, fill uint8) pixel.Step {
			return &pixel.Rotate{Degrees: v, Fill: fill}
		}},
		{"brightness", factor, true, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Brightness{Factor: 1 + v}
		}},
		{"color", factor, true, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Saturation{Factor: 1 + v}
		}},
		{"contrast", factor, true, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Contrast{Factor: 1 + v}
		}},
		{"sharpness", factor, true, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Sharpness{Factor: 1 + v}
		}},
		{"posterize", bits, false, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Posterize{Bits: int(math.RoundToEven(8 - v))}
		}},
		{"solarize", 1, false, func(v float64, _, _ int, _ uint8) pixel.Step {
			return &pixel.Solarize{Threshold: 255 * (1 - v)}
		}},
		{"auto_contrast", 0, false, func(float64, int, int, uint8) pixel.Step {
			return &pixel.AutoContrast{}
		}},
		{"equalize", 0, false, func(float64, int, int, uint8) pixel.Step { return &pixel.Equalize{} }},
		{"invert", 0, false, func(float64, int, int, uint8) pixel.Step { return &pixel.Invert{} }},
	}
}

// operationNamed returns one of the usual operations.
func operationNamed(name string) operation {
	for _, o := range usualOperations {
		if o.name == name {
			return o
		}
	}
	panic("augment: no operation is called " + name)
}
