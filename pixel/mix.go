package pixel

import (
	"fmt"
	"image"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Mix says how several images of one size become one: layer by layer, each
// over those before, on top of the sample's own image. The zero Mix leaves that
// as it is. Image, mask, boxes and the shares of the classes follow from the
// same layers.
type Mix struct {
	// Partners is how many other images take part.
	Partners int
	Layers   []Layer

	plan Plan // that scales a mask
}

// A Layer shows one of the images of a Mix.
type Layer struct {
	// Image is 0 for the sample's own, or the number of a partner, from 1.
	Image int
	// Region of the result that the whole image is scaled into, or, where Cut
	// is set, that shows the image's own pixels of that region. What lies
	// outside of the result is not seen.
	Region image.Rectangle
	Cut    bool
	// Weight of the layer against what is below it, from 0 to 1.
	Weight float32
}

// String lists the layers: "image 1 at 0,0 64x64 weight 0.25; image
// 2 at 0,26 56x38 cut".
func (x *Mix) String() string {
	names := make([]string, len(x.Layers))
	for i, l := range x.Layers {
		r := l.Region
		names[i] = fmt.Sprintf("image %d at %d,%d %dx%d", l.Image, r.Min.X, r.Min.Y, r.Dx(), r.Dy())
		if l.Cut {
			names[i] += " cut"
		}
		if l.Weight != 1 {
			names[i] += " weight " + number(float64(l.Weight))
		}
	}
	return strings.Join(names, "; ")
}

// Reset empties the mix; its memory serves the layers that are added.
func (x *Mix) Reset() { x.Partners, x.Layers = 0, x.Layers[:0] }

// Apply returns what the layers make of the sample's own image and then those
// of its partners, with memory from s, which may be nil. None of the images is
// changed.
func (x *Mix) Apply(images []*Image, s *Scratch) *Image {
	own := images[0]
	out := s.New(own.Width, own.Height, own.Channels)
	copy(out.Pix, own.Pix)
	for _, l := range x.Layers {
		m := images[l.Image]
		if l.Cut || l.Region == m.Bounds() {
			overlay(out, m, l.Region, image.Point{}, l.Weight)
			continue
		}
		scaled := s.New(m.Width, m.Height, m.Channels)
		copy(scaled.Pix, m.Pix)
		crop := Resize(m.Width, m.Height, l.Region.Dx(), l.Region.Dy())
		scaled = crop.Apply(scaled, s)
		overlay(out, scaled, l.Region, l.Region.Min, l.Weight)
		s.Free(scaled)
	}
	return out
}

// overlay puts m, whose corner is at the given point, over the region of dst.
func overlay(dst, m *Image, region image.Rectangle, at image.Point, weight float32) {
	const one = 1 << 16
	region = region.Intersect(dst.Bounds()).Intersect(m.Bounds().Add(at))
	over := uint32(weight*one + 0.5)
	c := dst.Channels
	for y := region.Min.Y; y < region.Max.Y; y++ {
		below := dst.Row(y)[region.Min.X*c : region.Max.X*c]
		above := m.Row(y - at.Y)[(region.Min.X-at.X)*c : (region.Max.X-at.X)*c]
		if over == one {
			copy(below, above)
			continue
		}
		for i, v := range above {
			below[i] = uint8((uint32(below[i])*(one-over) + uint32(v)*over + one/2) >> 16)
		}
	}
}

// Mask returns what the layers make of the masks: of two that overlap the one
// with more weight is seen, the upper one of equals. It uses s like Apply.
func (x *Mix) Mask(masks []*Image, s *Scratch) *Image {
	own := masks[0]
	out := s.New(own.Width, own.Height, own.Channels)
	copy(out.Pix, own.Pix)
	for _, l := range x.Layers {
		m := masks[l.Image]
		if l.Weight < 0.5 {
			continue
		}
		if l.Cut || l.Region == m.Bounds() {
			overlay(out, m, l.Region, image.Point{}, 1)
			continue
		}
		x.plan.Reset()
		Add(&x.plan, Resize(m.Width, m.Height, l.Region.Dx(), l.Region.Dy()))
		scaled := x.plan.Mask(m, s)
		overlay(out, scaled, l.Region, l.Region.Min, 1)
		s.Free(scaled)
	}
	return out
}

// Shares puts into dst how much of the result each image is: the area that it
// shows, times its weight there. They add up to 1.
func (x *Mix) Shares(dst []float32, width, height int) {
	clear(dst)
	whole := float32(width * height)
	x.cells(width, height, func(cell image.Rectangle) {
		rest := float32(cell.Dx()*cell.Dy()) / whole
		for i := len(x.Layers) - 1; i >= 0; i-- {
			if l := x.Layers[i]; cell.In(l.Region) {
				share := rest * l.Weight
				dst[l.Image] += share
				rest -= share
			}
		}
		dst[0] += rest
	})
}

// AppendBoxes appends to dst the boxes of the result, given those of each
// image. A box stays if the rule keeps what is seen of it: all that no layer of
// weight 1 covers.
func (x *Mix) AppendBoxes(
	dst []dataset.Box, boxes [][]dataset.Box, width, height int, rule BoxRule,
) []dataset.Box {
	whole := image.Rect(0, 0, width, height)
	own := Layer{Region: whole, Cut: true, Weight: 1}
	for i := -1; i < len(x.Layers); i++ {
		l := own
		if i >= 0 {
			l = x.Layers[i]
		}
		if l.Weight == 0 {
			continue
		}
		sx, sy := 1.0, 1.0
		if !l.Cut {
			sx = float64(l.Region.Dx()) / float64(width)
			sy = float64(l.Region.Dy()) / float64(height)
		}
		for _, box := range boxes[l.Image] {
			if !l.Cut {
				box.X, box.Y = float64(l.Region.Min.X)+box.X*sx, float64(l.Region.Min.Y)+box.Y*sy
				box.Width, box.Height = box.Width*sx, box.Height*sy
			}
			area := box.Width * box.Height
			cut := cutBox(box, l.Region.Intersect(whole))
			if seen := x.seen(cut, i, width, height); rule.Keeps(seen, area) {
				dst = append(dst, cut)
			}
		}
	}
	return dst
}

// seen returns the area of a box in layer i that no layer of weight 1 covers.
func (x *Mix) seen(box dataset.Box, i, width, height int) float64 {
	area := 0.0
	x.cells(width, height, func(cell image.Rectangle) {
		for _, l := range x.Layers[i+1:] {
			if l.Weight >= 1 && cell.In(l.Region) {
				return
			}
		}
		part := cutBox(box, cell)
		area += part.Width * part.Height
	})
	return area
}

// cutBox returns the part of a box within r; it may have no area.
func cutBox(box dataset.Box, r image.Rectangle) dataset.Box {
	x0, y0 := max(box.X, float64(r.Min.X)), max(box.Y, float64(r.Min.Y))
	x1, y1 := min(box.X+box.Width, float64(r.Max.X)), min(box.Y+box.Height, float64(r.Max.Y))
	box.X, box.Y, box.Width, box.Height = x0, y0, max(x1-x0, 0), max(y1-y0, 0)
	return box
}

// cells visits the rectangles into which the edges of all regions cut the
// result: in each, every layer is seen or none of it.
func (x *Mix) cells(width, height int, visit func(image.Rectangle)) {
	for y := 0; y < height; {
		bottom := x.edge(y, height, func(r image.Rectangle) (int, int) { return r.Min.Y, r.Max.Y })
		for left := 0; left < width; {
			right := x.edge(left, width, func(r image.Rectangle) (int, int) { return r.Min.X, r.Max.X })
			visit(image.Rect(left, y, right, bottom))
			left = right
		}
		y = bottom
	}
}

// edge returns the first edge of a region beyond a place, or the end.
func (x *Mix) edge(place, end int, sides func(image.Rectangle) (int, int)) int {
	for _, l := range x.Layers {
		low, high := sides(l.Region)
		if low > place {
			end = min(end, low)
		}
		if high > place {
			end = min(end, high)
		}
	}
	return end
}
