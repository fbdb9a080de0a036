package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/resample"

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
	v := c.view()
	v.write(&target, &p, s)
	return out
}

// geometry returns the crop in the pixels of a part.
func (c *Crop) geometry(p *Part) resample.Geometry {
	scaleX, scaleY := p.scale()
	return resample.Geometry{
		X: (float64(c.X) - p.X) / scaleX, Y: (float64(c.Y) - p.Y) / scaleY,
		W: float64(c.W) / scaleX, H: float64(c.H) / scaleY,
		Width: c.Width, Height: c.Height, Filter: c.Filter.kernel(),
	}
}
