package pixel

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/resample"
)

// A Normalization turns 8-bit values v into (v/255 - Mean) / Std, with a mean
// and a standard deviation for each channel.
type Normalization struct {
	Mean []float32 `json:"mean" yaml:"mean"`
	Std  []float32 `json:"std" yaml:"std"`
}

// DefaultNormalization has the moments of ImageNet: for three channels those
// that torchvision's models expect, for one their average.
func DefaultNormalization(channels int) Normalization {
	if channels == 1 {
		return Normalization{Mean: []float32{0.449}, Std: []float32{0.226}}
	}
	return Normalization{Mean: []float32{0.485, 0.456, 0.406}, Std: []float32{0.229, 0.224, 0.225}}
}

// Validate tells what is wrong with a normalization of so many channels.
func (n Normalization) Validate(channels int) error {
	if len(n.Mean) != channels || len(n.Std) != channels {
		return fmt.Errorf("normalization has %d means and %d standard deviations for %d channels",
			len(n.Mean), len(n.Std), channels)
	}
	for i, std := range n.Std {
		if !(std > 0) || math.IsInf(float64(std), 0) || math.IsNaN(float64(n.Mean[i])) {
			return fmt.Errorf("normalization of channel %d has mean %v and standard deviation %v",
				i, n.Mean[i], std)
		}
	}
	return nil
}

// A Filler writes images into the slots of a batch under one normalization.
// The zero Filler is none: Set it.
type Filler struct{ norm resample.Norm }

// NewFiller returns the filler of a valid normalization.
func NewFiller(n Normalization) *Filler {
	f := new(Filler)
	f.Set(n)
	return f
}

// Set makes f the filler of a valid normalization. It takes no memory.
// Values are v*(1/(255*Std)) + -Mean/Std in float32, rounded after the product
// and after the sum.
func (f *Filler) Set(n Normalization) {
	var scale, bias [3]float32
	channels := len(n.Mean)
	for c := range n.Mean {
		scale[c] = float32(1 / (255 * float64(n.Std[c])))
		bias[c] = float32(-float64(n.Mean[c]) / float64(n.Std[c]))
	}
	f.norm.Set(scale[:channels], bias[:channels])
}

// Fill writes the normalised values of m in the order height, width, channel.
// It panics where m has other channels than the normalization, or dst other
// than Width*Height*Channels elements.
func (f *Filler) Fill(dst []float32, m *Image) {
	target := resample.Target{Floats: dst, Norm: &f.norm, Channels: m.Channels}
	source := m.source()
	new(resample.Resampler).Copy(&target, &source, m.Bounds(), false)
}
