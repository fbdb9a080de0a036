package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// Conv is a convolution. Its kernel lies in memory as (height, width,
// in/Groups, out).
type Conv struct {
	Channels int // of the output
	Window
	Groups  int
	Bias    bool
	initial initial
}

// Conv adds a convolution with the given number of output channels. It takes Kernel
// (default 1), Stride (default 1), Pad (default 0), Dilation (default 1), Groups
// (default 1), NoBias, and options for initialization.
func (b *Builder) Conv(name string, x *Node, channels int, options ...Option) *Node {
	s := newSettings(1, options)
	return b.add(name, Conv{Channels: channels, Window: s.Window, Groups: s.groups, Bias: s.bias,
		initial: s.initial}, x)
}

// Kind returns "conv".
func (Conv) Kind() string { return "conv" }

// Infer returns the shape of the image that the convolution gives.
func (o Conv) Infer(in []Shape) (Shape, error) {
	if o.Channels < 1 {
		return nil, fmt.Errorf("expects at least 1 channel, but got %d", o.Channels)
	}
	height, width, err := o.Window.infer(in[0], false)
	if err != nil {
		return nil, err
	}
	return Shape{height, width, o.Channels}, o.Geometry(in[0]).Check()
}

// Geometry returns the convolution of an image.
func (o Conv) Geometry(in Shape) conv.Geometry {
	return conv.Geometry{
		Height: in[0], Width: in[1], In: in[2], Out: o.Channels, Kernel: o.Kernel,
		Stride: o.Stride, Pad: o.Pad, Dilation: o.Dilation, Groups: o.Groups,
	}
}

func (o Conv) multiplyAdds(n *Node) int { return o.Geometry(n.inputs[0].shape).MultiplyAdds() }

func (o Conv) params(n *Node) []paramSpec {
	in := n.inputs[0].shape.Channels() / o.Groups
	return kernelAndBias(Shape{o.Kernel[0], o.Kernel[1], in, o.Channels}, nil, o.Channels, o.Bias,
		o.initial)
}

// ConvTranspose is a transposed convolution. Its kernel lies in memory and in
// files as that of the convolution whose input's gradient it computes: as
// (height, width, out/Groups, in).
type ConvTranspose struct {
	Channels int // of the output
	Window
	OutputPad [2]int // height and width added on the far side
	Groups    int
	Bias      bool
	initial   initial
}

// ConvTranspose adds a transposed convolution to the given number of channels:
// what a convolution does with the gradient of its output (Zeiler et al., 2010,
// "Deconvolutional Networks"). It takes Kernel (default 1), Stride (default 1),
// Pad (default 0), OutputPad (default 0), Dilation, Groups and NoBias, which
// mean what they mean to PyTorch, and how its weights start.
func (b *Builder) ConvTranspose(name string, x *Node, channels int, options ...Option) *Node {
	s := newSettings(1, options)
	return b.add(name, ConvTranspose{Channels: channels, Window: s.Window, OutputPad: s.outputPad,
		Groups: s.groups, Bias: s.bias, initial: s.initial}, x)
}

// Kind returns "conv_transpose".
func (ConvTranspose) Kind() string { return "conv_transpose" }

// Infer returns the shape of the image that the transposed convolution gives.
func (o ConvTranspose) Infer(in []Shape) (Shape, error) {
	switch {
	case o.Channels < 1:
		return nil, fmt.Errorf("expects at least 1 channel, but got %d", o.Channels)
	case !in[0].IsImage():
		return nil, notImage(in[0])
	}
	for i, side := range []string{"height", "width"} {
		if pad := o.OutputPad[i]; pad < 0 || pad >= max(o.Stride[i], o.Dilation[i], 1) {
			return nil, fmt.Errorf("expects an output pad below the stride's or the dilation's %s, "+
				"%d and %d, but got %d", side, o.Stride[i], o.Dilation[i], pad)
		}
	}
	g := o.Geometry(in[0])
	if g.Height < 1 || g.Width < 1 {
		return nil, fmt.Errorf("the output of %v would be %dx%d with kernel %v and pad %v", in[0],
			g.Height, g.Width, o.Kernel, o.Pad)
	}
	return Shape{g.Height, g.Width, o.Channels}, g.Check()
}

// Geometry returns the convolution that gives an image of the input's shape: its
// input is the output of the transposed one. Where that is padded by a stride or
// more, the convolution would give more.
func (o ConvTranspose) Geometry(in Shape) conv.Geometry {
	g := conv.Geometry{
		In: o.Channels, Out: in[2], Kernel: o.Kernel, Stride: o.Stride, Pad: o.Pad,
		Dilation: o.Dilation, Groups: o.Groups,
	}
	side := func(i int) int {
		g.Crop[i] = o.OutputPad[i] / max(o.Stride[i], 1)
		return (in[i]-1)*o.Stride[i] - 2*o.Pad[i] + (o.Kernel[i]-1)*o.Dilation[i] + 1 + o.OutputPad[i]
	}
	g.Height, g.Width = side(0), side(1)
	return g
}

func (o ConvTranspose) multiplyAdds(n *Node) int {
	return o.Geometry(n.inputs[0].shape).MultiplyAdds()
}

// reach counts in pixels of the input, of which a window sees but each stride.
func (o ConvTranspose) reach(Shape) (size [2]int, apart [2]float64) {
	for i := range size {
		size[i] = (o.Kernel[i]-1)*o.Dilation[i]/o.Stride[i] + 1
		apart[i] = 1 / float64(o.Stride[i])
	}
	return size, apart
}

func (o ConvTranspose) params(n *Node) []paramSpec {
	out, in := o.Channels/o.Groups, n.inputs[0].shape.Channels()
	return kernelAndBias(Shape{o.Kernel[0], o.Kernel[1], out, in}, nil, o.Channels, o.Bias,
		o.initial)
}
