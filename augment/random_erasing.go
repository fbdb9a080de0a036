package augment

import (
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/augment/draft"
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
		draft.CheckShare("p", e.P),
		draft.CheckRange("scale_range", e.ScaleRange, 1e-4, 1),
		draft.CheckRange("ratio_range", e.RatioRange, 1e-4, 1e4),
		value,
	)
}

// Draw implements Transform: up to ten draws, then nothing.
func (e Erasing) Draw(d *draft.Draft) {
	if !d.Chance(e.P) {
		return
	}
	for range 10 {
		w, h := drawSides(d, e.ScaleRange, e.RatioRange)
		if w < 1 || h < 1 || w >= d.Width || h >= d.Height {
			continue
		}
		erase := pixel.Erase{
			X: d.IntN(d.Width - w + 1), Y: d.IntN(d.Height - h + 1), W: w, H: h, Fill: 127,
		}
		if e.Value == EraseNoise {
			erase.Noise = d.Uint64() | 1
		}
		draft.Add(d, erase)
		return
	}
}
