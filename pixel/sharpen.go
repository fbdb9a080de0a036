package pixel

import "slices"

// Sharpness moves all values away from those of a smoothed image, to Factor
// times their distance: 0 smooths, 1 changes nothing, 2 sharpens. The
// outermost pixels stay, as do images with a side of less than 3 pixels. It is
// torchvision's adjust_sharpness and Pillow's ImageEnhance.Sharpness.
type Sharpness struct{ Factor float64 }

// Size implements Step.
func (*Sharpness) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (s *Sharpness) Apply(m *Image, _ *Scratch) *Image {
	if m.Width < 3 || m.Height < 3 || s.Factor == 1 {
		return m
	}
	smoothed := float32(1 - s.Factor)
	above, own := slices.Clone(m.Row(0)), slices.Clone(m.Row(1))
	c := m.Channels
	for y := 1; y < m.Height-1; y++ {
		dst, below := m.Row(y), m.Row(y+1)
		for i := c; i < len(dst)-c; i++ {
			// The 3x3 kernel has the weight 5 in its middle and 1 around.
			sum := int(above[i-c]) + int(above[i]) + int(above[i+c]) +
				int(own[i-c]) + 5*int(own[i]) + int(own[i+c]) +
				int(below[i-c]) + int(below[i]) + int(below[i+c])
			v, mean := float32(own[i]), float32((sum+6)/13)
			dst[i] = clipDown(v + smoothed*(mean-v))
		}
		above, own = own, above
		copy(own, below)
	}
	return m
}

func (s *Sharpness) String() string { return "sharpness " + number(s.Factor) }
