package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

// linearOp is a fully connected layer.
type linearOp struct {
	features int
	bias     bool
	initial  initial
}

func (linearOp) kind() string { return "linear" }

func (linearOp) traits() traits {
	return traits{keepsInput: true, addsGradient: true, takesNorm: true, takesReLU: true}
}

func (o linearOp) infer(in []Shape) (Shape, error) {
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("expects a vector, and is given %v (use Flatten)", in[0])
	}
	if o.features < 1 {
		return nil, fmt.Errorf("expects at least 1 feature, and is given %d", o.features)
	}
	return Shape{o.features}, nil
}

func (o linearOp) multiplyAdds(n *Node) int { return n.inputs[0].shape.Size() * o.features }

func (o linearOp) params(n *Node) []paramSpec {
	from := n.inputs[0]
	shape := Shape{from.shape.Size(), o.features}
	kernel, bias := o.initial.of(shape)
	specs := []paramSpec{{suffix: "weight", role: kernelRole, shape: shape, order: from.order,
		spread: kernel}}
	if o.bias {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole,
			shape: Shape{o.features}, spread: bias})
	}
	return specs
}

func (o linearOp) bind(s *site) layer {
	l := &linear{site: s, weight: s.params[0],
		kernel: kernel.Linear{In: s.in[0].size, Out: o.features}}
	if o.bias {
		l.bias = s.params[1]
	}
	if s.gradOut == nil {
		l.folded = &folded{site: s, weight: l.weight, from: l.bias}
	} else {
		l.mask = newMask(s)
	}
	s.wants(s.workspace(l.kernel.Workspace), 0)
	return l
}

// linear computes out = in x weight + bias.
type linear struct {
	*site
	kernel       kernel.Linear
	weight, bias *param
	folded       *folded // for inference
	mask         *mask
}

func (l *linear) forward() {
	call := kernel.LinearCall{
		Batch: l.batch, Input: l.in[0].data, Output: l.out.data, Weights: l.weight.value,
		ReLU: l.fused.relu, Ceiling: l.fused.ceiling, Workspace: l.shared,
	}
	switch {
	case l.folded != nil:
		l.folded.refresh()
		call.Weights, call.Bias = l.folded.values, l.folded.bias
	case l.bias != nil:
		call.Bias = l.bias.value
	}
	l.kernel.Forward(l.team, call)
}

func (l *linear) backward() {
	l.mask.apply()
	call := kernel.LinearCall{
		Batch: l.batch, Input: l.in[0].data, Output: l.gradOut.data, Weights: l.weight.grad,
		Workspace: l.shared,
	}
	if l.bias != nil {
		call.Bias = l.bias.grad
	}
	l.kernel.WeightGradient(l.team, call)
	if l.gradIn[0] == nil {
		return
	}
	call.Input, call.Weights, call.Bias = l.gradIn[0].data, l.weight.value, nil
	if l.adds {
		call.Residual = call.Input
	}
	l.kernel.InputGradient(l.team, call)
}
