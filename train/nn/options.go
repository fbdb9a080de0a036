package nn

import "fmt"

// An Option changes a layer's defaults.
type Option func(*settings)

// Kernel sets the size of a convolution's window: one number for both
// directions, or height and width.
func Kernel(size ...int) Option { return func(s *settings) { s.Kernel = pair("kernel", size) } }

// Stride sets the distance between windows: one number, or height and width.
func Stride(size ...int) Option { return func(s *settings) { s.Stride = pair("stride", size) } }

// Pad sets how many zeros surround the image on each side: one number, or
// height and width.
func Pad(size ...int) Option { return func(s *settings) { s.Pad = pair("pad", size) } }

// NoBias leaves out the bias, which is useless if batch norm follows the layer.
func NoBias() Option { return func(s *settings) { s.bias = false } }

// Groups divides the channels of a convolution into n groups, each computed only
// from its own input channels. With as many groups as channels, the convolution is
// depthwise.
func Groups(n int) Option { return func(s *settings) { s.groups = n } }

// Dilation sets the distance between the elements of a window: one number, or
// height and width.
func Dilation(size ...int) Option {
	return func(s *settings) { s.Dilation = pair("dilation", size) }
}

// CeilMode lets a pooling layer have a last window that extends beyond the padded
// image, so that no part of the image is left out.
func CeilMode() Option { return func(s *settings) { s.ceil = true } }

// ExcludePad makes an average pooling divide by the number of pixels in the image,
// not counting the padding.
func ExcludePad() Option { return func(s *settings) { s.excludePad = true } }

// OutputPad adds rows and columns on the far side of the output of a transposed
// convolution: one number, or height and width, below the stride or the dilation.
func OutputPad(size ...int) Option {
	return func(s *settings) { s.outputPad = pair("output pad", size) }
}

// Epsilon sets what a batch norm adds to the variance.
func Epsilon(v float64) Option { return func(s *settings) { s.epsilon = v } }

// Momentum sets the weight of each batch in a batch norm's running statistics.
func Momentum(v float64) Option { return func(s *settings) { s.momentum = v } }

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

// settings are what options change.
type settings struct {
	Window
	outputPad         [2]int
	groups            int
	bias              bool
	ceil, excludePad  bool
	initial           initial
	epsilon, momentum float64 // 0 for the default
}

// newSettings returns those of a window of the given size with the options
// applied. The stride's default is the size.
func newSettings(size int, options []Option) settings {
	s := settings{groups: 1, bias: true}
	s.Kernel, s.Stride, s.Dilation = [2]int{size, size}, [2]int{size, size}, [2]int{1, 1}
	for _, o := range options {
		o(&s)
	}
	return s
}
