package augment

import (
	"errors"
	"math/rand/v2"

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
		checkRange("brightness", [2]float64{0, j.Brightness}, 0, most),
		checkRange("contrast", [2]float64{0, j.Contrast}, 0, most),
		checkRange("saturation", [2]float64{0, j.Saturation}, 0, most),
		checkRange("hue", [2]float64{0, j.Hue}, 0, 0.5),
	)
}

// Draw implements Transform. It draws the same numbers whatever the strengths,
// so that changing one leaves the others' draws as they were.
func (j Jitter) Draw(rng *rand.Rand, _, _ int) []pixel.Step {
	factor := func(strength float64) float64 {
		return between(rng, [2]float64{max(0, 1-strength), 1 + strength})
	}
	all := []struct {
		strength float64
		step     pixel.Step
	}{
		{j.Brightness, &pixel.Brightness{Factor: factor(j.Brightness)}},
		{j.Contrast, &pixel.Contrast{Factor: factor(j.Contrast)}},
		{j.Saturation, &pixel.Saturation{Factor: factor(j.Saturation)}},
		{j.Hue, &pixel.Hue{Turn: between(rng, [2]float64{-j.Hue, j.Hue})}},
	}
	rng.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	var steps []pixel.Step
	for _, s := range all {
		if s.strength > 0 {
			steps = append(steps, s.step)
		}
	}
	return steps
}
