package pixel

import "fmt"

// Perspective shows an image as a picture seen from the side: the corners move
// to Corners, which go round clockwise from the upper left one and must form
// a convex shape. The size stays; what was outside shows the colour Fill.
// Corners are counted as torchvision's perspective does: those of the image
// are (0, 0) and (width-1, height-1).
type Perspective struct {
	Corners       [4][2]int
	Interpolation Interpolation
	Fill          [3]uint8
}

// Size implements Step.
func (*Perspective) Size(width, height int) (int, int) { return width, height }

// Map implements Mover. The map from the unit square is that of Heckbert,
// "Fundamentals of Texture Mapping and Image Warping", 1989, section 2.2.3.
func (p *Perspective) Map(width, height int) Map {
	var x, y [4]float64
	for i, c := range p.Corners {
		x[i], y[i] = float64(c[0]), float64(c[1])
	}
	dx1, dx2, sumX := x[1]-x[2], x[3]-x[2], x[0]-x[1]+x[2]-x[3]
	dy1, dy2, sumY := y[1]-y[2], y[3]-y[2], y[0]-y[1]+y[2]-y[3]
	det := dx1*dy2 - dx2*dy1
	g, h := (sumX*dy2-dx2*sumY)/det, (dx1*sumY-sumX*dy1)/det
	square := Map{
		A: x[1] - x[0] + g*x[1], B: x[3] - x[0] + h*x[3], C: x[0],
		D: y[1] - y[0] + g*y[1], E: y[3] - y[0] + h*y[3], F: y[0],
		G: g, H: h, I: 1,
	}
	return square.after(affine(1/float64(max(width-1, 1)), 0, 0, 0, 1/float64(max(height-1, 1)), 0))
}

// Apply implements Step.
func (p *Perspective) Apply(m *Image, s *Scratch) *Image {
	return warped(m, m.Width, m.Height, p.Map(m.Width, m.Height), p.Interpolation, p.Fill, s)
}

// IsConvex tells whether the corners form a convex shape, without which there
// is no such picture.
func (p Perspective) IsConvex() bool {
	for i, a := range p.Corners {
		b, c := p.Corners[(i+1)%4], p.Corners[(i+2)%4]
		if (b[0]-a[0])*(c[1]-b[1])-(b[1]-a[1])*(c[0]-b[0]) <= 0 {
			return false
		}
	}
	return true
}

func (p *Perspective) String() string {
	c := p.Corners
	return fmt.Sprintf("perspective %d,%d %d,%d %d,%d %d,%d%s",
		c[0][0], c[0][1], c[1][0], c[1][1], c[2][0], c[2][1], c[3][0], c[3][1],
		p.Interpolation.details(p.Fill))
}
