package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Jitter changes brightness, contrast and saturation by random factors and
// the hue by a random angle, in random order, as torchvision's ColorJitter
// does.
type Jitter struct {
	// Brightness, Contrast and Saturation b give factors from max(0, 1-b) to
	// 1+b; 0 leaves them alone.
	Brightness float64 `yaml:"brightness"`
	Contrast   float64 `yaml:"contrast"`
	Saturation float64 `yaml:"saturation"`
	// Hue h gives angles from -h to h of a whole turn; at most 0.5.
	Hue float64 `yaml:"hue"`
}

// ColorJitter returns the transform with these strengths.
func ColorJitter(brightness, contrast, saturation, hue float64) Jitter {
	return Jitter{brightness, contrast, saturation, hue}
}

// Name implements Transform.
func (Jitter) Name() string { return "color_jitter" }

// Validate implements Transform.
func (j Jitter) Validate() error {
	const most = 100
	return errors.Join(
		draft.CheckRange("brightness", [2]float64{0, j.Brightness}, 0, most),
		draft.CheckRange("contrast", [2]float64{0, j.Contrast}, 0, most),
		draft.CheckRange("saturation", [2]float64{0, j.Saturation}, 0, most),
		draft.CheckRange("hue", [2]float64{0, j.Hue}, 0, 0.5),
	)
}

// Draw implements Transform. It draws the same numbers whatever the strengths,
// so that changing one leaves the others' draws as they were.
func (j Jitter) Draw(d *draft.Draft) {
	factor := func(strength float64) float64 {
		return d.Between([2]float64{max(0, 1-strength), 1 + strength})
	}
	brightness, contrast, saturation := factor(j.Brightness), factor(j.Contrast), factor(j.Saturation)
	turn := d.Between([2]float64{-j.Hue, j.Hue})
	for _, which := range d.Perm(4) {
		switch {
		case which == 0 && j.Brightness > 0:
			draft.Add(d, pixel.Brightness{Factor: brightness})
		case which == 1 && j.Contrast > 0:
			draft.Add(d, pixel.Contrast{Factor: contrast})
		case which == 2 && j.Saturation > 0:
			draft.Add(d, pixel.Saturation{Factor: saturation})
		case which == 3 && j.Hue > 0:
			draft.Add(d, pixel.Hue{Turn: turn})
		}
	}
}
