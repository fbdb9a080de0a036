package jpeg

import "github.com/dsbuild/dsbuild/internal/kernel/dct"

// A plane holds the rows of samples of a component that the rows of pixels to
// be written next are made of.
type plane struct {
	pix    []uint8
	stride int
	left   int // column of the first sample of a row
	top    int // row of the first sample
	end    int // row behind the last one that is there

	acrossBy, downBy       int  // samples become that many columns and rows of pixels
	acrossFancy, downFancy bool // by the triangle filter instead of repetition
}

// spareRows is how many rows of samples are kept from one row of MCUs to the
// next at most: three below and one above the first that the next row of
// pixels needs.
const spareRows = 4

// arrange decides how the samples of a component become as dense as the pixels
// of an MCU, across wide and down high. The filters are those of libjpeg
// (jdsample.c): a triangle for factors of 2 where the row has more than 2
// samples and base, the size of the densest component's blocks, is not 1;
// repetition otherwise.
func (p *plane) arrange(c *component, across, down, base int) {
	p.acrossBy, p.downBy = across/(c.h*c.size), down/(c.v*c.size)
	fancy := base > 1
	switch {
	case p.acrossBy == 2 && p.downBy <= 2:
		p.acrossFancy = fancy && c.width > 2
		p.downFancy = p.acrossFancy && p.downBy == 2
	case p.acrossBy == 1 && p.downBy == 2:
		p.acrossFancy, p.downFancy = false, fancy
	default:
		p.acrossFancy, p.downFancy = false, false
	}
}

// start takes the memory for the columns of blocks from left to right; the
// first row comes from row of blocks top.
func (p *plane) start(c *component, left, right, top int) {
	p.stride = (right - left) * c.size
	p.left = left * c.size
	p.top, p.end = top*c.size, top*c.size
	n := p.stride * (c.v*c.size + spareRows)
	if cap(p.pix) < n {
		p.pix = make([]uint8, n)
	}
	p.pix = p.pix[:n]
}

// advance makes place for the rows of an MCU, where the rows before row needed
// are not needed any more.
func (p *plane) advance(needed int) {
	needed = min(needed, p.end)
	copy(p.pix, p.pix[(needed-p.top)*p.stride:(p.end-p.top)*p.stride])
	p.top = needed
}

// add appends the samples of a row of blocks, which it leaves zero.
func (p *plane) add(c *component, blocks []int16) {
	dst := p.pix[(p.end-p.top)*p.stride:]
	switch c.size {
	case 8:
		dct.Inverse(dst, p.stride, blocks, &c.quant)
	case 4:
		dct.Inverse4(dst, p.stride, blocks, &c.quant)
	case 2:
		dct.Inverse2(dst, p.stride, blocks, &c.quant)
	default:
		dct.Inverse1(dst, blocks, &c.quant)
	}
	p.end += c.size
}

// ready returns how many rows of pixels of the image can be made of the rows
// that are there, where height is that of the whole plane.
func (p *plane) ready(height int) int {
	switch {
	case p.end >= height:
		return height * p.downBy
	case p.downFancy:
		return p.end*2 - 1
	default:
		return p.end * p.downBy
	}
}

// needs returns the first row of samples that row y of pixels is made of.
func (p *plane) needs(y int) int {
	if p.downFancy {
		return max(y/2-1, 0)
	}
	return y / p.downBy
}

// row returns row y of samples up to the right end of the image.
func (p *plane) row(y, width int) []uint8 {
	return p.pix[(y-p.top)*p.stride:][:min(p.stride, width-p.left)]
}

// near returns the rows of samples that row y of pixels is mostly made of, and
// the one on its other side.
func (p *plane) near(y, width, height int) (near, far []uint8) {
	n := y / p.downBy
	f := n - 1
	if y&1 == 1 {
		f = n + 1
	}
	near = p.row(n, width)
	if !p.downFancy {
		return near, near
	}
	return near, p.row(min(max(f, 0), height-1), width)
}
