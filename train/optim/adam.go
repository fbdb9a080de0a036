package optim

import (
	"math"

	"gorgonia.org/tensor"

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
	// Decays tells which tensors WeightDecay shrinks; nil means all. It is
	// asked once for each, by NewAdam.
	Decays func(nn.Learnable) bool `yaml:"-"`
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
	options       AdamOptions
	params        []nn.Learnable
	first, second memory
	decays        []bool // by tensor
	steps         int64
	chunks        []chunk
	task          func(worker, lo, hi int)
	// Factors of the current step.
	decay, size, correction float32
}

// NewAdam returns an optimizer for the tensors, which it keeps.
func NewAdam(params []nn.Learnable, o AdamOptions) *Adam {
	a := &Adam{options: o.withDefaults(), params: params, chunks: chunksOf(params),
		first: newMemory("exp_avg", params), second: newMemory("exp_avg_sq", params)}
	for _, p := range params {
		a.decays = append(a.decays, o.Decays == nil || o.Decays(p))
	}
	a.task = a.update
	return a
}

// Step implements Optimizer.
func (a *Adam) Step(t Threads, rate float64) {
	a.steps++
	step := float64(a.steps)
	a.decay = float32(1 - rate*a.options.WeightDecay)
	a.size = float32(rate / (1 - math.Pow(a.options.Beta1, step)))
	a.correction = float32(1 / math.Sqrt(1-math.Pow(a.options.Beta2, step)))
	t.For(len(a.chunks), 1, a.task)
}

func (a *Adam) update(_, lo, hi int) {
	epsilon := float32(a.options.Epsilon)
	keep1, keep2 := float32(a.options.Beta1), float32(a.options.Beta2)
	add1, add2 := float32(1-a.options.Beta1), float32(1-a.options.Beta2)
	size, correction := a.size, a.correction
	for _, c := range a.chunks[lo:hi] {
		decay := float32(1)
		if a.decays[c.tensor] {
			decay = a.decay
		}
		grad := a.params[c.tensor].Grad[c.lo:c.hi]
		value := a.params[c.tensor].Value[c.lo:c.hi][:len(grad)]
		first := a.first.values[c.tensor][c.lo:c.hi][:len(grad)]
		second := a.second.values[c.tensor][c.lo:c.hi][:len(grad)]
		for i, g := range grad {
			m := keep1*first[i] + add1*g
			v := keep2*second[i] + add2*g*g
			first[i], second[i] = m, v
			root := float32(math.Sqrt(float64(v)))
			value[i] = value[i]*decay - size*m/(root*correction+epsilon)
		}
	}
}

// Export implements Optimizer.
func (a *Adam) Export() map[string]*tensor.Dense {
	return export(a.params, a.steps, a.first, a.second)
}

// Import implements Optimizer.
func (a *Adam) Import(tensors map[string]*tensor.Dense) error {
	steps, err := restore(tensors, a.params, a.first, a.second)
	if err == nil {
		a.steps = steps
	}
	return err
}
