package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// convOp is a convolution.
type convOp struct {
	channels int
	window
}

func (convOp) kind() string { return "conv" }

func (convOp) traits() traits {
	return traits{keepsInput: true, addsGradient: true,
		takesNorm: true, takesResidual: true, takesReLU: true}
}

func (o convOp) infer(in []Shape) (Shape, error) {
	if o.channels < 1 {
		return nil, fmt.Errorf("expects at least 1 channel, and is given %d", o.channels)
	}
	height, width, err := o.window.infer(in[0])
	if err != nil {
		return nil, err
	}
	return Shape{height, width, o.channels}, o.geometry(in[0]).Check()
}

// geometry returns the convolution of an image.
func (o convOp) geometry(in Shape) conv.Geometry {
	return conv.Geometry{
		Height: in[0], Width: in[1], In: in[2], Out: o.channels, Kernel: o.kernel,
		Stride: o.stride, Pad: o.pad, Dilation: o.dilation, Groups: o.groups,
	}
}

func (o convOp) multiplyAdds(n *Node) int { return o.geometry(n.inputs[0].shape).MultiplyAdds() }

func (o convOp) params(n *Node) []paramSpec {
	in := n.inputs[0].shape.channels() / o.groups
	shape := Shape{o.kernel[0], o.kernel[1], in, o.channels}
	kernel, bias := o.initial.of(shape)
	specs := []paramSpec{{suffix: "weight", role: kernelRole, shape: shape, spread: kernel}}
	if !o.noBias {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole,
			shape: Shape{o.channels}, spread: bias})
	}
	return specs
}
