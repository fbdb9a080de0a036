package pixel

import (
	"fmt"
	"math"
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
type Filler struct{ tables [][256]float32 }

// NewFiller returns the filler of a valid normalization.
func NewFiller(n Normalization) *Filler {
	f := &Filler{tables: make([][256]float32, len(n.Mean))}
	for c := range f.tables {
		for v := range f.tables[c] {
			f.tables[c][v] = (float32(v)/255 - n.Mean[c]) / n.Std[c]
		}
	}
	return f
}

// Fill writes the normalised values of m in the order height, width, channel.
// It panics where m has other channels than the normalization, or dst other
// than Width*Height*Channels elements.
func (f *Filler) Fill(dst []float32, m *Image) {
	if len(dst) != len(m.Pix) || m.Channels != len(f.tables) {
		panic(fmt.Sprintf("pixel: %d floats and %d normalised channels for an image of %dx%dx%d",
			len(dst), len(f.tables), m.Width, m.Height, m.Channels))
	}
	if m.Channels == 1 {
		table := &f.tables[0]
		for i, v := range m.Pix {
			dst[i] = table[v]
		}
		return
	}
	r, g, b := &f.tables[0], &f.tables[1], &f.tables[2]
	for i := 0; i+3 <= len(m.Pix); i += 3 {
		p, d := m.Pix[i:i+3:i+3], dst[i:i+3:i+3]
		d[0], d[1], d[2] = r[p[0]], g[p[1]], b[p[2]]
	}
}
