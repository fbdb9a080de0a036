package pixel

import "math"

// The colour steps have torchvision's meaning on 8-bit tensors: results are
// clipped and rounded down, and the gray value of a pixel is
// 0.2989 R + 0.587 G + 0.114 B, rounded down. Gray images have no hue and no
// saturation: those steps leave them as they are.

// Brightness multiplies all values by Factor.
type Brightness struct{ Factor float64 }

// Size implements Step.
func (*Brightness) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (b *Brightness) Apply(m *Image, _ *Scratch) *Image {
	blend(m.Pix, 0, float32(b.Factor))
	return m
}

func (b *Brightness) String() string { return "brightness " + number(b.Factor) }

// Contrast moves all values away from the image's mean gray value, to Factor
// times their distance.
type Contrast struct{ Factor float64 }

// Size implements Step.
func (*Contrast) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (c *Contrast) Apply(m *Image, _ *Scratch) *Image {
	sum := 0
	if m.Channels == 1 {
		for _, v := range m.Pix {
			sum += int(v)
		}
	} else {
		for i := 0; i < len(m.Pix); i += 3 {
			sum += int(grayOf(m.Pix[i : i+3 : i+3]))
		}
	}
	blend(m.Pix, float32(sum)/float32(m.Width*m.Height), float32(c.Factor))
	return m
}

func (c *Contrast) String() string { return "contrast " + number(c.Factor) }

// blend moves values to factor times their distance from a base.
func blend(values []uint8, base, factor float32) {
	var table [256]uint8
	for v := range table {
		table[v] = clipDown(factor*float32(v) + (1-factor)*base)
	}
	for i, v := range values {
		values[i] = table[v]
	}
}

// Saturation moves the channels of each pixel away from its gray value, to
// Factor times their distance.
type Saturation struct{ Factor float64 }

// Size implements Step.
func (*Saturation) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (s *Saturation) Apply(m *Image, _ *Scratch) *Image {
	if m.Channels == 1 {
		return m
	}
	factor := float32(s.Factor)
	for i := 0; i < len(m.Pix); i += 3 {
		p := m.Pix[i : i+3 : i+3]
		base := (1 - factor) * float32(grayOf(p))
		for k, v := range p {
			p[k] = clipDown(factor*float32(v) + base)
		}
	}
	return m
}

func (s *Saturation) String() string { return "saturation " + number(s.Factor) }

// Gray takes the colours out of an image; its channels stay.
type Gray struct{}

// Size implements Step.
func (*Gray) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Gray) Apply(m *Image, _ *Scratch) *Image {
	if m.Channels == 1 {
		return m
	}
	for i := 0; i < len(m.Pix); i += 3 {
		p := m.Pix[i : i+3 : i+3]
		v := grayOf(p)
		p[0], p[1], p[2] = v, v, v
	}
	return m
}

func (*Gray) String() string { return "gray" }

// Hue turns the hue of every pixel by Turn, in whole turns of the colour
// circle: 0.5 exchanges colours with their complements.
type Hue struct{ Turn float64 }

// Size implements Step.
func (*Hue) Size(width, height int) (int, int) { return width, height }

// Apply implements Step, by way of HSV (Smith, "Color gamut transform pairs",
// 1978).
func (h *Hue) Apply(m *Image, _ *Scratch) *Image {
	if m.Channels == 1 || h.Turn == 0 {
		return m
	}
	for i := 0; i < len(m.Pix); i += 3 {
		p := m.Pix[i : i+3 : i+3]
		turnHue(p, float32(h.Turn))
	}
	return m
}

func (h *Hue) String() string { return "hue " + number(h.Turn) }

// turnHue changes one RGB pixel.
func turnHue(p []uint8, turn float32) {
	r, g, b := float32(p[0]), float32(p[1]), float32(p[2])
	high, low := max(r, g, b), min(r, g, b)
	spread := high - low
	if spread == 0 {
		return
	}
	var sixths float32 // the hue, from 0 to 6
	switch high {
	case r:
		sixths = (g - b) / spread
	case g:
		sixths = (b-r)/spread + 2
	default:
		sixths = (r-g)/spread + 4
	}
	sixths = float32(math.Mod(float64(sixths+6*turn)+12, 6))
	for k, offset := range [3]float32{5, 3, 1} {
		x := float32(math.Mod(float64(offset+sixths), 6))
		p[k] = uint8(high - spread*max(0, min(x, 4-x, 1)) + 0.5)
	}
}

// grayOf returns the gray value of an RGB pixel.
func grayOf(p []uint8) uint8 {
	return uint8(0.2989*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2]))
}

// clipDown limits a value to what a byte holds and rounds it down.
func clipDown(v float32) uint8 { return uint8(min(max(v, 0), 255)) }
