package pixel

import (
	"math"

	"github.com/dsbuild/dsbuild/dataset"
)

// An Affine maps the point (x, y) to (A*x + B*y + C, D*x + E*y + F).
type Affine struct{ A, B, C, D, E, F float64 }

var identity = Affine{A: 1, E: 1}

// Map returns where a point goes.
func (a Affine) Map(x, y float64) (float64, float64) {
	return a.A*x + a.B*y + a.C, a.D*x + a.E*y + a.F
}

// after returns the map that first does b, then a.
func (a Affine) after(b Affine) Affine {
	return Affine{
		A: a.A*b.A + a.B*b.D, B: a.A*b.B + a.B*b.E, C: a.A*b.C + a.B*b.F + a.C,
		D: a.D*b.A + a.E*b.D, E: a.D*b.B + a.E*b.E, F: a.D*b.C + a.E*b.F + a.F,
	}
}

// inverse returns the map that undoes a, which must not flatten the plane.
func (a Affine) inverse() Affine {
	det := a.A*a.E - a.B*a.D
	i := Affine{A: a.E / det, B: -a.B / det, D: -a.D / det, E: a.A / det}
	i.C = -(i.A*a.C + i.B*a.F)
	i.F = -(i.D*a.C + i.E*a.F)
	return i
}

// minVisibleShare is how much of a box must still be in the image for it to
// stay.
const minVisibleShare = 0.1

// Boxes returns where the boxes of an image of the given size are after the
// plan: each the upright rectangle around the moved corners, cut off at the
// image's edges. Boxes of which less than a tenth is left are dropped.
func (p Plan) Boxes(boxes []dataset.Box, width, height int) []dataset.Box {
	move := p.Affine(width, height)
	outWidth, outHeight := p.Size(width, height)
	var moved []dataset.Box
	for _, box := range boxes {
		whole := move.box(box)
		x0, y0 := max(whole.X, 0), max(whole.Y, 0)
		x1 := min(whole.X+whole.Width, float64(outWidth))
		y1 := min(whole.Y+whole.Height, float64(outHeight))
		seen := max(x1-x0, 0) * max(y1-y0, 0)
		if seen <= 0 || seen < minVisibleShare*whole.Width*whole.Height {
			continue
		}
		box.X, box.Y, box.Width, box.Height = x0, y0, x1-x0, y1-y0
		moved = append(moved, box)
	}
	return moved
}

// box returns the upright rectangle around the moved corners of a box.
func (a Affine) box(b dataset.Box) dataset.Box {
	x0, y0 := math.Inf(1), math.Inf(1)
	x1, y1 := math.Inf(-1), math.Inf(-1)
	for _, corner := range [][2]float64{
		{b.X, b.Y}, {b.X + b.Width, b.Y}, {b.X, b.Y + b.Height}, {b.X + b.Width, b.Y + b.Height},
	} {
		x, y := a.Map(corner[0], corner[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	b.X, b.Y, b.Width, b.Height = x0, y0, x1-x0, y1-y0
	return b
}

// Mask returns a mask after the plan: moved as the image is, each pixel taken
// from the nearest one so that no new values arise, and 0 where the image has
// nothing. The mask has the size of the image before the plan; it is not
// changed.
func (p Plan) Mask(mask *Image) *Image {
	back := p.Affine(mask.Width, mask.Height).inverse()
	width, height := p.Size(mask.Width, mask.Height)
	out := New(width, height, mask.Channels)
	c := mask.Channels
	for y := range height {
		row := out.Row(y)
		for x := range width {
			fx, fy := back.Map(float64(x)+0.5, float64(y)+0.5)
			sx, sy := int(math.Floor(fx)), int(math.Floor(fy))
			if sx >= 0 && sx < mask.Width && sy >= 0 && sy < mask.Height {
				copy(row[x*c:x*c+c], mask.Row(sy)[sx*c:])
			}
		}
	}
	return out
}
