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
	noBias              bool
}

// newWindow returns a window of the given size with the options applied. The
// stride's default is the size.
func newWindow(size int, options []Option) window {
	w := window{kernel: [2]int{size, size}, stride: [2]int{size, size}}
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
		if w.kernel[i] < 1 || w.stride[i] < 1 || w.pad[i] < 0 {
			return 0, 0, fmt.Errorf("%s has kernel %d, stride %d, pad %d", side,
				w.kernel[i], w.stride[i], w.pad[i])
		}
		padded := in[i] + 2*w.pad[i]
		if padded < w.kernel[i] {
			return 0, 0, fmt.Errorf("kernel of %s %d does not fit the input %v with pad %d",
				side, w.kernel[i], in, w.pad[i])
		}
		out[i] = (padded-w.kernel[i])/w.stride[i] + 1
	}
	return out[0], out[1], nil
}
