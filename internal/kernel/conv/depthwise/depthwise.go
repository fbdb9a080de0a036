// Package depthwise convolves each channel with a kernel of its own.
//
// Images (N, H, W, C), kernels (height, width, 1, C) and gradients flow in and
// out on the contract of package conv, for any kernel, stride, pad and dilation:
//
//	g := conv.Geometry{Height: 56, Width: 56, In: 144, Out: 144, Groups: 144,
//		Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}.WithDefaults()
//	if depthwise.Fits(g) {
//		pass := depthwise.NewForward(g)
//		…
//	}
//
// So few multiplications go with each number read that memory is the limit: the
// passes go over the images once, in columns so narrow that the rows a kernel
// spans stay in the first cache, pad nothing, and write each result when it is
// finished. Sums run over the kernel's elements in order, whatever the cut.
package depthwise

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

//go:generate go run -C _asm . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg depthwise

// Fits tells whether a geometry is a depthwise convolution that gives as many
// channels as it takes.
func Fits(g conv.Geometry) bool { return g.Groups == g.In && g.Out == g.In }

func mustFit(g conv.Geometry) {
	if err := g.Check(); err != nil {
		panic("depthwise: " + err.Error())
	}
	if !Fits(g) {
		panic("depthwise: the geometry has other groups than one for each channel")
	}
}

// NewForward returns the forward pass of a convolution that Fits.
func NewForward(g conv.Geometry) conv.Pass {
	mustFit(g)
	height, width := g.Output()
	return newPass(g, [2]int{g.Height, g.Width}, [2]int{height, width}, forwardAxes)
}

// NewInputGradient returns the gradient of the input of a convolution that
// Fits.
func NewInputGradient(g conv.Geometry) conv.Pass {
	mustFit(g)
	height, width := g.Output()
	return newPass(g, [2]int{height, width}, [2]int{g.Height, g.Width}, gradientAxes)
}

// NewWeightGradient returns the gradient of the weights of a convolution that
// Fits.
func NewWeightGradient(g conv.Geometry) conv.Gradient {
	mustFit(g)
	return newGradient(g)
}
