package resample

import "fmt"

// A turn is an image on its way to one with rows and columns exchanged. Pixel
// (x, y) of the source becomes pixel (y, x) of the result; strides lead from
// one row to the next and are negative where an image is turned upside down.
type turn struct {
	dst, src             []uint8
	dstStart, srcStart   int // where the rows 0 begin
	dstStride, srcStride int
	channels             int
}

// Transpose writes src with rows and columns exchanged into dst, which is as
// large and does not share memory with it. On demand the source is turned
// upside down before, and the result after that. It panics where sizes do not
// fit.
func Transpose(dst []uint8, src *Source, sourceUpsideDown, resultUpsideDown bool) {
	w, h, c := src.Width, src.Height, src.Channels
	if len(dst) != w*h*c || len(src.Pix) != w*h*c {
		panic(fmt.Sprintf("resample: %d bytes for an image of %dx%dx%d of %d bytes",
			len(dst), w, h, c, len(src.Pix)))
	}
	t := turn{dst: dst, src: src.Pix, dstStride: h * c, srcStride: w * c, channels: c}
	if sourceUpsideDown {
		t.srcStart, t.srcStride = (h-1)*t.srcStride, -t.srcStride
	}
	if resultUpsideDown {
		t.dstStart, t.dstStride = (w-1)*t.dstStride, -t.dstStride
	}
	columns, rows := t.blocks(w, h)
	t.generic(columns, 0, w, rows)
	t.generic(0, rows, w, h)
}

// generic turns the pixels of the source from column x0 to x1 and row y0 to
// y1, in squares that keep what is read in the cache. It is the contract of
// the others.
func (t *turn) generic(x0, y0, x1, y1 int) {
	const side = 32
	for top := y0; top < y1; top += side {
		for left := x0; left < x1; left += side {
			for x := left; x < min(left+side, x1); x++ {
				t.column(x, top, min(top+side, y1))
			}
		}
	}
}

// column writes a part of a column of the source.
func (t *turn) column(x, y0, y1 int) {
	c := t.channels
	dst := t.dst[t.dstStart+x*t.dstStride+y0*c:][:(y1-y0)*c]
	from := t.srcStart + y0*t.srcStride + x*c
	if c == 1 {
		for i := range dst {
			dst[i] = t.src[from]
			from += t.srcStride
		}
		return
	}
	for ; len(dst) >= 3; dst = dst[3:] {
		p := t.src[from : from+3 : from+3]
		dst[0], dst[1], dst[2] = p[0], p[1], p[2]
		from += t.srcStride
	}
}
