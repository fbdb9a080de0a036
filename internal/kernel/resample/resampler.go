package resample

import (
	"fmt"
	"image"
	"math"
	"math/bits"
)

// A Geometry says which part of a source becomes what.
type Geometry struct {
	// X, Y, W and H are the box that is scaled, in pixels of the source. It need
	// not begin or end at whole pixels; none that it does not touch is used.
	X, Y, W, H float64
	// Width and Height are what the box is scaled to, in pixels.
	Width, Height int
	// Window is the part of that which is wanted: all if it is empty. Of the
	// source only what shows there need be in the image.
	Window image.Rectangle
	Filter Filter
	// Mirror exchanges left and right.
	Mirror bool
}

// Touched returns the source pixels that the box touches.
func (g *Geometry) Touched() image.Rectangle {
	x0, x1 := touched(g.X, g.W)
	y0, y1 := touched(g.Y, g.H)
	return image.Rect(x0, y0, x1, y1)
}

// Needed returns the pixels of the source that the window of the scaled box is
// made of, and some around them: as many as a source has in their place that is
// at most so much smaller that the box is not scaled up.
func (g *Geometry) Needed() image.Rectangle {
	w := g.window()
	x0, x1 := needed(span{g.X, g.W, g.Width, w.Min.X, w.Max.X, g.Filter})
	y0, y1 := needed(span{g.Y, g.H, g.Height, w.Min.Y, w.Max.Y, g.Filter})
	return image.Rect(x0, y0, x1, y1)
}

// window returns which part of the scaled box is wanted. It panics where there
// is no such geometry.
func (g *Geometry) window() image.Rectangle {
	const most = 1 << 30
	all := image.Rect(0, 0, g.Width, g.Height)
	w := g.Window
	if w.Empty() {
		w = all
	}
	fits := math.Abs(g.X) < most && math.Abs(g.Y) < most && g.W < most && g.H < most
	if !fits || !(g.W > 0) || !(g.H > 0) || w.Empty() || !w.In(all) || g.Filter > Lanczos {
		panic(fmt.Sprintf("resample: %v of the box %v,%v %vx%v scaled to %dx%d",
			g.Window, g.X, g.Y, g.W, g.H, g.Width, g.Height))
	}
	return w
}

// rowsAtOnce is how many rows are scaled across together: a power of 2.
const rowsAtOnce = 4

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

	edge   []uint8 // rows of an image that would be read beyond its end
	mirror []uint8 // a row of Copy
	bytes  []uint8 // a row of the result, with room for a whole block
	floats []float32
	sums   []float32 // of the loops in Go
}

// Scale writes the part of src that g tells of into dst. It panics where the
// sizes do not fit.
func (r *Resampler) Scale(dst *Target, src *Source, g *Geometry) {
	w := g.window()
	dst.check(src, w.Dx(), w.Dy())
	r.across.set(span{g.X, g.W, g.Width, w.Min.X, w.Max.X, g.Filter})
	r.down.set(span{g.Y, g.H, g.Height, w.Min.Y, w.Max.Y, g.Filter})
	if !r.across.isWithin(src.Width) || !r.down.isWithin(src.Height) {
		panic(fmt.Sprintf("resample: the box %v,%v %vx%v of an image of %dx%d",
			g.X, g.Y, g.W, g.H, src.Width, src.Height))
	}
	r.groups.set(&r.across, src.Channels, dst.Channels, g.Mirror)
	r.rowFloats = r.groups.rowFloats()
	r.ringRows = 1 << bits.Len(uint(r.down.most+rowsAtOnce-2))
	r.ring = resize(r.ring, r.ringRows*r.rowFloats)
	r.offsets, r.factors = resize(r.offsets, r.down.most), resize(r.factors, r.down.most)
	r.next = 0
	defer dst.finish()
	for y := range w.Dy() {
		first, count := int(r.down.first[y]), int(r.down.count[y])
		for r.next = max(r.next, first&^(rowsAtOnce-1)); r.next < first+count; r.next += rowsAtOnce {
			r.scaleRows(src, g.Filter.overshoots())
		}
		taps := 0
		for k, w := range r.down.weights[y*r.down.taps:][:count] {
			if w != 0 {
				r.offsets[taps] = ((first + k) & (r.ringRows - 1)) * r.rowFloats
				r.factors[taps] = float32(w) / one
				taps++
			}
		}
		r.emit(dst, w.Size(), y, taps, g.Filter.overshoots())
	}
}

// scaleRows scales the next rows of the source across, into the ring. Rows
// beyond its end repeat the last.
func (r *Resampler) scaleRows(src *Source, clip bool) {
	dst := r.ring[(r.next&(r.ringRows-1))*r.rowFloats:][:rowsAtOnce*r.rowFloats]
	stride := src.Width * src.Channels
	if r.groups.layout == inGo {
		for i := range rowsAtOnce {
			row := src.Pix[min(r.next+i, src.Height-1)*stride:][:stride]
			r.groups.generic(dst[i*r.rowFloats:], row, clip)
		}
		return
	}
	last := (r.next + rowsAtOnce - 1) * stride
	if last+r.groups.reach <= len(src.Pix) {
		r.groups.scale(dst, src.Pix[r.next*stride:], stride, clip)
		return
	}
	reach := r.groups.reach
	r.edge = resize(r.edge, rowsAtOnce*reach)
	for i := range rowsAtOnce {
		copy(r.edge[i*reach:(i+1)*reach], src.Pix[min(r.next+i, src.Height-1)*stride:])
	}
	r.groups.scale(dst, r.edge, reach, clip)
}

// emit makes row y of a result of the given size from the rows of the ring at
// r.offsets.
func (r *Resampler) emit(dst *Target, size image.Point, y, taps int, clip bool) {
	offsets, factors := r.offsets[:taps], r.factors[:taps]
	n := size.X * dst.Channels
	switch {
	case dst.Planar && dst.Channels == 3:
		r.bytes = resize(r.bytes, max(n, blockValues))
		r.sumBytes(r.bytes, offsets, factors, clip)
		dst.plane(r.bytes[:n], y, size.X, size.Y)
	case dst.Bytes != nil && n >= blockValues:
		r.sumBytes(dst.Bytes[y*n:(y+1)*n], offsets, factors, clip)
	case dst.Bytes != nil:
		r.bytes = resize(r.bytes, blockValues)
		r.sumBytes(r.bytes, offsets, factors, clip)
		copy(dst.Bytes[y*n:(y+1)*n], r.bytes)
	case n >= blockValues:
		r.sumFloats(dst.Floats[y*n:(y+1)*n], offsets, factors, dst.Norm, clip, dst.streams())
	default:
		r.floats = resize(r.floats, blockValues)
		r.sumFloats(r.floats, offsets, factors, dst.Norm, clip, false)
		copy(dst.Floats[y*n:(y+1)*n], r.floats)
	}
}
