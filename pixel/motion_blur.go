package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/filter"

// MotionBlur smears an image as a moving camera does: each pixel becomes the
// mean along a line of Length pixels with its middle there, at Degrees
// counter-clockwise to the rows. Beyond its edges the image is taken to be
// mirrored.
type MotionBlur struct{ Length, Degrees float64 }

// Size implements Step.
func (*MotionBlur) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (b *MotionBlur) Apply(m *Image, s *Scratch) *Image {
	if !(b.Length > 1) {
		return m
	}
	out, k := s.New(m.Width, m.Height, m.Channels), s.kernels()
	k.taps = filter.AppendLine(k.taps[:0], min(b.Length, maxBlurRadius), b.Degrees)
	k.filter.Smear(out.Pix, m.Pix, m.Width, m.Height, m.Channels, k.taps)
	return s.replaced(m, out)
}

func (b *MotionBlur) String() string {
	return "motion blur " + number(b.Length) + " at " + number(b.Degrees) + "°"
}
