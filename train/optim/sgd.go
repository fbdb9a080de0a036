package optim

import (
	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// SGDOptions set the constants. Zero values are what they say: no momentum,
// no decay.
type SGDOptions struct {
	Momentum    float64 `yaml:"momentum"`
	WeightDecay float64 `yaml:"weight_decay"` // added to the gradient, times the weight
	Nesterov    bool    `yaml:"nesterov"`
	// Decays is as in AdamOptions.
	Decays func(nn.Learnable) bool `yaml:"-"`
}

// SGD is stochastic gradient descent with momentum (Sutskever et al., 2013),
// with PyTorch's meaning of the constants: the momentum's first value is the
// first gradient.
type SGD struct {
	options  SGDOptions
	params   []nn.Learnable
	momentum memory
	decays   []bool // by tensor
	steps    int64
	chunks   []chunk
	task     func(worker, lo, hi int)
	rate     float32 // of the current step
}

// NewSGD returns an optimizer for the tensors, which it keeps.
func NewSGD(params []nn.Learnable, o SGDOptions) *SGD {
	s := &SGD{options: o, params: params, chunks: chunksOf(params),
		momentum: newMemory("momentum_buffer", params)}
	for _, p := range params {
		s.decays = append(s.decays, o.Decays == nil || o.Decays(p))
	}
	s.task = s.update
	return s
}

// Step implements Optimizer.
func (s *SGD) Step(t Threads, rate float64) {
	s.steps++
	s.rate = float32(rate)
	t.For(len(s.chunks), 1, s.task)
}

func (s *SGD) update(_, lo, hi int) {
	momentum, nesterov, rate := float32(s.options.Momentum), s.options.Nesterov, s.rate
	for _, c := range s.chunks[lo:hi] {
		decay := float32(0)
		if s.decays[c.tensor] {
			decay = float32(s.options.WeightDecay)
		}
		grad := s.params[c.tensor].Grad[c.lo:c.hi]
		value := s.params[c.tensor].Value[c.lo:c.hi][:len(grad)]
		buffer := s.momentum.values[c.tensor][c.lo:c.hi][:len(grad)]
		for i, g := range grad {
			g += decay * value[i]
			m := momentum*buffer[i] + g // the buffer starts at 0
			buffer[i] = m
			if nesterov {
				m = g + momentum*m
			}
			value[i] -= rate * m
		}
	}
}

// Export implements Optimizer.
func (s *SGD) Export() map[string]*tensor.Dense { return export(s.params, s.steps, s.momentum) }

// Import implements Optimizer.
func (s *SGD) Import(tensors map[string]*tensor.Dense) error {
	steps, err := restore(tensors, s.params, s.momentum)
	if err == nil {
		s.steps = steps
	}
	return err
}
