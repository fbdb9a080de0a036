package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
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
		l.short()
	} else {
		l.mask = newMask(s)
	}
	s.wants(s.workspace(l.kernel.Workspace))
	return l
}

// short lets inference with bfloat16 keep the weights so, as a convolution of images of
// one pixel: few samples wait for memory, which has half of them to bring then.
// Training would have to round them anew in each step.
func (l *linear) short() {
	if !l.BFloat16 {
		return
	}
	pixel := conv.Geometry{Height: 1, Width: 1, In: l.kernel.In, Out: l.kernel.Out,
		Kernel: [2]int{1, 1}}
	l.folded.pass = direct.NewForwardBF16(pixel.WithDefaults())
	l.wants(l.workspace(l.folded.pass.Workspace))
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
	if l.folded != nil && l.folded.pass != nil {
		l.runShort(call)
		return
	}
	l.kernel.Forward(l.Team, call)
}

// runShort is a call with the weights that short lets the layer keep.
func (l *linear) runShort(c kernel.LinearCall) {
	l.folded.pass.Run(l.Team, conv.Call{
		Batch: c.Batch, From: c.Input, To: c.Output, Packed: c.Weights, Workspace: c.Workspace,
		Epilogue: conv.Epilogue{Bias: c.Bias, ReLU: c.ReLU, Ceiling: c.Ceiling},
	})
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
