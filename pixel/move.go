package pixel

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/dataset"
)

// A BoxRule says which boxes stay when images are changed. The zero rule keeps
// every box of which anything is left.
type BoxRule struct {
	// MinArea is the least area that must be left, in pixels of the result.
	MinArea float64 `json:"min_area" yaml:"min_area"`
	// MinVisibility is the least share of the box's area that must still be in
	// the image, from 0 to 1.
	MinVisibility float64 `json:"min_visibility" yaml:"min_visibility"`
}

// DefaultBoxRule drops boxes of which less than a tenth is left, or less than
// one pixel.
func DefaultBoxRule() BoxRule { return BoxRule{MinArea: 1, MinVisibility: 0.1} }

// Validate tells what is wrong with the rule.
func (r BoxRule) Validate() error {
	if !(r.MinArea >= 0) || math.IsInf(r.MinArea, 1) {
		return fmt.Errorf("min_area is %v, but must be a number of pixels from 0 on", r.MinArea)
	}
	if !(r.MinVisibility >= 0 && r.MinVisibility <= 1) {
		return fmt.Errorf("min_visibility is %v, but must be from 0 to 1", r.MinVisibility)
	}
	return nil
}

// Keeps tells whether a box stays of whose area, whole, so much is left.
func (r BoxRule) Keeps(left, whole float64) bool {
	const rounding = 1 - 1e-9
	return left > 0 && left >= r.MinArea*rounding && left >= r.MinVisibility*whole*rounding
}

// Boxes returns where the boxes of an image of the given size are after the
// plan, by the default rule. See AppendBoxes.
func (p Plan) Boxes(boxes []dataset.Box, width, height int) []dataset.Box {
	return p.AppendBoxes(nil, boxes, width, height, DefaultBoxRule())
}

// AppendBoxes appends to dst where the boxes of an image of the given size are
// after the plan: each the upright rectangle around what is left of it. What a
// step moves out of the image is cut off then and there, as its pixels are, and
// does not come back with a later step. Boxes that the rule does not keep are
// dropped.
func (p Plan) AppendBoxes(
	dst, boxes []dataset.Box, width, height int, rule BoxRule,
) []dataset.Box {
	toWidth, toHeight := p.Size(width, height)
	for _, box := range boxes {
		x0, y0 := max(box.X, 0), max(box.Y, 0)
		x1 := min(box.X+box.Width, float64(width))
		y1 := min(box.Y+box.Height, float64(height))
		if !(x0 < x1 && y0 < y1) {
			continue
		}
		left := rectangle(x0, y0, x1, y1)
		whole := p.follow(&left, width, height)
		if left.area() > 0 && rule.Keeps(left.area(), whole) {
			x0, y0, x1, y1 = left.around() // which rounding may lead out of the image
			x0, y0 = max(x0, 0), max(y0, 0)
			x1, y1 = min(x1, float64(toWidth)), min(y1, float64(toHeight))
			box.X, box.Y, box.Width, box.Height = x0, y0, x1-x0, y1-y0
			dst = append(dst, box)
		}
	}
	return dst
}

// follow moves a shape in an image of the given size as the plan moves its
// pixels, cut off where they are. It returns what the shape's area would be
// uncut.
func (p Plan) follow(s *shape, width, height int) (whole float64) {
	uncut := *s
	for _, step := range p.Steps {
		toWidth, toHeight := step.Size(width, height)
		if mover, ok := step.(Mover); ok {
			move := mover.Map(width, height)
			uncut.move(move)
			s.move(move)
			s.cut(toWidth, toHeight)
		}
		width, height = toWidth, toHeight
	}
	return uncut.area()
}

// Mask returns a mask after the plan: moved as the image is, each pixel taken
// from the nearest one so that no new values arise, and 0 where the image shows
// nothing. The mask has the size of the image before the plan; it is not
// changed. The result has memory from s, which may be nil.
func (p Plan) Mask(mask *Image, s *Scratch) *Image {
	seen := rectangle(0, 0, float64(mask.Width), float64(mask.Height))
	p.follow(&seen, mask.Width, mask.Height)
	back := p.Map(mask.Width, mask.Height).inverse()
	width, height := p.Size(mask.Width, mask.Height)
	out := s.New(width, height, mask.Channels)
	for y := range height {
		row := out.Row(y)
		from, to := seen.span(float64(y)+0.5, width)
		clear(row[:from*out.Channels])
		clear(row[to*out.Channels:])
		maskRow(row, mask, back, from, to, y)
	}
	return out
}

// maskRow fills the pixels from one to another of row y.
func maskRow(row []uint8, mask *Image, back Map, from, to, y int) {
	c, stride := mask.Channels, mask.Width*mask.Channels
	isAffine := back.G == 0 && back.H == 0
	fy := float64(y) + 0.5
	bx, by := back.B*fy+back.C, back.E*fy+back.F
	for x := from; x < to; x++ {
		fx := float64(x) + 0.5
		sx, sy := back.A*fx+bx, back.D*fx+by
		if !isAffine {
			sx, sy, _ = back.At(fx, fy)
		}
		column := min(max(int(sx), 0), mask.Width-1)
		at := min(max(int(sy), 0), mask.Height-1)*stride + column*c
		copy(row[x*c:x*c+c], mask.Pix[at:at+c])
	}
}
