package augment

import (
	"errors"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/pixel"
)

// Compression leaves the traces of a JPEG file in images.
type Compression struct {
	// QualityRange is from 1 to 100, which is the best.
	QualityRange [2]int `yaml:"quality_range"`
	// P is the probability of compressing at all.
	P float64 `yaml:"p"`
}

// JPEGCompression returns the transform that always compresses, to a quality
// from low to high.
func JPEGCompression(low, high int) Compression { return Compression{[2]int{low, high}, 1} }

// Name implements Transform.
func (Compression) Name() string { return "jpeg_compression" }

// Validate implements Transform.
func (c Compression) Validate() error {
	quality := [2]float64{float64(c.QualityRange[0]), float64(c.QualityRange[1])}
	return errors.Join(checkRange("quality_range", quality, 1, 100), checkShare("p", c.P))
}

// Draw implements Transform.
func (c Compression) Draw(rng *rand.Rand, _, _ int) []pixel.Step {
	if rng.Float64() >= c.P {
		return nil
	}
	return []pixel.Step{&pixel.JPEG{Quality: drawInt(rng, c.QualityRange)}}
}
