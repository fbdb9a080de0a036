package pixel

import (
	"fmt"
	"image"
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/resample"
)

// A Part is a piece of an image, perhaps at a smaller scale: what a decoder
// makes of the region that a crop needs.
type Part struct {
	Image *Image
	// X and Y are where the corner of Image is in the whole, in its pixels. A
	// piece at a smaller scale may reach out of the whole by less than one of
	// its pixels, so they may be negative.
	X, Y float64
	// ScaleX and ScaleY are how many pixels of the whole one of Image stands
	// for. 0 means 1.
	ScaleX, ScaleY float64
}

// Whole returns a whole image as a part.
func Whole(m *Image) Part { return Part{Image: m, ScaleX: 1, ScaleY: 1} }

// scale returns how many pixels of the whole one of the part stands for.
func (p *Part) scale() (x, y float64) {
	x, y = p.ScaleX, p.ScaleY
	if x == 0 {
		x = 1
	}
	if y == 0 {
		y = 1
	}
	return x, y
}

// ApplyPart is Apply for an image of which only a part is there; that part is
// left as it is. At scale 1 the result is that of Apply on the whole, bit for
// bit. It panics where the region leads out of the part.
func (c *Crop) ApplyPart(p Part, s *Scratch) *Image {
	out := s.New(c.Width, c.Height, p.Image.Channels)
	target := out.target()
	c.write(&target, &p, false, s)
	return out
}

// write puts the cropped part into a target, mirrored on demand.
func (c *Crop) write(dst *resample.Target, p *Part, mirror bool, s *Scratch) {
	src := p.Image.source()
	g := c.geometry(p)
	if !g.Clip.In(p.Image.Bounds()) || c.W <= 0 || c.H <= 0 {
		panic(fmt.Sprintf("pixel: %s of a part of %dx%d pixels at %v,%v of scale %v,%v", c.String(),
			p.Image.Width, p.Image.Height, p.X, p.Y, p.ScaleX, p.ScaleY))
	}
	isWhole := g.W == float64(g.Clip.Dx()) && g.H == float64(g.Clip.Dy())
	if isWhole && g.Clip.Dx() == c.Width && g.Clip.Dy() == c.Height {
		s.scaler().Copy(dst, &src, g.Clip, mirror)
		return
	}
	g.Mirror = mirror
	s.scaler().Scale(dst, &src, &g)
}

// geometry returns the crop in the pixels of a part.
func (c *Crop) geometry(p *Part) resample.Geometry {
	const slack = 1e-9 // of a pixel: what division leaves
	scaleX, scaleY := p.scale()
	x, y := (float64(c.X)-p.X)/scaleX, (float64(c.Y)-p.Y)/scaleY
	w, h := float64(c.W)/scaleX, float64(c.H)/scaleY
	return resample.Geometry{
		Clip: image.Rect(
			int(math.Floor(x+slack)), int(math.Floor(y+slack)),
			int(math.Ceil(x+w-slack)), int(math.Ceil(y+h-slack)),
		),
		X: x, Y: y, W: w, H: h, Width: c.Width, Height: c.Height, Filter: c.Filter.kernel(),
	}
}
