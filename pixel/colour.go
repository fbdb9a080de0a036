package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/filter"

// The colour steps have torchvision's meaning on 8-bit tensors: results are
// clipped and rounded down, and the gray value of a pixel is
// 0.2989 R + 0.587 G + 0.114 B, rounded down. Gray images have no hue and no
// saturation: those steps leave them as they are. All of them change images in
// place, and several in a row go over the pixels together.

// Brightness multiplies all values by Factor.
type Brightness struct{ Factor float64 }

// Size implements Step.
func (*Brightness) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (b *Brightness) Apply(m *Image, s *Scratch) *Image { return applyColour(b.op(), m, s) }

func (b *Brightness) op() filter.Op { return filter.Brightness(b.Factor) }

func (b *Brightness) String() string { return "brightness " + number(b.Factor) }

// Contrast moves all values away from the image's mean gray value, to Factor
// times their distance.
type Contrast struct{ Factor float64 }

// Size implements Step.
func (*Contrast) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (c *Contrast) Apply(m *Image, s *Scratch) *Image { return applyColour(c.op(), m, s) }

func (c *Contrast) op() filter.Op { return filter.Contrast(c.Factor) }

func (c *Contrast) String() string { return "contrast " + number(c.Factor) }

// Saturation moves the channels of each pixel away from its gray value, to
// Factor times their distance.
type Saturation struct{ Factor float64 }

// Size implements Step.
func (*Saturation) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (c *Saturation) Apply(m *Image, s *Scratch) *Image { return applyColour(c.op(), m, s) }

func (c *Saturation) op() filter.Op { return filter.Saturation(c.Factor) }

func (c *Saturation) String() string { return "saturation " + number(c.Factor) }

// Gray takes the colours out of an image; its channels stay.
type Gray struct{}

// Size implements Step.
func (*Gray) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (g *Gray) Apply(m *Image, s *Scratch) *Image { return applyColour(g.op(), m, s) }

func (*Gray) op() filter.Op { return filter.Grayscale() }

func (*Gray) String() string { return "gray" }

// Hue turns the hue of every pixel by Turn, in whole turns of the colour
// circle: 0.5 exchanges colours with their complements.
type Hue struct{ Turn float64 }

// Size implements Step.
func (*Hue) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (h *Hue) Apply(m *Image, s *Scratch) *Image { return applyColour(h.op(), m, s) }

func (h *Hue) op() filter.Op { return filter.Hue(h.Turn) }

func (h *Hue) String() string { return "hue " + number(h.Turn) }
