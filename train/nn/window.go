package nn

import "fmt"

// An Option says how a layer differs from its default.
type Option func(*window)

// Kernel sets the size of a convolution's window: one number for both
// directions, or height and width.
func Kernel(size ...int) Option { return func(w *window) { w.kernel = pair("kernel", size) } }

// Stride sets how far windows lie apart: one number, or height and width.
func Stride(size ...int) Option { return func(w *window) { w.stride = pair("stride", size) } }

// Pad sets how many zeros surround the image on each side: one number, or
// height and width.
func Pad(size ...int) Option { return func(w *window) { w.pad = pair("pad", size) } }

// NoBias leaves out the bias, which a batch normalisation behind the layer
// makes useless.
func NoBias() Option { return func(w *window) { w.noBias = true } }

// Groups cuts the channels of a convolution into n groups, each computed from
// its own input channels alone; as many groups as channels make it depthwise.
func Groups(n int) Option { return func(w *window) { w.groups = n } }

// Dilation sets how far elements of a window lie apart: one number, or height
// and width.
func Dilation(size ...int) Option {
	return func(w *window) { w.dilation = pair("dilation", size) }
}

// CeilMode lets a pooling have a last window that leaves the padded image on
// the far side, where part of the image would belong to no window.
func CeilMode() Option { return func(w *window) { w.ceil = true } }

// OutputPad adds rows and columns on the far side of the output of a transposed
// convolution: one number, or height and width.
func OutputPad(size ...int) Option {
	return func(w *window) { w.outputPad = pair("output pad", size) }
}

// Epsilon sets what a batch norm adds to the variance.
func Epsilon(v float64) Option { return func(w *window) { w.epsilon = v } }

// Momentum sets the weight of a batch in the running statistics of a batch norm.
func Momentum(v float64) Option { return func(w *window) { w.momentum = v } }

func pair(what string, size []int) [2]int {
	switch len(size) {
	case 1:
		return [2]int{size[0], size[0]}
	case 2:
		return [2]int{size[0], size[1]}
	default:
		panic(fmt.Sprintf("nn: %s takes one or two numbers, not %d", what, len(size)))
	}
}

// A window is what slides over an image; all pairs are height and width.
type window struct {
	kernel, stride, pad [2]int
	dilation            [2]int
	outputPad           [2]int // of transposed convolutions
	groups              int
	noBias              bool
	ceil                bool // counts the windows up rather than down
	excludePad          bool // of means
	initial             initial
	epsilon, momentum   float64 // of batch norms; 0 for the default
}

// newWindow returns a window of the given size with the options applied. The
// stride's default is the size.
func newWindow(size int, options []Option) window {
	w := window{kernel: [2]int{size, size}, stride: [2]int{size, size},
		dilation: [2]int{1, 1}, groups: 1}
	for _, o := range options {
		o(&w)
	}
	return w
}

// infer returns the height and width of the output for an image.
func (w window) infer(in Shape) (height, width int, err error) {
	if !in.isImage() {
		return 0, 0, fmt.Errorf("expects an image {height, width, channels}, and is given %v", in)
	}
	var out [2]int
	for i, side := range []string{"height", "width"} {
		if w.kernel[i] < 1 || w.stride[i] < 1 || w.pad[i] < 0 || w.dilation[i] < 1 {
			return 0, 0, fmt.Errorf("%s has kernel %d, stride %d, pad %d, dilation %d", side,
				w.kernel[i], w.stride[i], w.pad[i], w.dilation[i])
		}
		span := (w.kernel[i]-1)*w.dilation[i] + 1
		if in[i]+2*w.pad[i] < span {
			return 0, 0, fmt.Errorf("kernel of %s %d does not fit the input %v with pad %d",
				side, span, in, w.pad[i])
		}
		out[i] = w.count(i, in[i], span)
	}
	return out[0], out[1], nil
}

// count returns how many windows of a span fit along a side.
func (w window) count(dimension, side, span int) int {
	stride, pad := w.stride[dimension], w.pad[dimension]
	room := side + 2*pad - span
	n := room/stride + 1
	// A window that leaves the image must begin before the far padding does.
	if w.ceil && room%stride != 0 && n*stride < side+pad {
		n++
	}
	return n
}

// reach makes the ops with a window windowed.
func (w window) reach(Shape) (size [2]int, apart [2]float64) {
	for i := range size {
		size[i], apart[i] = (w.kernel[i]-1)*w.dilation[i]+1, float64(w.stride[i])
	}
	return size, apart
}
