package direct

import "github.com/dsbuild/dsbuild/internal/kernel"

// bandFloats bounds how much of an image is taken at a time, so that the
// padded copy stays in a core's cache.
const bandFloats = 1 << 15

// A windowing lets a kernel slide over an image that is first spread (zeros put
// between its pixels) and padded. It works in bands of output rows. Padding
// below zero cuts off.
type windowing struct {
	image                            [2]int
	channels                         int // that are used
	row                              int // floats from one pixel to the next
	kernel, apart, step, spread, pad [2]int
	output                           [2]int
	width                            int // of a padded row: columns that windows visit
	bandRows, bands                  int // rows of the output at a time
	direct                           bool
}

// span returns the pixels from the kernel's first element to its last.
func (w *windowing) span(i int) int { return (w.kernel[i]-1)*w.apart[i] + 1 }

// plan sets what follows from the size of the output.
func (w *windowing) plan(output [2]int) {
	w.output = output
	w.width = (output[1]-1)*w.step[1] + w.span(1)
	w.direct = w.pad == [2]int{} && w.spread == [2]int{1, 1}
	perRow := w.step[0] * w.width * w.channels
	w.bandRows = min(max((bandFloats-w.span(0)*w.width*w.channels)/perRow, 1), output[0])
	w.bands = (output[0] + w.bandRows - 1) / w.bandRows
}

// band returns the output rows of a band.
func (w *windowing) band(i int) (first, last int) {
	first = i * w.bandRows
	return first, min(first+w.bandRows, w.output[0])
}

// copySize returns the floats of the largest band's padded copy.
func (w *windowing) copySize() int {
	if w.direct {
		return 0
	}
	return ((w.bandRows-1)*w.step[0] + w.span(0)) * w.width * w.channels
}

// bandView is the part of a padded image that a band of output rows sees.
type bandView struct {
	*windowing
	data  []float32
	pixel int // floats from one pixel to the next
	line  int // floats from one row to the next
	first int // output row
}

// rows returns what the output rows [first,last) see of src, copied into
// scratch where it has to be padded.
func (w *windowing) rows(scratch, src []float32, first, last int) bandView {
	top := first * w.step[0]
	if w.direct {
		return bandView{w, src[top*w.image[1]*w.row:], w.row, w.image[1] * w.row, first}
	}
	count := (last-1-first)*w.step[0] + w.span(0)
	line := w.width * w.channels
	for i := range count {
		w.padRow(scratch[i*line:(i+1)*line], src, top+i-w.pad[0])
	}
	return bandView{w, scratch[:count*line], w.channels, line, first}
}

// padRow writes row y of the spread image, padded on both sides.
func (w *windowing) padRow(dst, src []float32, y int) {
	clear(dst)
	if y < 0 || y%w.spread[0] != 0 || y/w.spread[0] >= w.image[0] {
		return
	}
	src = src[y/w.spread[0]*w.image[1]*w.row:]
	for x := range w.image[1] {
		if at := (x*w.spread[1] + w.pad[1]) * w.channels; at >= 0 && at+w.channels <= len(dst) {
			copy(dst[at:at+w.channels], src[x*w.row:])
		}
	}
}

// windows returns what an element of the kernel sees for output row y: a window
// is a row of the matrix.
func (b *bandView) windows(y, row, column int) kernel.Matrix {
	at := ((y-b.first)*b.step[0]+row*b.apart[0])*b.line + column*b.apart[1]*b.pixel
	return kernel.Matrix{Data: b.data[at:], Row: b.step[1] * b.pixel, Depth: 1}
}
