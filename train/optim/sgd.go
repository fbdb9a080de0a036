package optim

import (
	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// SGDOptions set the constants. Zero values are what they say: no momentum,
// no decay.
type SGDOptions struct {
	Momentum    float64 `yaml:"momentum"`
	WeightDecay float64 `yaml:"weight_decay"` // added to the gradient, times the weight
	Nesterov    bool    `yaml:"nesterov"`
	// Decays, ClipNorm and Average are as in AdamOptions.
	Decays   func(nn.Learnable) bool `yaml:"-"`
	ClipNorm float64                 `yaml:"clip_norm"`
	Average  float64                 `yaml:"average"`
}

// SGD is stochastic gradient descent with momentum (Sutskever et al., 2013),
// with PyTorch's meaning of the constants: the momentum's first value is the
// first gradient.
type SGD struct {
	*moves
	options  SGDOptions
	momentum record // nothing without momentum
	task     func(worker, lo, hi int)
	rate     float32 // of the current step
}

// NewSGD returns an optimizer for the tensors, which it keeps.
func NewSGD(params []nn.Learnable, o SGDOptions) *SGD {
	s := &SGD{options: o, moves: newMoves(params, o.Decays, o.ClipNorm, o.Average)}
	if o.Momentum != 0 {
		s.momentum = newRecord("momentum_buffer", params)
	}
	s.task = s.update
	return s
}

// Step implements Optimizer.
func (s *SGD) Step(t Threads, rate float64) {
	s.begin(t)
	s.rate = float32(rate)
	t.For(len(s.chunks), 1, s.task)
}

func (s *SGD) update(_, lo, hi int) {
	step := vector.SGD{Rate: s.rate, Momentum: float32(s.options.Momentum), Scale: s.scale,
		Nesterov: s.options.Nesterov}
	for _, c := range s.chunks[lo:hi] {
		step.Decay = 0
		if s.decays[c.tensor] {
			step.Decay = float32(s.options.WeightDecay)
		}
		var momentum []float32
		if s.momentum.values != nil {
			momentum = s.momentum.values[c.tensor][c.lo:c.hi]
		}
		p := &s.params[c.tensor]
		step.Update(p.Value[c.lo:c.hi], p.Grad[c.lo:c.hi], momentum, s.average(c))
	}
}

// Export implements Optimizer.
func (s *SGD) Export() map[string]*tensor.Dense {
	return export(s.params, s.steps, s.records(s.momentum)...)
}

// Import implements Optimizer.
func (s *SGD) Import(tensors map[string]*tensor.Dense) error {
	steps, err := restore(tensors, s.params, s.records(s.momentum)...)
	if err == nil {
		s.steps = steps
	}
	return err
}
