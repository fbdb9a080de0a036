package pixel

import (
	"math"

	"github.com/dsbuild/dsbuild/dataset"
)

// minVisibleShare is how much of a box must still be in the image for it to
// stay.
const minVisibleShare = 0.1

// Boxes returns where the boxes of an image of the given size are after the
// plan: each the upright rectangle around the moved corners, cut off at the
// image's edges. Boxes of which less than a tenth is left are dropped.
func (p Plan) Boxes(boxes []dataset.Box, width, height int) []dataset.Box {
	move := p.Map(width, height)
	outWidth, outHeight := p.Size(width, height)
	var moved []dataset.Box
	for _, box := range boxes {
		minX, minY, maxX, maxY := move.around(box.X, box.Y, box.X+box.Width, box.Y+box.Height)
		x0, y0 := max(minX, 0), max(minY, 0)
		x1, y1 := min(maxX, float64(outWidth)), min(maxY, float64(outHeight))
		seen := max(x1-x0, 0) * max(y1-y0, 0)
		if seen <= 0 || seen < minVisibleShare*(maxX-minX)*(maxY-minY) {
			continue
		}
		box.X, box.Y, box.Width, box.Height = x0, y0, x1-x0, y1-y0
		moved = append(moved, box)
	}
	return moved
}

// Mask returns a mask after the plan: moved as the image is, each pixel taken
// from the nearest one so that no new values arise, and 0 where the image has
// nothing. The mask has the size of the image before the plan; it is not
// changed.
func (p Plan) Mask(mask *Image) *Image {
	back := p.Map(mask.Width, mask.Height).inverse()
	width, height := p.Size(mask.Width, mask.Height)
	out := New(width, height, mask.Channels)
	c := mask.Channels
	for y := range height {
		row := out.Row(y)
		for x := range width {
			fx, fy, ok := back.At(float64(x)+0.5, float64(y)+0.5)
			sx, sy := int(math.Floor(fx)), int(math.Floor(fy))
			if ok && sx >= 0 && sx < mask.Width && sy >= 0 && sy < mask.Height {
				copy(row[x*c:x*c+c], mask.Row(sy)[sx*c:])
			}
		}
	}
	return out
}
