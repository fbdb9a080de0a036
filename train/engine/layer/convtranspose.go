package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newConvTranspose makes the layer of nn.ConvTranspose.
func newConvTranspose(o nn.ConvTranspose, s *Site) Layer {
	g := o.Geometry(s.input())
	l := &convTranspose{convolution: convolution{Site: s, weight: s.Params[0]}}
	if o.Bias {
		l.bias = s.Params[1]
	}
	k := s.kernels(g)
	l.ahead = k.inputGradient(g)
	s.wants(Lines(l.ahead.PackedSize()) + s.workspace(l.ahead.Workspace))
	if s.GradOut == nil {
		l.folded = &folded{Site: s, pass: l.ahead, weight: l.weight, from: l.bias}
		return l
	}
	l.gradient = k.weightGradient(g)
	s.wants(s.workspace(l.gradient.Workspace))
	if l.bias != nil {
		l.biasTask = l.sumBias
		s.wants(maxBiasParts * o.Channels)
	}
	if s.GradIn[0] != nil {
		l.back = k.forward(g)
		s.wants(Lines(l.back.PackedSize()) + s.workspace(l.back.Workspace))
	}
	l.mask = newMask(s)
	return l
}

// convTranspose is a convolution whose passes have changed places.
type convTranspose struct {
	convolution
	biasTask func(worker, lo, hi int)
}

// The output's gradient is cut into at most so many parts for the gradient of the
// bias, of at least so many floats; their sums are added in order.
const (
	maxBiasParts  = 16
	minBiasFloats = 1 << 13
)

func (l *convTranspose) Backward() {
	l.mask.apply()
	l.gradient.Run(l.Team, conv.GradientCall{Batch: l.Batch, Input: l.GradOut.Data,
		Output: l.In[0].Data, Weights: l.weight.Grad, Workspace: l.shared})
	if l.bias != nil {
		parts := l.biasParts()
		l.Team.For(parts, 1, l.biasTask)
		clear(l.bias.Grad)
		kernel.AddRows(l.bias.Grad, l.shared[:parts*len(l.bias.Grad)])
	}
	l.inputGradient()
}

// biasParts returns into how many parts the output's gradient is cut.
func (l *convTranspose) biasParts() int {
	return min(max(l.Batch*l.GradOut.Size/minBiasFloats, 1), maxBiasParts)
}

// sumBias sums the output's gradient over the pixels of parts.
func (l *convTranspose) sumBias(_, lo, hi int) {
	parts, channels := l.biasParts(), len(l.bias.Grad)
	pixels := l.Batch * l.GradOut.Size / channels
	for part := lo; part < hi; part++ {
		sum := l.shared[part*channels:][:channels]
		clear(sum)
		first, last := part*pixels/parts, (part+1)*pixels/parts
		kernel.AddRows(sum, l.GradOut.Data[first*channels:last*channels])
	}
}
