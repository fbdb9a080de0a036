package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/resample"

// Flip mirrors an image left to right.
type Flip struct{}

// Size implements Step.
func (*Flip) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Flip) Apply(m *Image, s *Scratch) *Image {
	out := s.New(m.Width, m.Height, m.Channels)
	for y := range m.Height {
		resample.Mirror(out.Row(y), m.Row(y), m.Channels)
	}
	s.Free(m)
	return out
}

// Map implements Mover.
func (*Flip) Map(width, _ int) Map { return affine(-1, 0, float64(width), 0, 1, 0) }

func (*Flip) String() string { return "flip" }

// FlipVertical mirrors an image top to bottom.
type FlipVertical struct{}

// Size implements Step.
func (*FlipVertical) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*FlipVertical) Apply(m *Image, s *Scratch) *Image {
	out := s.New(m.Width, m.Height, m.Channels)
	for y := range m.Height {
		copy(out.Row(y), m.Row(m.Height-1-y))
	}
	s.Free(m)
	return out
}

// Map implements Mover.
func (*FlipVertical) Map(_, height int) Map { return affine(1, 0, 0, 0, -1, float64(height)) }

func (*FlipVertical) String() string { return "flip vertically" }
