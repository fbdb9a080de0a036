package resample

import (
	"fmt"
	"image"
	"math/bits"
)

// A Geometry says which part of a source becomes what.
type Geometry struct {
	// Clip holds the source pixels that may be used.
	Clip image.Rectangle
	// X, Y, W and H are the box that is scaled, in pixels of the source; it lies
	// in Clip and need not begin or end at whole pixels.
	X, Y, W, H float64
	// Width and Height of the result, in pixels.
	Width, Height int
	Filter        Filter
	// Mirror exchanges left and right.
	Mirror bool
}

// check panics where the geometry is none.
func (g *Geometry) check(src *Source) {
	x1, y1 := g.X+g.W, g.Y+g.H
	const slack = 1e-6 // of the arithmetic that made the box
	isIn := g.X >= float64(g.Clip.Min.X)-slack && x1 <= float64(g.Clip.Max.X)+slack &&
		g.Y >= float64(g.Clip.Min.Y)-slack && y1 <= float64(g.Clip.Max.Y)+slack
	ok := isIn && g.W > 0 && g.H > 0 && g.Width > 0 && g.Height > 0 && !g.Clip.Empty() &&
		g.Clip.In(image.Rect(0, 0, src.Width, src.Height))
	if !ok || g.Filter > Lanczos {
		panic(fmt.Sprintf("resample: box %v,%v %vx%v within %v to %dx%d of an image of %dx%d",
			g.X, g.Y, g.W, g.H, g.Clip, g.Width, g.Height, src.Width, src.Height))
	}
}

// A Resampler is the memory of one goroutine that scales images. The zero
// value is ready.
type Resampler struct {
	across, down axis
	groups       groups

	// ring holds the last rows of the source after scaling them across: row y
	// at y modulo ringRows, a power of 2, in whole numbers from 0 to 255.
	ring      []float32
	ringRows  int
	rowFloats int   // from one row of the ring to the next
	next      int   // the source row that comes next into the ring
	offsets   []int // of the rows under the weights of one row of the result
	factors   []float32

	edges  [2][]uint8 // rows that would be read beyond the end of their image
	mirror []uint8    // a row of Copy
	bytes  []uint8    // a row of the result, with room for a whole block
	floats []float32
}

// Scale writes the part of src that g tells of into dst. It panics where the
// sizes do not fit.
func (r *Resampler) Scale(dst *Target, src *Source, g *Geometry) {
	g.check(src)
	dst.check(src, g.Width, g.Height)
	r.across.set(span{g.Clip.Min.X, g.Clip.Max.X, g.X, g.W, g.Width, g.Filter})
	r.down.set(span{g.Clip.Min.Y, g.Clip.Max.Y, g.Y, g.H, g.Height, g.Filter})
	r.groups.set(&r.across, src.Channels, dst.Channels, g.Mirror)
	r.rowFloats = r.groups.rowFloats()
	r.ringRows = 1 << bits.Len(uint(r.down.most+1))
	r.ring = resize(r.ring, r.ringRows*r.rowFloats)
	r.offsets, r.factors = resize(r.offsets, r.down.most), resize(r.factors, r.down.most)
	r.next = 0
	for y := range g.Height {
		first, count := int(r.down.first[y]), int(r.down.count[y])
		for r.next = max(r.next, first); r.next < first+count; r.next += 2 {
			r.scaleRows(src, g)
		}
		taps := 0
		for k, w := range r.down.weights[y*r.down.taps:][:count] {
			if w != 0 {
				r.offsets[taps] = ((first + k) & (r.ringRows - 1)) * r.rowFloats
				r.factors[taps] = float32(w) / one
				taps++
			}
		}
		r.emit(dst, g, y, taps)
	}
}

// scaleRows scales the next two rows of the source across, into the ring.
func (r *Resampler) scaleRows(src *Source, g *Geometry) {
	upper, lower := r.next, min(r.next+1, g.Clip.Max.Y-1)
	to := func(y int) []float32 { return r.ring[(y&(r.ringRows-1))*r.rowFloats:][:r.rowFloats] }
	stride := src.Width * src.Channels
	clip := g.Filter.overshoots()
	if r.groups.layout == inGo {
		r.groups.generic(to(upper), src.Pix[upper*stride:][:stride], clip)
		r.groups.generic(to(upper+1), src.Pix[lower*stride:][:stride], clip)
		return
	}
	r.groups.scale(to(upper), to(upper+1), r.row(src, upper, 0), r.row(src, lower, 1), clip)
}

// row returns the source from row y on, as far as the loops read: from a copy
// where the image ends before that. There is a copy for each of two rows.
func (r *Resampler) row(src *Source, y, which int) []uint8 {
	at := y * src.Width * src.Channels
	if at+r.groups.reach <= len(src.Pix) {
		return src.Pix[at:]
	}
	r.edges[which] = resize(r.edges[which], r.groups.reach)
	copy(r.edges[which], src.Pix[at:])
	return r.edges[which]
}

// emit makes row y of the result from the rows of the ring at r.offsets.
func (r *Resampler) emit(dst *Target, g *Geometry, y, taps int) {
	offsets, factors := r.offsets[:taps], r.factors[:taps]
	clip, n := g.Filter.overshoots(), g.Width*dst.Channels
	switch {
	case dst.Planar && dst.Channels == 3:
		r.bytes = resize(r.bytes, max(n, blockValues))
		r.sumBytes(r.bytes, offsets, factors, clip)
		dst.plane(r.bytes[:n], y, g.Width, g.Height)
	case dst.Bytes != nil && n >= blockValues:
		r.sumBytes(dst.Bytes[y*n:(y+1)*n], offsets, factors, clip)
	case dst.Bytes != nil:
		r.bytes = resize(r.bytes, blockValues)
		r.sumBytes(r.bytes, offsets, factors, clip)
		copy(dst.Bytes[y*n:(y+1)*n], r.bytes)
	case n >= blockValues:
		r.sumFloats(dst.Floats[y*n:(y+1)*n], offsets, factors, dst.Norm, clip)
	default:
		r.floats = resize(r.floats, blockValues)
		r.sumFloats(r.floats, offsets, factors, dst.Norm, clip)
		copy(dst.Floats[y*n:(y+1)*n], r.floats)
	}
}
