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
	region = image.Rect(0, 0, width, height)
	if len(p.Steps) == 0 {
		return region, region.Max
	}
	c, ok := p.Steps[0].(*Crop)
	if !ok {
		return region, region.Max
	}
	region = image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H)
	if c.Filter == FilterNearest { // its pixels are not those of a smaller scale
		return region, region.Size()
	}
	return region, image.Pt(c.Width, c.Height)
}

// Into writes what the plan makes of an image into a slot, in as few passes as
// it takes: a crop and flips at the beginning are one pass, which writes to the
// slot itself where no other steps follow. The part holds at least the plan's
// Region; it is left as it is. Images of other channels than the slot's are
// converted. With a scratch that has seen such images nothing is allocated.
// Into panics where sizes do not fit.
func (p *Plan) Into(dst *Slot, part Part, s *Scratch) {
	if dst.Channels == 1 && part.Image.Channels == 3 {
		gray := s.New(part.Image.Width, part.Image.Height, 1)
		part.Image.luma(gray)
		part.Image = gray
		defer s.Free(gray)
	}
	crop, steps := p.firstCrop(&part)
	mirror, steps := leadingFlips(steps)
	target := dst.target()
	if len(steps) == 0 {
		crop.write(&target, &part, mirror, s)
		return
	}
	m := s.New(crop.Width, crop.Height, dst.Channels)
	between := m.target()
	crop.write(&between, &part, mirror, s)
	steps, mirror = trailingFlips(steps)
	m = Plan{Steps: steps}.Apply(m, s)
	source := m.source()
	s.scaler().Copy(&target, &source, m.Bounds(), mirror)
	s.Free(m)
}

// firstCrop returns the plan's first step if that is a crop, or the crop that
// changes nothing, and the steps after it.
func (p *Plan) firstCrop(part *Part) (Crop, []Step) {
	if len(p.Steps) > 0 {
		if c, ok := p.Steps[0].(*Crop); ok {
			return *c, p.Steps[1:]
		}
	}
	if x, y := part.scale(); x != 1 || y != 1 || part.X != 0 || part.Y != 0 {
		panic(fmt.Sprintf("pixel: the plan %s needs the whole image, not a part of scale %v,%v",
			p.String(), x, y))
	}
	return Resize(part.Image.Width, part.Image.Height, part.Image.Width, part.Image.Height), p.Steps
}

// leadingFlips takes the flips off the beginning of steps, and tells whether
// there is an odd number of them.
func leadingFlips(steps []Step) (mirror bool, rest []Step) {
	for len(steps) > 0 {
		if _, ok := steps[0].(*Flip); !ok {
			break
		}
		mirror, steps = !mirror, steps[1:]
	}
	return mirror, steps
}

// trailingFlips is leadingFlips for the end of steps.
func trailingFlips(steps []Step) (rest []Step, mirror bool) {
	for len(steps) > 0 {
		last := len(steps) - 1
		if _, ok := steps[last].(*Flip); !ok {
			break
		}
		mirror, steps = !mirror, steps[:last]
	}
	return steps, mirror
}
