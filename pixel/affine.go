package pixel

import (
	"fmt"
	"math"
)

// Affine scales an image by Scale, shears it and turns it clockwise by
// Degrees, all about Center, and then moves it by (X, Y) pixels. The size
// stays; what was outside shows the colour Fill. The numbers mean what those of
// torchvision's affine do: a shear of ShearX degrees moves what is lower to the
// left, one of ShearY what is right upwards.
type Affine struct {
	Degrees        float64
	X, Y           float64
	Scale          float64
	ShearX, ShearY float64
	Interpolation  Interpolation
	// Center is the point that only (X, Y) moves, in pixels from the upper
	// left corner. nil is the middle of the image.
	Center *[2]float64
	Fill   [3]uint8
}

// Size implements Step.
func (*Affine) Size(width, height int) (int, int) { return width, height }

// Map implements Mover.
func (a *Affine) Map(width, height int) Map {
	const radian = math.Pi / 180
	turn, shearY := a.Degrees*radian, a.ShearY*radian
	tanX, cosY := math.Tan(a.ShearX*radian), math.Cos(shearY)
	sinTurn, cosTurn := math.Sincos(turn)
	sin, cos := math.Sincos(turn - shearY)
	xx, xy := a.Scale*cos/cosY, a.Scale*(-cos*tanX/cosY-sinTurn)
	yx, yy := a.Scale*sin/cosY, a.Scale*(-sin*tanX/cosY+cosTurn)
	cx, cy := float64(width)/2, float64(height)/2
	if a.Center != nil {
		cx, cy = a.Center[0], a.Center[1]
	}
	return affine(xx, xy, cx+a.X-xx*cx-xy*cy, yx, yy, cy+a.Y-yx*cx-yy*cy)
}

// Apply implements Step.
func (a *Affine) Apply(m *Image, s *Scratch) *Image {
	return warped(m, m.Width, m.Height, a.Map(m.Width, m.Height), a.Interpolation, a.Fill, s)
}

func (a *Affine) String() string {
	return fmt.Sprintf("affine %s°%s by %s,%s scale %s shear %s°,%s°%s", number(a.Degrees),
		about(a.Center), number(a.X), number(a.Y), number(a.Scale), number(a.ShearX),
		number(a.ShearY), a.Interpolation.details(a.Fill))
}
