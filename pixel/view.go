package pixel

import (
	"fmt"
	"image"

	"github.com/dsbuild/dsbuild/internal/kernel/resample"
)

// A view is what one pass makes of a part: the window of a scaled region,
// perhaps mirrored.
type view struct {
	crop   Crop
	window image.Rectangle
	mirror bool
}

// view returns the whole of what a crop makes.
func (c *Crop) view() view { return view{crop: *c, window: image.Rect(0, 0, c.Width, c.Height)} }

// isSeen tells whether a step after the first can be part of a view: a flip,
// or a crop that does not scale.
func isSeen(step Step) bool {
	c, ok := step.(*Crop)
	return ok && c.W == c.Width && c.H == c.Height || isFlip(step)
}

func isFlip(step Step) bool {
	_, ok := step.(*Flip)
	return ok
}

// add takes such a step into the view. It panics where a crop leads out of it.
func (v *view) add(step Step) {
	c, ok := step.(*Crop)
	if !ok {
		v.mirror = !v.mirror
		return
	}
	r := image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H)
	size := v.window.Size()
	if r.Empty() || !r.In(image.Rectangle{Max: size}) {
		panic(fmt.Sprintf("pixel: %s of an image of %dx%d", c.String(), size.X, size.Y))
	}
	if v.mirror {
		r.Min.X, r.Max.X = size.X-r.Max.X, size.X-r.Min.X
	}
	v.window = r.Add(v.window.Min)
}

// write puts what is seen of a part into a target.
func (v *view) write(dst *resample.Target, p *Part, s *Scratch) {
	c := &v.crop
	src := p.Image.source()
	g := c.geometry(p)
	g.Window, g.Mirror = v.window, v.mirror
	needed := g.Touched()
	isWhole := g.W == float64(needed.Dx()) && g.H == float64(needed.Dy())
	isCopy := isWhole && needed.Dx() == c.Width && needed.Dy() == c.Height
	switch {
	case isCopy:
		needed = v.window.Add(needed.Min)
	case v.window != c.view().window: // needs less, which the resampler checks
		needed = image.Rectangle{}
	}
	if c.W <= 0 || c.H <= 0 || !needed.In(p.Image.Bounds()) {
		panic(fmt.Sprintf("pixel: %s of a part of %dx%d pixels at %v,%v of scale %v,%v", c.String(),
			p.Image.Width, p.Image.Height, p.X, p.Y, p.ScaleX, p.ScaleY))
	}
	if isCopy {
		s.scaler().Copy(dst, &src, needed, v.mirror)
		return
	}
	s.scaler().Scale(dst, &src, &g)
}
