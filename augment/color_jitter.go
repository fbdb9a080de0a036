package augment

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/pixel/imaging"
)

// Factors are a range of factors. In recipes they are two numbers, or one
// number b for those from max(0, 1-b) to 1+b. The zero value, as a range of 1
// alone, changes nothing.
type Factors [2]float64

// FactorsOf returns the factors from max(0, 1-strength) to 1+strength.
func FactorsOf(strength float64) Factors { return Factors{max(0, 1-strength), 1 + strength} }

// UnmarshalYAML implements yaml.Unmarshaler.
func (f *Factors) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return recipe.DecodeNode(node, (*[2]float64)(f))
	}
	var strength float64
	err := recipe.DecodeNode(node, &strength)
	*f = FactorsOf(strength)
	return err
}

// act returns the range, and whether it changes anything.
func (f Factors) act() ([2]float64, bool) {
	if f == (Factors{}) {
		f = Factors{1, 1}
	}
	return f, f != Factors{1, 1}
}

// Turns are a range of angles in whole turns. In recipes they are two numbers,
// or one number h for those from -h to h.
type Turns [2]float64

// UnmarshalYAML implements yaml.Unmarshaler.
func (t *Turns) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return recipe.DecodeNode(node, (*[2]float64)(t))
	}
	var most float64
	err := recipe.DecodeNode(node, &most)
	*t = Turns{0 - most, most}
	return err
}

// Jitter changes brightness, contrast and saturation by random factors and
// the hue by a random angle, in random order, as torchvision's ColorJitter
// does.
type Jitter struct {
	Brightness Factors `yaml:"brightness"`
	Contrast   Factors `yaml:"contrast"`
	Saturation Factors `yaml:"saturation"`
	// Hue is within half a turn either way.
	Hue     Turns   `yaml:"hue"`
	Profile Profile `yaml:"profile"`
}

// ColorJitter returns the transform with factors from 1-b to 1+b for each of
// the first three, and angles from -hue to hue of a whole turn, hue being at
// most 0.5.
func ColorJitter(brightness, contrast, saturation, hue float64) Jitter {
	return Jitter{
		FactorsOf(brightness), FactorsOf(contrast), FactorsOf(saturation), Turns{0 - hue, hue},
		Torchvision,
	}
}

// Name implements Transform.
func (Jitter) Name() string { return "color_jitter" }

// Validate implements Transform.
func (j Jitter) Validate() error {
	const most = 101
	return errors.Join(
		draft.CheckRange("brightness", j.Brightness, 0, most),
		draft.CheckRange("contrast", j.Contrast, 0, most),
		draft.CheckRange("saturation", j.Saturation, 0, most),
		draft.CheckRange("hue", j.Hue, -0.5, 0.5), j.Profile.check(),
	)
}

// Draw implements Transform. It draws the same numbers whatever the strengths,
// so that changing one leaves the others' draws as they were.
func (j Jitter) Draw(d *draft.Draft) {
	var factors [3]float64
	var acts [4]bool
	for i, f := range [3]Factors{j.Brightness, j.Contrast, j.Saturation} {
		r, isOn := f.act()
		factors[i], acts[i] = d.Between(r), isOn
	}
	turn := d.Between(j.Hue)
	acts[3] = j.Hue != Turns{}
	for _, which := range d.Perm(4) {
		switch {
		case !acts[which]:
		case which == 3:
			draft.Add(d, pixel.Hue{Turn: turn})
		case j.Profile == Imaging:
			addImaging(d, which, 100*(factors[which]-1))
		default:
			addFactor(d, which, factors[which])
		}
	}
}

// addFactor adds the change of brightness, contrast or saturation.
func addFactor(d *draft.Draft, which int, factor float64) {
	switch which {
	case 0:
		draft.Add(d, pixel.Brightness{Factor: factor})
	case 1:
		draft.Add(d, pixel.Contrast{Factor: factor})
	case 2:
		draft.Add(d, pixel.Saturation{Factor: factor})
	}
}

// addImaging is addFactor with the meanings of Imaging.
func addImaging(d *draft.Draft, which int, percentage float64) {
	switch which {
	case 0:
		draft.Add(d, imaging.Brightness{Percentage: percentage})
	case 1:
		draft.Add(d, imaging.Contrast{Percentage: percentage})
	case 2:
		draft.Add(d, imaging.Saturation{Percentage: percentage})
	}
}
