package pixel

// Sharpness moves all values away from those of a smoothed image, to Factor
// times their distance: 0 smooths, 1 changes nothing, 2 sharpens. The
// outermost pixels stay, as do images with a side of less than 3 pixels. It is
// torchvision's adjust_sharpness and Pillow's ImageEnhance.Sharpness.
type Sharpness struct{ Factor float64 }

// Size implements Step.
func (*Sharpness) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (p *Sharpness) Apply(m *Image, s *Scratch) *Image {
	if m.Width < 3 || m.Height < 3 || p.Factor == 1 {
		return m
	}
	out := s.New(m.Width, m.Height, m.Channels)
	s.kernels().filter.Sharpen(out.Pix, m.Pix, m.Width, m.Height, m.Channels, p.Factor)
	return s.replaced(m, out)
}

func (p *Sharpness) String() string { return "sharpness " + number(p.Factor) }
