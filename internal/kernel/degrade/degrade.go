// Package degrade leaves in images what being written to a JPEG file and read
// again does to them.
//
// Bytes of interleaved RGB or gray pixels flow in and out. Nothing is written:
// the entropy coding of a file loses nothing, so only the conversion of
// colours, the halving of chroma, the transforms and the quantisation between
// them are made. All arithmetic is that of libjpeg-turbo with its default
// settings: "islow" transforms, 4:2:0, "fancy" upsampling.
//
//	var w degrade.Work
//	w.JPEG(img.Pix, img.Width, img.Height, 3, 75)
package degrade

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/dct"
	"github.com/dsbuild/dsbuild/internal/kernel/filter"
)

//go:generate go run -C _asm . -out ../degrade_amd64.s -stubs ../degrade_amd64.go -pkg degrade

// Work is the memory that the work of one goroutine needs. The zero Work is
// ready for use; it grows to what the largest image needs.
type Work struct {
	y, cb, cr    plane
	luma, chroma [64]uint16 // the divisors
	rows         []uint8
	coefs        []int16
}

// A plane holds the samples of one component, in whole blocks of 8x8. Rows
// are stride apart.
type plane struct {
	samples            []uint8
	stride, blocksHigh int
}

// resize makes the plane hold width x height samples.
func (p *plane) resize(width, height int) {
	p.stride, p.blocksHigh = (width+7)/8*8, (height+7)/8
	p.samples = sized(p.samples, p.stride*p.blocksHigh*8)
}

// row returns the samples of row y.
func (p *plane) row(y int) []uint8 { return p.samples[y*p.stride:][:p.stride] }

// sized returns a slice of n elements, in the memory of s where that suffices.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// JPEG changes pixels of 1 or 3 channels in place, by a quality from 1 to 100,
// which is the best. It panics where there are not as many bytes as pixels.
func (w *Work) JPEG(pix []uint8, width, height, channels, quality int) {
	if len(pix) != width*height*channels {
		panic(fmt.Sprintf("degrade: %d bytes for %dx%dx%d", len(pix), width, height, channels))
	}
	w.luma, w.chroma = quantOf(&lumaQuant, quality), quantOf(&chromaQuant, quality)
	w.y.resize(width, height)
	if channels == 1 {
		for y := range height {
			w.y.set(y, pix[y*width:][:width], height)
		}
		w.quantise(&w.y, &w.luma)
		for y := range height {
			copy(pix[y*width:][:width], w.y.row(y))
		}
		return
	}
	w.cb.resize((width+1)/2, (height+1)/2)
	w.cr.resize((width+1)/2, (height+1)/2)
	w.fromRGB(pix, width, height)
	w.quantise(&w.y, &w.luma)
	w.quantise(&w.cb, &w.chroma)
	w.quantise(&w.cr, &w.chroma)
	w.toRGB(pix, width, height)
}

// set fills row y of a plane with samples, of which the last is repeated to
// the end, as is the last row of so many.
func (p *plane) set(y int, samples []uint8, height int) {
	row := p.row(y)
	repeatLast(row, copy(row, samples))
	if y == height-1 {
		p.repeatRow(y)
	}
}

// repeatRow copies row y to those behind it.
func (p *plane) repeatRow(y int) {
	for below := y + 1; below < 8*p.blocksHigh; below++ {
		copy(p.row(below), p.row(y))
	}
}

// repeatLast fills a row from place n on with what stands before.
func repeatLast(row []uint8, n int) {
	for i := n; i < len(row); i++ {
		row[i] = row[n-1]
	}
}

// fromRGB fills the planes. Chroma is the mean of four pixels, rounded down and
// up in turns.
func (w *Work) fromRGB(pix []uint8, width, height int) {
	// Rows that chroma of whole blocks is made of: red, green and blue, and two
	// of either chroma.
	n := max(2*w.cb.stride, w.y.stride)
	w.rows = sized(w.rows, 8*n)
	part := func(i int) []uint8 { return w.rows[i*n:][:n] }
	r, g, b, luma := part(0), part(1), part(2), part(3)
	for y := range height {
		odd := y % 2
		cb, cr := part(4+odd), part(6+odd)
		filter.Split(r[:width], g[:width], b[:width], pix[3*width*y:][:3*width])
		for _, channel := range [][]uint8{r, g, b} {
			repeatLast(channel, width)
		}
		convert(luma, cb, cr, r, g, b)
		w.y.set(y, luma[:w.y.stride], height)
		if odd == 1 || y == height-1 {
			halve(w.cb.row(y/2), part(4), part(4+odd))
			halve(w.cr.row(y/2), part(6), part(6+odd))
		}
	}
	w.cb.repeatRow((height - 1) / 2)
	w.cr.repeatRow((height - 1) / 2)
}

// quantise transforms a plane's blocks, rounds the coefficients to multiples of
// quant, and transforms them back.
func (w *Work) quantise(p *plane, quant *[64]uint16) {
	const most = 32 // blocks at a time, whose coefficients stay in the cache
	w.coefs = sized(w.coefs, 64*most)
	var f factors
	f.set(quant)
	for y := range p.blocksHigh {
		rows := p.samples[8*y*p.stride:]
		for x := 0; x < p.stride; x += 8 * most {
			n := min(most, (p.stride-x)/8)
			forward(w.coefs[:64*n], rows[x:], p.stride, quant, &f)
			dct.Inverse(rows[x:], p.stride, w.coefs[:64*n], quant)
		}
	}
}

// toRGB makes pixels of the planes.
func (w *Work) toRGB(pix []uint8, width, height int) {
	columns, last := (width+1)/2, (height-1)/2
	for y := range height {
		to, luma := pix[3*width*y:][:3*width], w.y.row(y)[:width]
		near := y / 2
		far := min(max(near-1+2*(y%2), 0), last)
		if columns > 2 {
			dct.H2V2RGB(to, luma, w.cb.row(near)[:columns], w.cb.row(far)[:columns],
				w.cr.row(near)[:columns], w.cr.row(far)[:columns], 0)
			continue
		}
		// libjpeg does not interpolate between two.
		var cb, cr [4]uint8
		dct.Repeat(cb[:2*columns], w.cb.row(near)[:columns], 2)
		dct.Repeat(cr[:2*columns], w.cr.row(near)[:columns], 2)
		dct.YCbCrToRGB(to, luma, cb[:width], cr[:width])
	}
}
