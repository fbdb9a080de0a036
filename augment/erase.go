package augment

import (
	"errors"
	"math"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Cover is what covers a part of an image: a colour or random values. In
// recipes it is one number, for gray, three for a colour, or the word random.
type Cover struct {
	Fill   draft.Fill
	Random bool
}

// random is the word for random values.
const random = "random"

// UnmarshalYAML implements yaml.Unmarshaler.
func (c *Cover) UnmarshalYAML(node *yaml.Node) error {
	var word string
	if node.ShortTag() == "!!str" && node.Decode(&word) == nil {
		if word != random {
			return recipe.Errorf(node, "is %q, but must be one number, three, or the word %s", word, random)
		}
		*c = Cover{Random: true}
		return nil
	}
	*c = Cover{}
	return c.Fill.UnmarshalYAML(node)
}

// MarshalYAML implements yaml.Marshaler.
func (c Cover) MarshalYAML() (any, error) {
	if c.Random {
		return random, nil
	}
	return c.Fill.MarshalYAML()
}

// Erasing covers a random rectangle of the image (Zhong et al., "Random
// Erasing Data Augmentation", 2017).
type Erasing struct {
	// P is the probability of covering at all.
	P float64 `yaml:"p"`
	// ScaleRange is the rectangle's share of the image's area.
	ScaleRange [2]float64 `yaml:"scale_range"`
	// RatioRange is the rectangle's height over its width, as in torchvision.
	RatioRange [2]float64 `yaml:"ratio_range"`
	// Value is what covers.
	Value Cover `yaml:"value"`
}

// RandomErasing returns the transform with probability p and torchvision's
// ranges: 0.02 to 0.33 of the area, 3:10 to 33:10. It covers with the middle
// gray, 127, which is near to the 0 that torchvision's puts into normalised
// images.
func RandomErasing(p float64) Erasing {
	return Erasing{p, [2]float64{0.02, 0.33}, [2]float64{0.3, 3.3}, Cover{Fill: draft.Gray(127)}}
}

// Name implements Transform.
func (Erasing) Name() string { return "random_erasing" }

// Validate implements Transform.
func (e Erasing) Validate() error {
	return errors.Join(
		draft.CheckShare("p", e.P),
		draft.CheckRange("scale_range", e.ScaleRange, 1e-4, 1),
		draft.CheckRange("ratio_range", e.RatioRange, 1e-4, 1e4),
	)
}

// Draw implements Transform: up to ten draws, then nothing.
func (e Erasing) Draw(d *draft.Draft) {
	if !d.Chance(e.P) {
		return
	}
	for range 10 {
		h, w := drawSides(d, e.ScaleRange, e.RatioRange)
		if w < 1 || h < 1 || w >= d.Width || h >= d.Height {
			continue
		}
		erase := pixel.Erase{
			X: d.IntN(d.Width - w + 1), Y: d.IntN(d.Height - h + 1), W: w, H: h, Fill: e.Value.Fill,
		}
		if e.Value.Random {
			erase.Noise = d.Uint64() | 1
		}
		draft.Add(d, erase)
		return
	}
}

// Dropout covers several rectangles of the image (DeVries and Taylor,
// "Improved Regularization of Convolutional Neural Networks with Cutout", 2017).
type Dropout struct {
	// HolesRange is how many rectangles there are.
	HolesRange [2]int `yaml:"holes_range"`
	// WidthRange and HeightRange are each one's share of the image's sides.
	WidthRange  [2]float64 `yaml:"width_range"`
	HeightRange [2]float64 `yaml:"height_range"`
	// Fill is the colour that covers.
	Fill draft.Fill `yaml:"fill"`
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
	return errors.Join(
		draft.CheckInts("holes_range", o.HolesRange, 1, 1000),
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
