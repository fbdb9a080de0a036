package jpeg

import (
	"image"

	"github.com/dsbuild/dsbuild/internal/kernel/dct"
)

// An output is where the pixels go.
type output struct {
	pix    []uint8
	stride int
	bounds image.Rectangle
	y      int // the next row to be written

	dense [3][]uint8 // a row of each component, as dense as the pixels
}

func (o *output) start(pix []uint8, stride int, bounds image.Rectangle) {
	o.pix, o.stride, o.bounds, o.y = pix, stride, bounds, bounds.Min.Y
}

// begin takes the memory for a decoding.
func (o *output) begin(d *Decoder) {
	l := &d.layout
	widest := 0
	for i := range d.planes() {
		c := &d.components[i]
		c.plane.start(c, l.left*c.h, l.right*c.h, l.top*c.v)
		widest = max(widest, c.plane.stride*c.plane.acrossBy)
	}
	for i := range o.dense {
		if cap(o.dense[i]) < widest {
			o.dense[i] = make([]uint8, widest)
		}
	}
}

// render turns a row of MCUs into samples and writes the rows of pixels that
// can be made by then.
func (o *output) render(d *Decoder, row int) {
	for i := range d.planes() {
		c := &d.components[i]
		c.plane.advance(c.plane.needs(o.y))
		first, end := d.layout.columns(c)
		for y := row * c.v; y < (row+1)*c.v; y++ {
			c.plane.add(c, c.row(y)[first*64:end*64])
		}
	}
	end := o.bounds.Max.Y
	for i := range d.planes() {
		end = min(end, d.components[i].plane.ready(d.components[i].height))
	}
	for o.y < end {
		if o.y&1 == 1 && o.y+1 < end && o.writePair(d, o.y) {
			o.y += 2
			continue
		}
		o.write(d, o.row(d, o.y), o.y)
		o.y++
	}
}

// row returns where row y of pixels goes.
func (o *output) row(d *Decoder, y int) []uint8 {
	return o.pix[(y-o.bounds.Min.Y)*o.stride:][:o.bounds.Dx()*d.header.Components]
}

// writePair makes rows y and y+1 of pixels, which lie between two rows of
// chroma, where there is a way to make them at once.
func (o *output) writePair(d *Decoder, y int) bool {
	luma, cb, cr := &d.components[0], &d.components[1], &d.components[2]
	p := &cb.plane
	if d.colour != yCbCr || !p.acrossFancy || !p.downFancy || !p.alike(&cr.plane) ||
		luma.plane.acrossBy != 1 || luma.plane.downBy != 1 {
		return false
	}
	first := o.bounds.Min.X - 2*p.left
	cbAbove, cbBelow := p.near(y, cb.width, cb.height)
	crAbove, crBelow := cr.plane.near(y, cr.width, cr.height)
	dct.H2V2RGBPair(o.row(d, y), o.row(d, y+1), o.denseRow(d, 0, y), o.denseRow(d, 0, y+1),
		cbAbove, cbBelow, crAbove, crBelow, first)
	return true
}

// write makes one row of pixels.
func (o *output) write(d *Decoder, dst []uint8, y int) {
	luma := o.denseRow(d, 0, y)
	if d.colour == gray {
		copy(dst, luma)
		return
	}
	cb, cr := &d.components[1], &d.components[2]
	if p := &cb.plane; d.colour == yCbCr && p.acrossFancy && p.alike(&cr.plane) {
		first := o.bounds.Min.X - 2*p.left
		cbNear, cbFar := p.near(y, cb.width, cb.height)
		crNear, crFar := cr.plane.near(y, cr.width, cr.height)
		if p.downFancy {
			dct.H2V2RGB(dst, luma, cbNear, cbFar, crNear, crFar, first)
		} else {
			dct.H2V1RGB(dst, luma, cbNear, crNear, first)
		}
		return
	}
	second, third := o.denseRow(d, 1, y), o.denseRow(d, 2, y)
	if d.colour == rgb {
		dct.Interleave(dst, luma, second, third)
	} else {
		dct.YCbCrToRGB(dst, luma, second, third)
	}
}

// alike tells whether two planes become dense in the same way.
func (p *plane) alike(q *plane) bool {
	return p.acrossBy == q.acrossBy && p.downBy == q.downBy && p.left == q.left && p.stride == q.stride
}

// denseRow returns row y of a component as dense as the pixels and as wide as
// those to be written.
func (o *output) denseRow(d *Decoder, i, y int) []uint8 {
	c := &d.components[i]
	p := &c.plane
	first, width := o.bounds.Min.X-p.left*p.acrossBy, o.bounds.Dx()
	near, far := p.near(y, c.width, c.height)
	if p.acrossBy == 1 && !p.downFancy {
		return near[first:][:width]
	}
	dense := o.dense[i][:len(near)*p.acrossBy]
	switch {
	case p.acrossFancy && p.downFancy:
		dct.H2V2(dense, near, far)
	case p.acrossFancy:
		dct.H2V1(dense, near)
	case p.downFancy:
		dct.H1V2(dense, near, far, y&1 == 1)
	default:
		dct.Repeat(dense, near, p.acrossBy)
	}
	return dense[first:][:width]
}
