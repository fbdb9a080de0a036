package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// ConvTranspose adds a transposed convolution to the given number of channels:
// what a convolution does with the gradient of its output (Zeiler et al., 2010,
// "Deconvolutional Networks"). It takes Kernel (default 1), Stride (default 1),
// Pad (default 0), OutputPad (default 0), Dilation, Groups and NoBias, which
// mean what they mean to PyTorch. Its kernel lies in memory as (height, width,
// out/groups, in).
func (b *Builder) ConvTranspose(name string, x *Node, channels int, options ...Option) *Node {
	return b.add(name, convTransposeOp{channels: channels, window: newWindow(1, options)}, x)
}

// convTransposeOp is a transposed convolution. Its kernel lies in memory and in
// files as that of the convolution whose input's gradient it computes.
type convTransposeOp struct {
	channels int
	window
}

func (convTransposeOp) kind() string { return "conv_transpose" }

func (convTransposeOp) traits() traits {
	return traits{keepsInput: true, addsGradient: true, takesResidual: true, takesReLU: true}
}

func (o convTransposeOp) infer(in []Shape) (Shape, error) {
	switch {
	case o.channels < 1:
		return nil, fmt.Errorf("expects at least 1 channel, and is given %d", o.channels)
	case !in[0].isImage():
		return nil, fmt.Errorf("expects an image {height, width, channels}, and is given %v", in[0])
	}
	for i, side := range []string{"height", "width"} {
		if pad := o.outputPad[i]; pad < 0 || pad >= max(o.stride[i], 1) {
			return nil, fmt.Errorf("expects an output pad below the stride's %s %d, and is given %d",
				side, o.stride[i], pad)
		}
	}
	g := o.geometry(in[0])
	if g.Height < 1 || g.Width < 1 {
		return nil, fmt.Errorf("the output of %v would be %dx%d with kernel %v and pad %v", in[0],
			g.Height, g.Width, o.kernel, o.pad)
	}
	return Shape{g.Height, g.Width, o.channels}, g.Check()
}

// geometry returns the convolution that gives an image of the input's shape: its
// input is the output of the transposed one.
func (o convTransposeOp) geometry(in Shape) conv.Geometry {
	side := func(i int) int {
		return (in[i]-1)*o.stride[i] - 2*o.pad[i] + (o.kernel[i]-1)*o.dilation[i] + 1 + o.outputPad[i]
	}
	return conv.Geometry{
		Height: side(0), Width: side(1), In: o.channels, Out: in[2], Kernel: o.kernel,
		Stride: o.stride, Pad: o.pad, Dilation: o.dilation, Groups: o.groups,
	}
}

func (o convTransposeOp) multiplyAdds(n *Node) int {
	return o.geometry(n.inputs[0].shape).MultiplyAdds()
}

// reach counts in pixels of the input, of which a window sees but each stride.
func (o convTransposeOp) reach(Shape) (size [2]int, apart [2]float64) {
	for i := range size {
		size[i] = (o.kernel[i]-1)*o.dilation[i]/o.stride[i] + 1
		apart[i] = 1 / float64(o.stride[i])
	}
	return size, apart
}

func (o convTransposeOp) params(n *Node) []paramSpec {
	shape := Shape{o.kernel[0], o.kernel[1], o.channels / o.groups, n.inputs[0].shape.channels()}
	kernel, bias := o.initial.of(shape)
	specs := []paramSpec{{suffix: "weight", role: kernelRole, shape: shape, spread: kernel}}
	if !o.noBias {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole,
			shape: Shape{o.channels}, spread: bias})
	}
	return specs
}

func (o convTransposeOp) bind(s *site) layer {
	g := o.geometry(s.node.inputs[0].shape)
	l := &convTranspose{convolution: convolution{site: s, weight: s.params[0]}}
	if !o.noBias {
		l.bias = s.params[1]
	}
	l.ahead = s.inputGradient(g)
	s.wants(lines(l.ahead.PackedSize())+s.workspace(l.ahead.Workspace), 0)
	if s.gradOut == nil {
		l.folded = &folded{site: s, pass: l.ahead, weight: l.weight, from: l.bias}
		return l
	}
	l.gradient = s.weightGradient(g)
	s.wants(s.workspace(l.gradient.Workspace), 0)
	if l.bias != nil {
		l.biasTask = l.biasParts
		s.wants(maxBiasParts*o.channels, 0)
	}
	if s.gradIn[0] != nil {
		l.back = s.forwardPass(g)
		s.wants(lines(l.back.PackedSize())+s.workspace(l.back.Workspace), 0)
	}
	l.mask = newMask(s)
	return l
}

// convTranspose is a convolution whose passes have changed places.
type convTranspose struct {
	convolution
	biasTask func(worker, lo, hi int)
}

// maxBiasParts is into how many parts a batch is cut at most for the gradient of
// the bias; their sums are added in order.
const maxBiasParts = 16

func (l *convTranspose) backward() {
	l.mask.apply()
	l.gradient.Run(l.team, conv.GradientCall{Batch: l.batch, Input: l.gradOut.data,
		Output: l.in[0].data, Weights: l.weight.grad, Workspace: l.shared})
	if l.bias != nil {
		parts := min(maxBiasParts, l.batch)
		l.team.For(parts, 1, l.biasTask)
		clear(l.bias.grad)
		kernel.AddRows(l.bias.grad, l.shared[:parts*len(l.bias.grad)])
	}
	l.inputGradient()
}

// biasParts sums the output's gradient over parts of the batch.
func (l *convTranspose) biasParts(_, lo, hi int) {
	parts, channels := min(maxBiasParts, l.batch), len(l.bias.grad)
	for part := lo; part < hi; part++ {
		sum := l.shared[part*channels:][:channels]
		clear(sum)
		first, last := part*l.batch/parts, (part+1)*l.batch/parts
		kernel.AddRows(sum, l.gradOut.data[first*l.gradOut.size:last*l.gradOut.size])
	}
}
