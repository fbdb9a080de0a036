package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/train/nn"
)

// convolution is the layer of a convolution. It gives the work to kernels that
// were chosen for its geometry.
type convolution struct {
	*Site
	ahead, back  conv.Pass // back computes the gradient of the input
	gradient     conv.Gradient
	weight, bias *Param
	folded       *folded // for inference
	mask         *mask
}

// newConvolution makes the layer of nn.Conv.
func newConvolution(o nn.Conv, s *Site) Layer {
	g := o.Geometry(s.input())
	l := &convolution{Site: s, weight: s.Params[0]}
	if o.Bias {
		l.bias = s.Params[1]
	}
	k := s.kernels(g)
	l.ahead = k.forward(g)
	s.wants(s.workspace(l.ahead.Workspace))
	if s.GradOut == nil {
		l.folded = &folded{Site: s, pass: l.ahead, weight: l.weight, from: l.bias}
		return l
	}
	s.wants(Lines(l.ahead.PackedSize()) + s.workspace(l.ahead.Workspace))
	l.gradient = k.weightGradient(g)
	s.wants(s.workspace(l.gradient.Workspace))
	if s.GradIn[0] != nil {
		l.back = k.inputGradient(g)
		s.wants(Lines(l.back.PackedSize()) + s.workspace(l.back.Workspace))
	}
	l.mask = newMask(s)
	return l
}

func (l *convolution) Forward() {
	e := conv.Epilogue{ReLU: l.Fused.ReLU, Ceiling: l.Fused.Ceiling}
	if l.Fused.Residual != nil {
		e.Residual = l.Fused.Residual.Data
	}
	if l.folded != nil {
		l.folded.refresh()
		e.Bias = l.folded.bias
		l.run(l.ahead, l.Out, l.In[0], l.folded.values, l.shared, e)
		return
	}
	if l.bias != nil {
		e.Bias = l.bias.Value
	}
	packed, work := l.pack(l.ahead)
	l.run(l.ahead, l.Out, l.In[0], packed, work, e)
}

// pack packs the weights for the length of a call, and returns them with what
// is left of the shared memory.
func (l *convolution) pack(pass conv.Pass) (packed, work []float32) {
	packed, work = l.shared[:pass.PackedSize()], l.shared[Lines(pass.PackedSize()):]
	pass.Pack(l.Team, packed, l.weight.Value)
	return packed, work
}

func (l *convolution) run(pass conv.Pass, to, from *Buffer, packed, work []float32,
	e conv.Epilogue) {
	pass.Run(l.Team, conv.Call{Batch: l.Batch, From: from.Data, To: to.Data, Packed: packed,
		Workspace: work, Epilogue: e})
}

func (l *convolution) Backward() {
	l.mask.apply()
	call := conv.GradientCall{Batch: l.Batch, Input: l.In[0].Data, Output: l.GradOut.Data,
		Weights: l.weight.Grad, Workspace: l.shared}
	if l.bias != nil {
		call.Bias = l.bias.Grad
	}
	l.gradient.Run(l.Team, call)
	l.inputGradient()
}

// inputGradient computes the gradient of the input where it is wanted.
func (l *convolution) inputGradient() {
	if l.back == nil {
		return
	}
	var e conv.Epilogue
	if l.Adds {
		e.Residual = l.GradIn[0].Data
	}
	packed, work := l.pack(l.back)
	l.run(l.back, l.GradIn[0], l.GradOut, packed, work, e)
}
