package optim

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// AdamOptions set the constants. Zero values stand for the defaults named.
type AdamOptions struct {
	Beta1   float64 `yaml:"beta1"`   // default 0.9
	Beta2   float64 `yaml:"beta2"`   // default 0.999
	Epsilon float64 `yaml:"epsilon"` // default 1e-8
	// WeightDecay shrinks weights by rate * WeightDecay a step, beside the
	// gradient (Loshchilov and Hutter, 2019: AdamW); default none.
	WeightDecay float64 `yaml:"weight_decay"`
	// Penalty adds Penalty * weight to the gradient, which the moments then see:
	// the weight decay of PyTorch's Adam; default none.
	Penalty float64 `yaml:"penalty"`
	// Decays tells which tensors WeightDecay and Penalty shrink; nil means all.
	// It is asked once for each, by NewAdam.
	Decays func(nn.Learnable) bool `yaml:"-"`
	// ClipNorm is how long the gradient over all tensors may be: a longer one is
	// shortened to it (Pascanu, Mikolov and Bengio, 2013); default any length.
	ClipNorm float64 `yaml:"clip_norm"`
	// Average, from 0 to below 1, is how much of a moving average of the weights
	// stays in a step (Polyak and Juditsky, 1992), and less in the first ones;
	// default no average. Swap puts the average in the place of the weights.
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
