package resample

import (
	"fmt"
	"image"
)

// chunkPixels bounds how much one call of a loop does where that is assembly:
// goroutines cannot be stopped in between.
const chunkPixels = 1 << 15

// Copy writes the part of src within clip into dst without scaling it,
// mirrored left to right on demand. It panics where the sizes do not fit.
func (r *Resampler) Copy(dst *Target, src *Source, clip image.Rectangle, mirror bool) {
	width, height := clip.Dx(), clip.Dy()
	if clip.Empty() || !clip.In(image.Rect(0, 0, src.Width, src.Height)) {
		panic(fmt.Sprintf("resample: part %v of an image of %dx%d", clip, src.Width, src.Height))
	}
	dst.check(src, width, height)
	defer dst.finish()
	c := src.Channels
	if width == src.Width && !mirror && c == dst.Channels { // rows without gaps: one long row
		all := src.Pix[clip.Min.Y*width*c : clip.Max.Y*width*c]
		dst.row(all, 0, width*height, 1)
		return
	}
	for y := range height {
		at := ((clip.Min.Y+y)*src.Width + clip.Min.X) * c
		dst.row(r.arrange(src.Pix[at:at+width*c], c, dst.Channels, mirror), y, width, height)
	}
}

// arrange returns a row mirrored, and with 3 channels instead of 1, as asked
// for.
func (r *Resampler) arrange(row []uint8, from, to int, mirror bool) []uint8 {
	if mirror {
		r.mirror = resize(r.mirror, len(row))
		Mirror(r.mirror, row, from)
		row = r.mirror
	}
	if from != to {
		r.bytes = resize(r.bytes, 3*len(row))
		for x, v := range row {
			p := r.bytes[x*3 : x*3+3 : x*3+3]
			p[0], p[1], p[2] = v, v, v
		}
		row = r.bytes
	}
	return row
}

// row writes row y of a result of the given size, from bytes with the target's
// channels.
func (t *Target) row(row []uint8, y, width, height int) {
	n := width * t.Channels
	switch {
	case t.Planar && t.Channels == 3:
		t.plane(row, y, width, height)
	case t.Bytes != nil:
		copy(t.Bytes[y*n:(y+1)*n], row)
	default:
		t.Norm.fill(t.Floats[y*n:(y+1)*n], row, t.streams())
	}
}

// plane is row for planar targets of 3 channels.
func (t *Target) plane(row []uint8, y, width, height int) {
	size, at := width*height, y*width
	if t.Bytes != nil {
		split(t.Bytes[at:][:width], t.Bytes[size+at:][:width], t.Bytes[2*size+at:][:width], row)
		return
	}
	t.Norm.split(t.Floats[at:][:width], t.Floats[size+at:][:width], t.Floats[2*size+at:][:width],
		row, t.streams())
}

// fillGeneric writes bytes of interleaved channels as floats.
func (n *Norm) fillGeneric(dst []float32, src []uint8) {
	for i, v := range src {
		dst[i] = float32(float32(v)*n.scale[i%blockValues]) + n.bias[i%blockValues]
	}
}

// splitGeneric writes RGB bytes as a row of floats for each channel.
func (n *Norm) splitGeneric(r, g, b []float32, src []uint8) {
	for x := range r {
		p := src[x*3 : x*3+3 : x*3+3]
		r[x] = float32(float32(p[0])*n.scale[0]) + n.bias[0]
		g[x] = float32(float32(p[1])*n.scale[1]) + n.bias[1]
		b[x] = float32(float32(p[2])*n.scale[2]) + n.bias[2]
	}
}

// splitGeneric writes RGB bytes as a row of bytes for each channel.
func splitGeneric(r, g, b, src []uint8) {
	for x := range r {
		p := src[x*3 : x*3+3 : x*3+3]
		r[x], g[x], b[x] = p[0], p[1], p[2]
	}
}

// mirrorGeneric writes the pixels of src in the reverse order.
func mirrorGeneric(dst, src []uint8, channels int) {
	n := len(src)
	if channels == 1 {
		for i, v := range src {
			dst[n-1-i] = v
		}
		return
	}
	for i := 0; i < n; i += 3 {
		p, q := src[i:i+3:i+3], dst[n-3-i:n-i:n-i]
		q[0], q[1], q[2] = p[0], p[1], p[2]
	}
}
