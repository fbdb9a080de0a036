package pixel

import (
	"fmt"
	"image"

	"github.com/dsbuild/dsbuild/internal/kernel/resample"
)

// A Slot is the place of one image in a batch: either Floats, normalised by
// the Filler, or Bytes, in the order height, width, channel, or channel,
// height, width where it is Planar.
type Slot struct {
	Floats []float32
	Bytes  []uint8
	Filler *Filler
	// Channels is 1 for gray or 3 for RGB.
	Channels int
	Planar   bool
}

func (d *Slot) target() resample.Target {
	t := resample.Target{Bytes: d.Bytes, Floats: d.Floats, Channels: d.Channels, Planar: d.Planar}
	if d.Filler != nil {
		t.Norm = &d.Filler.norm
	}
	return t
}

// Region returns which region of an image of the given size the plan needs,
// and how many pixels of it at least: a decoder may scale it down to that.
func (p *Plan) Region(width, height int) (region image.Rectangle, atLeast image.Point) {
	c := p.firstCrop()
	if c == nil {
		return image.Rect(0, 0, width, height), image.Pt(width, height)
	}
	v := c.view()
	first, _, _ := p.Passes()
	for _, step := range first[1:] {
		v.add(step)
	}
	if c.W == c.Width && c.H == c.Height {
		region = v.window.Add(image.Pt(c.X, c.Y))
		return region, region.Size()
	}
	g := c.geometry(&Part{})
	g.Window = v.window
	region = g.Needed()
	if c.Filter == FilterNearest { // its pixels are not those of a smaller scale
		return region, region.Size()
	}
	share := func(n, of, out int) int { return (n*out + of - 1) / of }
	return region, image.Pt(share(region.Dx(), c.W, c.Width), share(region.Dy(), c.H, c.Height))
}

// firstCrop returns the crop that the plan begins with, or nil.
func (p *Plan) firstCrop() *Crop {
	if len(p.Steps) == 0 {
		return nil
	}
	c, _ := p.Steps[0].(*Crop)
	return c
}

// Passes returns the plan's steps by the passes over the pixels that Into
// makes of them: those that are one pass together, a crop at the beginning with
// the flips after it and crops that do not scale; then those that take passes of
// their own; and at last flips that go with the writing.
func (p *Plan) Passes() (first, between, last []Step) {
	n, m := 0, len(p.Steps)
	if p.firstCrop() != nil {
		n = 1
	}
	for n < m && isSeen(p.Steps[n]) {
		n++
	}
	for m > n && isFlip(p.Steps[m-1]) {
		m--
	}
	return p.Steps[:n], p.Steps[n:m], p.Steps[m:]
}

// Into writes what the plan makes of an image into a slot, in as few passes as
// it takes: the first of Passes writes to the slot itself where no other steps
// follow. The part holds at least the plan's Region; it is left as it is. Images
// of other channels than the slot's are converted. With a scratch that has seen
// such images nothing is allocated. Into panics where sizes do not fit.
func (p *Plan) Into(dst *Slot, part Part, s *Scratch) {
	if dst.Channels == 1 && part.Image.Channels == 3 {
		gray := s.New(part.Image.Width, part.Image.Height, 1)
		part.Image.luma(gray)
		part.Image = gray
		defer s.Free(gray)
	}
	first, between, last := p.Passes()
	v := p.view(&part, first)
	target := dst.target()
	if len(between) == 0 {
		v.write(&target, &part, s)
		return
	}
	m := s.New(v.window.Dx(), v.window.Dy(), dst.Channels)
	picture := m.target()
	v.write(&picture, &part, s)
	m = Plan{Steps: between}.Apply(m, s)
	source := m.source()
	s.scaler().Copy(&target, &source, m.Bounds(), len(last)%2 == 1)
	s.Free(m)
}

// view returns what the steps of the first pass make of a part.
func (p *Plan) view(part *Part, steps []Step) view {
	var v view
	if c := p.firstCrop(); c != nil {
		v, steps = c.view(), steps[1:]
	} else {
		if x, y := part.scale(); x != 1 || y != 1 || part.X != 0 || part.Y != 0 {
			panic(fmt.Sprintf("pixel: the plan %s needs the whole image, not a part of scale %v,%v",
				p.String(), x, y))
		}
		m := part.Image
		whole := Resize(m.Width, m.Height, m.Width, m.Height)
		v = whole.view()
	}
	for _, step := range steps {
		v.add(step)
	}
	return v
}
