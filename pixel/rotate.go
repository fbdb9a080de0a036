package pixel

import "math"

// Rotate turns an image about its centre, counter-clockwise by Degrees. The
// size stays; what was outside shows the gray value Fill.
type Rotate struct {
	Degrees float64
	Fill    uint8
}

// Size implements Step.
func (Rotate) Size(width, height int) (int, int) { return width, height }

// Affine implements Mover.
func (r Rotate) Affine(width, height int) Affine {
	sin, cos := math.Sincos(r.Degrees * math.Pi / 180)
	cx, cy := float64(width)/2, float64(height)/2
	return Affine{
		A: cos, B: sin, C: cx - cos*cx - sin*cy,
		D: -sin, E: cos, F: cy + sin*cx - cos*cy,
	}
}

// Apply implements Step: each pixel of the result is interpolated between the
// four around the point that it shows.
func (r Rotate) Apply(m *Image) *Image {
	if r.Degrees == 0 {
		return m
	}
	out := New(m.Width, m.Height, m.Channels)
	back := r.Affine(m.Width, m.Height).inverse()
	for y := range out.Height {
		row := out.Row(y)
		for x := range out.Width {
			fx, fy := back.Map(float64(x)+0.5, float64(y)+0.5)
			r.sample(row[x*m.Channels:(x+1)*m.Channels], m, fx-0.5, fy-0.5)
		}
	}
	return out
}

// sample puts the colour of m at (x, y), in pixel centres, into dst.
func (r Rotate) sample(dst []uint8, m *Image, x, y float64) {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	wx, wy := float32(x-float64(x0)), float32(y-float64(y0))
	for k := range dst {
		at := func(x, y int) float32 {
			if x < 0 || x >= m.Width || y < 0 || y >= m.Height {
				return float32(r.Fill)
			}
			return float32(m.Pix[(y*m.Width+x)*m.Channels+k])
		}
		top := at(x0, y0)*(1-wx) + at(x0+1, y0)*wx
		bottom := at(x0, y0+1)*(1-wx) + at(x0+1, y0+1)*wx
		dst[k] = uint8(top*(1-wy) + bottom*wy + 0.5)
	}
}

func (r Rotate) String() string { return "rotate " + number(r.Degrees) + "°" }
