package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newLinear makes the layer of nn.Linear.
func newLinear(o nn.Linear, s *Site) Layer {
	l := &linear{Site: s, weight: s.Params[0],
		kernel: kernel.Linear{In: s.In[0].Size, Out: o.Features}}
	if o.Bias {
		l.bias = s.Params[1]
	}
	if s.GradOut == nil {
		l.folded = &folded{Site: s, weight: l.weight, from: l.bias}
	} else {
		l.mask = newMask(s)
	}
	s.wants(s.workspace(l.kernel.Workspace))
	return l
}

// linear computes out = in x weight + bias.
type linear struct {
	*Site
	kernel       kernel.Linear
	weight, bias *Param
	folded       *folded // for inference
	mask         *mask
}

func (l *linear) Forward() {
	call := kernel.LinearCall{
		Batch: l.Batch, Input: l.In[0].Data, Output: l.Out.Data, Weights: l.weight.Value,
		ReLU: l.Fused.ReLU, Ceiling: l.Fused.Ceiling, Workspace: l.shared,
	}
	switch {
	case l.folded != nil:
		l.folded.refresh()
		call.Weights, call.Bias = l.folded.values, l.folded.bias
	case l.bias != nil:
		call.Bias = l.bias.Value
	}
	l.kernel.Forward(l.Team, call)
}

func (l *linear) Backward() {
	l.mask.apply()
	call := kernel.LinearCall{
		Batch: l.Batch, Input: l.In[0].Data, Output: l.GradOut.Data, Weights: l.weight.Grad,
		Workspace: l.shared,
	}
	if l.bias != nil {
		call.Bias = l.bias.Grad
	}
	l.kernel.WeightGradient(l.Team, call)
	if l.GradIn[0] == nil {
		return
	}
	call.Input, call.Weights, call.Bias = l.GradIn[0].Data, l.weight.Value, nil
	if l.Adds {
		call.Residual = call.Input
	}
	l.kernel.InputGradient(l.Team, call)
}
