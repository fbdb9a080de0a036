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
		l.biasTask = l.biasParts
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

// maxBiasParts is into how many parts a batch is cut at most for the gradient of
// the bias; their sums are added in order.
const maxBiasParts = 16

func (l *convTranspose) Backward() {
	l.mask.apply()
	l.gradient.Run(l.Team, conv.GradientCall{Batch: l.Batch, Input: l.GradOut.Data,
		Output: l.In[0].Data, Weights: l.weight.Grad, Workspace: l.shared})
	if l.bias != nil {
		parts := min(maxBiasParts, l.Batch)
		l.Team.For(parts, 1, l.biasTask)
		clear(l.bias.Grad)
		kernel.AddRows(l.bias.Grad, l.shared[:parts*len(l.bias.Grad)])
	}
	l.inputGradient()
}

// biasParts sums the output's gradient over parts of the batch.
func (l *convTranspose) biasParts(_, lo, hi int) {
	parts, channels := min(maxBiasParts, l.Batch), len(l.bias.Grad)
	for part := lo; part < hi; part++ {
		sum := l.shared[part*channels:][:channels]
		clear(sum)
		first, last := part*l.Batch/parts, (part+1)*l.Batch/parts
		kernel.AddRows(sum, l.GradOut.Data[first*l.GradOut.Size:last*l.GradOut.Size])
	}
}
