package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
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
	return errors.Join(draft.CheckRange("quality_range", quality, 1, 100), draft.CheckShare("p", c.P))
}

// Draw implements Transform.
func (c Compression) Draw(d *draft.Draft) {
	if !d.Chance(c.P) {
		return
	}
	draft.Add(d, pixel.JPEG{Quality: d.Int(c.QualityRange)})
}
