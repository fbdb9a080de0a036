package sketch

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// A canvas is a picture in the making; alpha tells how much of each pixel is
// covered. A backdrop covers all, a subject's layer only itself.
type canvas struct {
	width, height int
	pix           []colour
	alpha         []float64
}

func newCanvas(size image.Point) *canvas {
	n := size.X * size.Y
	return &canvas{size.X, size.Y, make([]colour, n), make([]float64, n)}
}

// paintAll covers the canvas. The longer side runs from -1 to 1.
func (c *canvas) paintAll(paint paint) {
	half := float64(max(c.width, c.height)) / 2
	for y := range c.height {
		for x := range c.width {
			i := y*c.width + x
			c.pix[i] = paint(point{
				(float64(x) + 0.5 - float64(c.width)/2) / half,
				(float64(y) + 0.5 - float64(c.height)/2) / half,
			})
			c.alpha[i] = 1
		}
	}
}

// over lays colour of some opacity over pixel i.
func (c *canvas) over(i int, top colour, opacity float64) {
	covered := c.alpha[i]*(1-opacity) + opacity
	if covered == 0 {
		return
	}
	c.pix[i] = c.pix[i].mix(top, opacity/covered)
	c.alpha[i] = covered
}

// light gives a layer a bright side and a surface that is not quite even.
func (c *canvas) light(rng *rand.Rand) {
	sin, cos := math.Sincos(between(rng, 0, 2*math.Pi))
	strength, rough := between(rng, 0, 0.16), between(rng, 0, 0.22)
	grain, fineness := newNoise(rng), between(rng, 0.08, 0.25)
	for i := range c.pix {
		if c.alpha[i] == 0 {
			continue
		}
		x, y := float64(i%c.width), float64(i/c.width)
		side := (x/float64(c.width)-0.5)*cos + (y/float64(c.height)-0.5)*sin
		uneven := grain.cloud(x*fineness, y*fineness) - 0.5
		c.pix[i] = c.pix[i].times(1 + 2*strength*side + rough*uneven)
	}
}

// put lays a layer over the canvas, half of the time with a shadow.
func (c *canvas) put(layer *canvas, rng *rand.Rand) {
	dark := 0.0
	if chance(rng, 0.5) {
		dark = between(rng, 0.2, 0.45)
	}
	reach := float64(min(c.width, c.height)) * between(rng, 0.02, 0.05)
	dx, dy := int(reach*sign(rng)), int(reach)
	shadow := layer.softAlpha(max(1, int(reach*0.6)))
	for y := range c.height {
		for x := range c.width {
			i := y*c.width + x
			if sx, sy := x-dx, y-dy; sx >= 0 && sx < c.width && sy >= 0 && sy < c.height {
				c.pix[i] = c.pix[i].times(1 - dark*shadow[sy*c.width+sx])
			}
			c.over(i, layer.pix[i], layer.alpha[i])
		}
	}
}

// softAlpha returns the alpha values averaged over a box of the given radius,
// rows first and columns then.
func (c *canvas) softAlpha(radius int) []float64 {
	rows := make([]float64, len(c.alpha))
	for y := range c.height {
		boxSum(rows[y*c.width:], c.alpha[y*c.width:], c.width, 1, radius)
	}
	out := make([]float64, len(c.alpha))
	for x := range c.width {
		boxSum(out[x:], rows[x:], c.height, c.width, radius)
	}
	return out
}

// boxSum averages n values that lie stride apart over a window that slides
// along them; beyond the ends there is nothing.
func boxSum(dst, src []float64, n, stride, radius int) {
	sum := 0.0
	for i := -radius; i < n; i++ {
		if i+radius < n {
			sum += src[(i+radius)*stride]
		}
		if i-radius-1 >= 0 {
			sum -= src[(i-radius-1)*stride]
		}
		if i >= 0 {
			dst[i*stride] = max(0, sum/float64(2*radius+1))
		}
	}
}

// finish adds what a camera adds: exposure, a darker rim and grain.
func (c *canvas) finish(rng *rand.Rand) {
	exposure, rim := between(rng, 0.9, 1.02), between(rng, 0, 0.12)
	grain := between(rng, 0.016, 0.04)
	for i := range c.pix {
		x := float64(i%c.width)/float64(c.width) - 0.5
		y := float64(i/c.width)/float64(c.height) - 0.5
		p := c.pix[i].times(exposure * (1 - rim*2*(x*x+y*y)))
		n := grain * (rng.Float64() + rng.Float64() - 1) * 1.5
		c.pix[i] = colour{p.r + n, p.g + n, p.b + n}
	}
}

// image returns the canvas with 8 bits a component.
func (c *canvas) image() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, c.width, c.height))
	for i, p := range c.pix {
		img.SetRGBA(i%c.width, i/c.width, color.RGBA{byteOf(p.r), byteOf(p.g), byteOf(p.b), 255})
	}
	return img
}

func byteOf(v float64) uint8 { return uint8(clamp(v)*255 + 0.5) }
