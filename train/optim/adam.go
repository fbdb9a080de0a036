package optim

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// AdamOptions configure Adam. Zero values stand for the defaults given.
type AdamOptions struct {
	Beta1   float64 `yaml:"beta1"`   // default 0.9
	Beta2   float64 `yaml:"beta2"`   // default 0.999
	Epsilon float64 `yaml:"epsilon"` // default 1e-8
	// WeightDecay shrinks weights by rate * WeightDecay per step, independently of
	// the gradient (AdamW: Loshchilov and Hutter, 2019); default none.
	WeightDecay float64 `yaml:"weight_decay"`
	// Penalty adds Penalty * weight to the gradient before the moments are computed,
	// like the weight decay of PyTorch's Adam; default none.
	Penalty float64 `yaml:"penalty"`
	// Decays selects the tensors that WeightDecay and Penalty apply to; nil means
	// all. NewAdam calls it once for each tensor.
	Decays func(nn.Learnable) bool `yaml:"-"`
	// ClipNorm is the maximum norm of the gradient over all tensors (Pascanu,
	// Mikolov and Bengio, 2013); default no maximum.
	ClipNorm float64 `yaml:"clip_norm"`
	// Average, from 0 to below 1, is the decay of a moving average of the weights
	// (Polyak and Juditsky, 1992), which is smaller in the first steps; default no
	// average. Swap exchanges the average and the weights.
	Average float64 `yaml:"average"`
}

func (o AdamOptions) withDefaults() AdamOptions {
	if o.Beta1 == 0 {
		o.Beta1 = 0.9
	}
	if o.Beta2 == 0 {
		o.Beta2 = 0.999
	}
	if o.Epsilon == 0 {
		o.Epsilon = 1e-8
	}
	return o
}

// Adam is the optimizer of Kingma and Ba (2015), with PyTorch's order of
// operations.
type Adam struct {
	*moves
	options       AdamOptions
	first, second record
	task          func(worker, lo, hi int)
	factors       vector.Adam // of the current step, for tensors that decay
}

// NewAdam returns an optimizer for the tensors, which it keeps.
func NewAdam(params []nn.Learnable, o AdamOptions) *Adam {
	a := &Adam{options: o.withDefaults(), moves: newMoves(params, o.Decays, o.ClipNorm, o.Average),
		first: newRecord("exp_avg", params), second: newRecord("exp_avg_sq", params)}
	a.task = a.update
	return a
}

// Step implements Optimizer.
func (a *Adam) Step(t Threads, rate float64) {
	a.begin(t)
	step, o := float64(a.steps), a.options
	a.factors = vector.Adam{
		Scale: a.scale, Penalty: float32(o.Penalty), Epsilon: float32(o.Epsilon),
		Beta1: float32(o.Beta1), Add1: float32(1 - o.Beta1),
		Beta2: float32(o.Beta2), Add2: float32(1 - o.Beta2),
		Keep:       float32(1 - rate*o.WeightDecay),
		Size:       float32(rate / (1 - math.Pow(o.Beta1, step))),
		Correction: float32(1 / math.Sqrt(1-math.Pow(o.Beta2, step))),
	}
	t.For(len(a.chunks), 1, a.task)
}

func (a *Adam) update(_, lo, hi int) {
	for _, c := range a.chunks[lo:hi] {
		step := a.factors
		if !a.decays[c.tensor] {
			step.Keep, step.Penalty = 1, 0
		}
		p := &a.params[c.tensor]
		step.Update(p.Value[c.lo:c.hi], p.Grad[c.lo:c.hi], a.first.values[c.tensor][c.lo:c.hi],
			a.second.values[c.tensor][c.lo:c.hi], a.average(c))
	}
}

// Export implements Optimizer.
func (a *Adam) Export() map[string]*tensor.Dense {
	return export(a.params, a.steps, a.records(a.first, a.second)...)
}

// Import implements Optimizer.
func (a *Adam) Import(tensors map[string]*tensor.Dense) error {
	steps, err := restore(tensors, a.params, a.records(a.first, a.second)...)
	if err == nil {
		a.steps = steps
	}
	return err
}
