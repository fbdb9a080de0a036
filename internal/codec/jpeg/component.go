package jpeg

import (
	"fmt"
	"image"
)

// A component is one plane of an image.
type component struct {
	id    byte
	h, v  int // sampling factors
	table int // of quantisation

	blocksWide, blocksHigh int // without those that only fill MCUs

	// latched tells that quant is what the first scan of the component found.
	latched bool
	quant   [64]uint16

	// How the component is decoded.
	size          int // samples on a side that a block becomes: 8, 4, 2 or 1
	width, height int // of the plane at the scale
	left, right   int // columns of blocks that are kept, of whole MCUs
	top           int // row of blocks that coefs begins with
	rows          int // rows of blocks that coefs has place for
	coefs         []int16
	masks         []uint64 // of each block, of progressive files: see entropy.ReadBand
	plane         plane
}

// row returns the coefficients of the blocks kept of a row of blocks.
func (c *component) row(y int) []int16 {
	n := (c.right - c.left) * 64
	return c.coefs[(y-c.top)*n:][:n]
}

// maskRow returns the masks of the blocks kept of a row of blocks.
func (c *component) maskRow(y int) []uint64 {
	n := c.right - c.left
	return c.masks[(y-c.top)*n:][:n]
}

// A layout is what of the image is decoded.
type layout struct {
	bounds      image.Rectangle // in pixels at the scale
	whole       image.Point     // size of the whole image at the scale
	left, right int             // columns of MCUs that hold the region
	top, bottom int             // rows of MCUs
	stored      bool            // all of the coefficients are stored first
	// dense tells that they are stored of whole rows, from the first down, for
	// what later scans say of one depends on what it was.
	dense bool
}

// layOut finds out which blocks the pixels of bounds at a scale are made of,
// and takes the memory for them: for all of them at once where they are to be
// stored, or the file has more than one scan.
func (d *Decoder) layOut(bounds image.Rectangle, scale int, stored bool) {
	l := &d.layout
	*l = layout{
		bounds: bounds,
		whole:  image.Pt(ceilDiv(d.header.Width, scale), ceilDiv(d.header.Height, scale)),
		left:   d.header.Width, top: d.header.Height,
		stored: stored || d.header.Progressive || !d.oneScan(),
	}
	l.dense = d.header.Progressive && (stored || d.refines())
	base := 8 / scale
	for i := range d.planes() {
		c := &d.components[i]
		c.latched = false
		c.scaleTo(base, d.hMax, d.vMax, d.header)
		c.plane.arrange(c, d.hMax*base, d.vMax*base, base)
		l.include(c, bounds)
	}
	for i := range d.planes() {
		c := &d.components[i]
		c.left, c.right, c.top, c.rows = l.left*c.h, l.right*c.h, l.top*c.v, c.v
		if l.stored {
			if l.dense {
				c.left, c.right = 0, ceilDiv(c.blocksWide, c.h)*c.h
				c.top = 0
			}
			c.rows = l.bottom*c.v - c.top
		}
		c.take(d.header.Progressive)
	}
}

// planes returns the components of the file.
func (d *Decoder) planes() []component { return d.components[:d.header.Components] }

// scaleTo decides how large the blocks of a component become where base is the
// size of those of the densest component. As libjpeg does (jdmaster.c), a
// coarser component is made larger by its transform, as long as it stays a
// whole number of times coarser in both directions.
func (c *component) scaleTo(base, hMax, vMax int, header Header) {
	c.size = base
	for c.size < 8 && (hMax*base)%(c.h*c.size*2) == 0 && (vMax*base)%(c.v*c.size*2) == 0 {
		c.size *= 2
	}
	c.width = ceilDiv(header.Width*c.h*c.size, 8*hMax)
	c.height = ceilDiv(header.Height*c.v*c.size, 8*vMax)
}

// include grows the MCUs so that they hold the samples of a component that
// the pixels of bounds are made of, with those around that upsampling mixes in.
func (l *layout) include(c *component, bounds image.Rectangle) {
	p := &c.plane
	x0, x1 := bounds.Min.X/p.acrossBy, (bounds.Max.X-1)/p.acrossBy+1
	y0, y1 := bounds.Min.Y/p.downBy, (bounds.Max.Y-1)/p.downBy+1
	if p.acrossFancy {
		x0, x1 = max(x0-1, 0), min(x1+1, c.width)
	}
	if p.downFancy {
		y0, y1 = max(y0-1, 0), min(y1+1, c.height)
	}
	across, down := c.h*c.size, c.v*c.size // samples of an MCU
	l.left, l.right = min(l.left, x0/across), max(l.right, ceilDiv(x1, across))
	l.top, l.bottom = min(l.top, y0/down), max(l.bottom, ceilDiv(y1, down))
}

// take sees to it that coefs, and masks where they are wanted, are zero and
// have place for the blocks kept.
func (c *component) take(masks bool) {
	n := (c.right - c.left) * c.rows
	if cap(c.coefs) < 64*n {
		c.coefs = make([]int16, 64*n)
	}
	c.coefs = c.coefs[:64*n]
	if !masks {
		return
	}
	if cap(c.masks) < n {
		c.masks = make([]uint64, n)
	}
	c.masks = c.masks[:n]
	clear(c.masks)
}

// columns returns the first column of blocks kept that is part of the region,
// and the one behind the last.
func (l *layout) columns(c *component) (first, end int) {
	return l.left*c.h - c.left, l.right*c.h - c.left
}

// clearOutside clears the blocks that have not become samples, which leaves
// blocks zero: those outside of the columns from first to end, and all above
// row top.
func (c *component) clearOutside(first, end, top int) {
	for y := c.top; y < c.top+c.rows; y++ {
		row := c.row(y)
		if y < top {
			clear(row)
			continue
		}
		clear(row[:first*64])
		clear(row[end*64:])
	}
}

// forget clears what a decoding that broke off has left behind.
func (d *Decoder) forget() {
	for i := range d.planes() {
		c := &d.components[i]
		clear(c.coefs[:cap(c.coefs)])
	}
}

// latch keeps the quantisation table that is in force when the first scan of
// the component begins.
func (c *component) latch(t *tables) error {
	if c.latched {
		return nil
	}
	if c.table > 3 || !t.hasQuant[c.table] {
		return fmt.Errorf("%w: component %d has no quantisation table", ErrDamaged, c.id)
	}
	c.latched = true
	c.quant = t.quant[c.table]
	return nil
}
