package pixel

import (
	"strconv"

	"github.com/dsbuild/dsbuild/internal/kernel/filter"
)

// The tone steps give each value another one, whatever is around it. They are
// those of torchvision on 8-bit tensors, bit for bit, and of Pillow's ImageOps.

// Posterize keeps the highest Bits bits of every value, 0 to 8.
type Posterize struct{ Bits int }

// Size implements Step.
func (*Posterize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (p *Posterize) Apply(m *Image, s *Scratch) *Image { return applyColour(p.op(), m, s) }

func (p *Posterize) op() filter.Op { return filter.Posterize(p.Bits) }

func (p *Posterize) String() string { return "posterize " + strconv.Itoa(p.Bits) + " bits" }

// Solarize turns all values of at least Threshold into their complements.
type Solarize struct{ Threshold float64 }

// Size implements Step.
func (*Solarize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (t *Solarize) Apply(m *Image, s *Scratch) *Image { return applyColour(t.op(), m, s) }

func (t *Solarize) op() filter.Op { return filter.Solarize(t.Threshold) }

func (t *Solarize) String() string { return "solarize " + number(t.Threshold) }

// Invert turns all values into their complements.
type Invert struct{}

// Size implements Step.
func (*Invert) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (i *Invert) Apply(m *Image, s *Scratch) *Image { return applyColour(i.op(), m, s) }

func (*Invert) op() filter.Op { return filter.Invert() }

func (*Invert) String() string { return "invert" }

// AutoContrast spreads the values of each channel from 0 to 255.
type AutoContrast struct{}

// Size implements Step.
func (*AutoContrast) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*AutoContrast) Apply(m *Image, s *Scratch) *Image {
	s.kernels().filter.AutoContrast(m.Pix, m.Channels)
	return m
}

func (*AutoContrast) String() string { return "autocontrast" }

// Equalize gives each channel about as many pixels of every value.
type Equalize struct{}

// Size implements Step.
func (*Equalize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Equalize) Apply(m *Image, s *Scratch) *Image {
	s.kernels().filter.Equalize(m.Pix, m.Channels)
	return m
}

func (*Equalize) String() string { return "equalize" }
