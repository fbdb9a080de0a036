package pixel

import "math"

// Rotate turns an image about its centre, counter-clockwise by Degrees. The
// size stays; what was outside shows the gray value Fill.
type Rotate struct {
	Degrees float64
	Fill    uint8
}

// Size implements Step.
func (*Rotate) Size(width, height int) (int, int) { return width, height }

// Map implements Mover.
func (r *Rotate) Map(width, height int) Map {
	sin, cos := math.Sincos(r.Degrees * math.Pi / 180)
	cx, cy := float64(width)/2, float64(height)/2
	return affine(cos, sin, cx-cos*cx-sin*cy, -sin, cos, cy+sin*cx-cos*cy)
}

// Apply implements Step.
func (r *Rotate) Apply(m *Image, s *Scratch) *Image {
	if r.Degrees == 0 {
		return m
	}
	return warp(m, r.Map(m.Width, m.Height), r.Fill, s)
}

func (r *Rotate) String() string { return "rotate " + number(r.Degrees) + "°" }
