package nn

import "github.com/dsbuild/dsbuild/internal/kernel"

// A windowing lets a kernel slide over an image of (height, width, channels)
// that is first dilated (zeros put between its pixels) and padded. It works
// in bands of output rows. Padding below zero cuts off.
type windowing struct {
	image                     image
	channels                  int
	kernel, step, dilate, pad image
	output                    image
	width                     int // of a padded row: columns that windows visit
	bandRows, bands           int // rows of the output at a time
	direct                    bool
}

// plan sets what follows from the size of the output.
func (w *windowing) plan(output image) {
	w.output = output
	w.width = (output[1]-1)*w.step[1] + w.kernel[1]
	w.direct = w.pad == image{} && w.dilate == image{1, 1}
	perRow := w.step[0] * w.width * w.channels
	w.bandRows = min(max((bandFloats-w.kernel[0]*w.width*w.channels)/perRow, 1), output[0])
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
	return ((w.bandRows-1)*w.step[0] + w.kernel[0]) * w.width * w.channels
}

// bandView is the part of a padded image that a band of output rows sees.
type bandView struct {
	*windowing
	data  []float32
	width int // of a row, in pixels
	first int // output row
}

// rows returns what the output rows [first,last) see of src, copied into
// scratch where it has to be padded.
func (w *windowing) rows(scratch, src []float32, first, last int) bandView {
	top := first * w.step[0]
	if w.direct {
		return bandView{w, src[top*w.image[1]*w.channels:], w.image[1], first}
	}
	count := (last-1-first)*w.step[0] + w.kernel[0]
	line := w.width * w.channels
	for i := range count {
		w.padRow(scratch[i*line:(i+1)*line], src, top+i-w.pad[0])
	}
	return bandView{w, scratch[:count*line], w.width, first}
}

// padRow writes row y of the dilated image, padded on both sides.
func (w *windowing) padRow(dst, src []float32, y int) {
	if y < 0 || y%w.dilate[0] != 0 || y/w.dilate[0] >= w.image[0] {
		clear(dst)
		return
	}
	c := w.channels
	src = src[y/w.dilate[0]*w.image[1]*c:][:w.image[1]*c]
	if w.dilate[1] == 1 {
		from := max(-w.pad[1], 0) * c // cut off on the left
		left := max(w.pad[1], 0) * c
		clear(dst[:min(left, len(dst))])
		n := 0
		if left < len(dst) && from < len(src) {
			n = copy(dst[left:], src[from:])
		}
		clear(dst[min(left+n, len(dst)):])
		return
	}
	clear(dst)
	for x := range w.image[1] {
		if at := (x*w.dilate[1] + w.pad[1]) * c; at >= 0 && at+c <= len(dst) {
			copy(dst[at:at+c], src[x*c:])
		}
	}
}

// windows returns the windows of output row y, one a row of the matrix; a
// segment is a row of the kernel.
func (b *bandView) windows(y int) kernel.Matrix {
	line := b.width * b.channels
	return kernel.Matrix{
		Data: b.data[(y-b.first)*b.step[0]*line:],
		Row:  b.step[1] * b.channels, Depth: 1, Segment: line,
	}
}

// taps returns, for a row of the kernel, all that each of its elements meets:
// a row of the matrix is an element, the depth runs over columns of the
// output and a segment is a row of it.
func (b *bandView) taps(kernelRow int) kernel.Matrix {
	line := b.width * b.channels
	return kernel.Matrix{
		Data: b.data[kernelRow*line:],
		Row:  1, Depth: b.step[1] * b.channels, Segment: b.step[0] * line,
	}
}
