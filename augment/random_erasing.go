package augment

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// Erasing covers a random rectangle of the image (Zhong et al., "Random
// Erasing Data Augmentation", 2017).
type Erasing struct {
	// P is the probability of covering at all.
	P float64 `yaml:"p"`
	// ScaleRange is the rectangle's share of the image's area.
	ScaleRange [2]float64 `yaml:"scale_range"`
	// RatioRange is the rectangle's width over its height.
	RatioRange [2]float64 `yaml:"ratio_range"`
	// Value is what covers: EraseGray or EraseNoise.
	Value string `yaml:"value"`
}

// What Erasing covers with.
const (
	EraseGray  = "gray"  // the value 127, near to 0 after normalisation
	EraseNoise = "noise" // random values
)

// RandomErasing returns the transform with probability p, gray, and
// torchvision's ranges: 0.02 to 0.33 of the area, 3:10 to 10:3.
func RandomErasing(p float64) Erasing {
	return Erasing{p, [2]float64{0.02, 0.33}, [2]float64{0.3, 3.3}, EraseGray}
}

// Name implements Transform.
func (Erasing) Name() string { return "random_erasing" }

// Validate implements Transform.
func (e Erasing) Validate() error {
	var value error
	if e.Value != EraseGray && e.Value != EraseNoise {
		value = fmt.Errorf("value is %q, and must be %s or %s", e.Value, EraseGray, EraseNoise)
	}
	return errors.Join(
		checkShare("p", e.P),
		checkRange("scale_range", e.ScaleRange, 1e-4, 1),
		checkRange("ratio_range", e.RatioRange, 1e-4, 1e4),
		value,
	)
}

// Draw implements Transform: up to ten draws, then nothing.
func (e Erasing) Draw(rng *rand.Rand, width, height int) []pixel.Step {
	if rng.Float64() >= e.P {
		return nil
	}
	for range 10 {
		w, h := drawSides(rng, width, height, e.ScaleRange, e.RatioRange)
		if w < 1 || h < 1 || w >= width || h >= height {
			continue
		}
		erase := &pixel.Erase{
			X: rng.IntN(width - w + 1), Y: rng.IntN(height - h + 1), W: w, H: h, Fill: 127,
		}
		if e.Value == EraseNoise {
			erase.Noise = rng.Uint64() | 1
		}
		return []pixel.Step{erase}
	}
	return nil
}
