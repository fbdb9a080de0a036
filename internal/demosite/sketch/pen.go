package sketch

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// A pen draws a subject's parts on a layer of its own.
type pen struct {
	layer    *canvas
	toPixels affine
	toSquare affine
	colours  palette
	rng      *rand.Rand
	skin     paint   // the main colour, perhaps with a pattern
	second   paint   // the accent, perhaps with a pattern
	outline  float64 // width of the line around parts in the square's units; 0 for none
}

func newPen(size image.Point, place affine, colours palette, rng *rand.Rand) *pen {
	g := &pen{
		layer:    newCanvas(size),
		toPixels: place,
		toSquare: place.inverse(),
		colours:  colours,
		rng:      rng,
		skin:     pattern(colours.main, colours.main2, rng),
		second:   pattern(colours.accent, colours.accent.mix(colours.main, 0.3), rng),
	}
	if chance(rng, 0.45) {
		g.outline = g.visible(between(rng, 0.02, 0.05))
	}
	return g
}

// visible widens a line that would be thinner than a pixel and a half.
func (g *pen) visible(width float64) float64 { return max(width, 1.5/g.toPixels.scale()) }

// between and chance draw for the subject.
func (g *pen) between(lo, hi float64) float64 { return between(g.rng, lo, hi) }
func (g *pen) chance(p float64) bool          { return chance(g.rng, p) }

// part fills a path and, in pictures with outlines, draws its border.
func (g *pen) part(p path, paint paint) {
	if g.outline > 0 {
		// Borders first: of parts that overlap within one path only the
		// outer border shows.
		g.fill(p.edges(2*g.outline), plain(g.colours.line))
	}
	g.fill(p, paint)
}

// line draws a stroke.
func (g *pen) line(points []point, width float64, c colour) {
	g.fill(stroke(points, g.visible(width)), plain(c))
}

// fill covers a path with paint; borders are smooth.
func (g *pen) fill(p path, paint paint) {
	p = p.apply(g.toPixels)
	box := p.bounds().Intersect(image.Rect(0, 0, g.layer.width, g.layer.height))
	if box.Empty() {
		return
	}
	mask := p.mask(box)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			opacity := mask.Pix[mask.PixOffset(x, y)]
			if opacity == 0 {
				continue
			}
			at := g.toSquare.apply(point{float64(x) + 0.5, float64(y) + 0.5})
			g.layer.over(y*g.layer.width+x, paint(at), float64(opacity)/255)
		}
	}
}

// bounds returns the pixels that a path can touch.
func (p path) bounds() image.Rectangle {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, polygon := range p {
		for _, c := range polygon {
			lo = point{min(lo.x, c.x), min(lo.y, c.y)}
			hi = point{max(hi.x, c.x), max(hi.y, c.y)}
		}
	}
	return image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)),
		int(math.Ceil(hi.x)), int(math.Ceil(hi.y)))
}

// mask returns how much of each pixel of box a path covers.
func (p path) mask(box image.Rectangle) *image.Alpha {
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, polygon := range p {
		for i, c := range polygon {
			x, y := float32(c.x-float64(box.Min.X)), float32(c.y-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.DrawOp = draw.Src
	mask := image.NewAlpha(box)
	r.Draw(mask, box, image.Opaque, image.Point{})
	return mask
}
