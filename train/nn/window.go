package nn

import "fmt"

// A Window is what slides over an image. All pairs are height and width.
type Window struct {
	Kernel   [2]int // its size
	Stride   [2]int // how far windows lie apart
	Pad      [2]int // zeros on each side of the image
	Dilation [2]int // how far elements of the window lie apart
}

// infer returns the height and width of the output for an image. ceil counts
// windows up rather than down.
func (w Window) infer(in Shape, ceil bool) (height, width int, err error) {
	if !in.IsImage() {
		return 0, 0, notImage(in)
	}
	var out [2]int
	for i, side := range []string{"height", "width"} {
		if w.Kernel[i] < 1 || w.Stride[i] < 1 || w.Pad[i] < 0 || w.Dilation[i] < 1 {
			return 0, 0, fmt.Errorf("%s has kernel %d, stride %d, pad %d, dilation %d", side,
				w.Kernel[i], w.Stride[i], w.Pad[i], w.Dilation[i])
		}
		span := (w.Kernel[i]-1)*w.Dilation[i] + 1
		room := in[i] + 2*w.Pad[i] - span
		if room < 0 && !(ceil && room > -w.Stride[i]) {
			return 0, 0, fmt.Errorf("kernel of %s %d does not fit the input %v with pad %d",
				side, span, in, w.Pad[i])
		}
		out[i] = w.count(i, in[i], span, ceil)
	}
	return out[0], out[1], nil
}

// count returns how many windows of a span fit along a side.
func (w Window) count(dimension, side, span int, ceil bool) int {
	stride, pad := w.Stride[dimension], w.Pad[dimension]
	room := side + 2*pad - span
	if room < 0 {
		return 1
	}
	n := room/stride + 1
	// A window that leaves the image must begin before the far padding does.
	if ceil && room%stride != 0 && n*stride < side+pad {
		n++
	}
	return n
}

// reach makes the ops with a window windowed.
func (w Window) reach(Shape) (size [2]int, apart [2]float64) {
	for i := range size {
		size[i], apart[i] = (w.Kernel[i]-1)*w.Dilation[i]+1, float64(w.Stride[i])
	}
	return size, apart
}

// notImage says that an op is given a vector.
func notImage(in Shape) error {
	return fmt.Errorf("expects an image {height, width, channels}, but got %v", in)
}
