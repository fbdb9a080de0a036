package nn

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// convolution is the layer of a convolution. It gives the work to kernels that
// were chosen for its geometry.
type convolution struct {
	*site
	ahead, back  conv.Pass // back computes the gradient of the input
	gradient     conv.Gradient
	weight, bias *param
	folded       *folded // for inference
	mask         *mask
}

func (o convOp) bind(s *site) layer {
	g := o.geometry(s.node.inputs[0].shape)
	l := &convolution{site: s, weight: s.params[0]}
	if !o.noBias {
		l.bias = s.params[1]
	}
	l.ahead = s.forwardPass(g)
	s.wants(s.workspace(l.ahead.Workspace), 0)
	if s.gradOut == nil {
		l.folded = &folded{site: s, pass: l.ahead, weight: l.weight, from: l.bias}
		return l
	}
	s.wants(lines(l.ahead.PackedSize())+s.workspace(l.ahead.Workspace), 0)
	l.gradient = s.weightGradient(g)
	s.wants(s.workspace(l.gradient.Workspace), 0)
	if s.gradIn[0] != nil {
		l.back = s.inputGradient(g)
		s.wants(lines(l.back.PackedSize())+s.workspace(l.back.Workspace), 0)
	}
	l.mask = newMask(s)
	return l
}

// workspace returns the most floats that a kernel needs for a batch.
func (s *state) workspace(need func(batch, workers int) int) int {
	most := 0
	for batch := 1; batch <= s.maxBatch; batch++ {
		most = max(most, need(batch, s.team.Size()))
	}
	return most
}

// lines rounds a number of floats up to whole cache lines.
func lines(floats int) int { return (floats + 15) / 16 * 16 }

func (l *convolution) forward() {
	e := conv.Epilogue{ReLU: l.fused.relu, Ceiling: l.fused.ceiling}
	if l.fused.residual != nil {
		e.Residual = l.fused.residual.data
	}
	if l.folded != nil {
		l.folded.refresh()
		e.Bias = l.folded.bias
		l.run(l.ahead, l.out, l.in[0], l.folded.values, l.shared, e)
		return
	}
	if l.bias != nil {
		e.Bias = l.bias.value
	}
	packed, work := l.pack(l.ahead)
	l.run(l.ahead, l.out, l.in[0], packed, work, e)
}

// pack packs the weights for the length of a call, and returns them with what
// is left of the shared memory.
func (l *convolution) pack(pass conv.Pass) (packed, work []float32) {
	packed, work = l.shared[:pass.PackedSize()], l.shared[lines(pass.PackedSize()):]
	pass.Pack(l.team, packed, l.weight.value)
	return packed, work
}

func (l *convolution) run(pass conv.Pass, to, from *buffer, packed, work []float32,
	e conv.Epilogue) {
	pass.Run(l.team, conv.Call{Batch: l.batch, From: from.data, To: to.data, Packed: packed,
		Workspace: work, Epilogue: e})
}

func (l *convolution) backward() {
	l.mask.apply()
	call := conv.GradientCall{Batch: l.batch, Input: l.in[0].data, Output: l.gradOut.data,
		Weights: l.weight.grad, Workspace: l.shared}
	if l.bias != nil {
		call.Bias = l.bias.grad
	}
	l.gradient.Run(l.team, call)
	l.inputGradient()
}

// inputGradient computes the gradient of the input where it is wanted.
func (l *convolution) inputGradient() {
	if l.back == nil {
		return
	}
	var e conv.Epilogue
	if l.adds {
		e.Residual = l.gradIn[0].data
	}
	packed, work := l.pack(l.back)
	l.run(l.back, l.gradIn[0], l.gradOut, packed, work, e)
}
