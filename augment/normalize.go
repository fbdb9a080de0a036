package augment

import (
	"fmt"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Normalization sets with which means and standard deviations, one for each
// channel, the batch is filled. It has no step of its own, wherever it stands.
type Normalization struct {
	Mean []float32 `yaml:"mean"`
	Std  []float32 `yaml:"std"`
}

// Normalize returns the transform with these moments of values from 0 to 1.
func Normalize(mean, std []float32) Normalization { return Normalization{mean, std} }

// Name implements Transform.
func (Normalization) Name() string { return "normalize" }

// Validate implements Transform.
func (n Normalization) Validate() error {
	if len(n.Mean) != 1 && len(n.Mean) != 3 {
		return fmt.Errorf("mean has %d numbers, but must have 1 or 3, one per channel", len(n.Mean))
	}
	return n.normalization().Validate(len(n.Mean))
}

// Draw implements Transform.
func (n Normalization) Draw(d *draft.Draft) {
	d.Normalize(pixel.Normalization{Mean: n.Mean, Std: n.Std})
}

func (n Normalization) normalization() *pixel.Normalization {
	return &pixel.Normalization{Mean: n.Mean, Std: n.Std}
}
