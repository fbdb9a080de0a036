package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/internal/suggest"
	"github.com/dsbuild/dsbuild/train/engine"
)

// Learning configures how the weights are learned. Zero values stand for the
// defaults given; to turn an option off, use a value below 0.
type Learning struct {
	// Optimizer is adamw, with decoupled weight decay (Loshchilov and Hutter, 2019),
	// or sgd with Nesterov momentum (Sutskever et al., 2013); default adamw.
	Optimizer string `yaml:"optimizer" json:"optimizer"`
	// LearningRate is the peak learning rate; default 0.01 for the network cnn,
	// 0.0003 for vgg16, which has no batch norms, and 0.002 for others; with sgd 0.1,
	// 0.01 and 0.05.
	LearningRate float64 `yaml:"learning_rate" json:"learning_rate"`
	// Momentum of sgd; default 0.9.
	Momentum float64 `yaml:"momentum" json:"momentum"`
	// WeightDecay of kernels; default 0.01, with sgd 0.0005. DecayAll applies it to
	// biases and batch norms as well.
	WeightDecay float64 `yaml:"weight_decay" json:"weight_decay"`
	DecayAll    bool    `yaml:"decay_all" json:"decay_all"`

	// Schedule of the learning rate: one-cycle, cosine, step or constant; default
	// one-cycle.
	Schedule string `yaml:"schedule" json:"schedule"`
	// Warmup is the number of epochs over which the learning rate first rises, along a
	// cosine for one-cycle and linearly otherwise; default 30 % of the epochs for
	// one-cycle, none for constant, and 5 % otherwise.
	Warmup float64 `yaml:"warmup" json:"warmup"`
	// Milestones are the epochs after which the schedule step multiplies the
	// learning rate by Gamma; default all multiples of StepSize.
	Milestones []int   `yaml:"milestones" json:"milestones"`
	StepSize   int     `yaml:"step_size" json:"step_size"` // default a third of the epochs
	Gamma      float64 `yaml:"gamma" json:"gamma"`         // default 0.1

	// Accumulate is the number of batches over whose gradients a step averages;
	// default 1. The last step of an epoch may have fewer.
	Accumulate int `yaml:"accumulate" json:"accumulate"`
	// ClipNorm is the maximum norm of the gradient over all weights (Pascanu et al.,
	// 2013). Default none.
	ClipNorm float64 `yaml:"clip_norm" json:"clip_norm"`
	// LabelSmoothing is the share of each label that is spread evenly over all
	// classes (Szegedy et al., 2016); default 0.05.
	LabelSmoothing float64 `yaml:"label_smoothing" json:"label_smoothing"`
	// EMA, from 0 to below 1, is the decay of a moving average of the weights, which
	// is evaluated and kept in their place; it is smaller in the first steps (Polyak
	// and Juditsky, 1992). Default none.
	EMA float64 `yaml:"ema" json:"ema"`

	// Exact turns off Winograd convolutions, which are faster but less exact.
	Exact bool `yaml:"exact" json:"exact"`
	// Precision to which values may be rounded before they are multiplied, in
	// training and its validation: f32, or bf16 where that is faster; default f32.
	// Weights are kept as f32, and Evaluate and Predict multiply in f32.
	Precision engine.Precision `yaml:"precision" json:"precision"`
}

// The names of optimizers and schedules, the default first.
var (
	optimizers = []string{"adamw", "sgd"}
	schedules  = []string{"one-cycle", "cosine", "step", "constant"}
)

// usualRate returns the highest rate for a network.
func usualRate(optimizer, network string) float64 {
	adamw, sgd := 0.002, 0.05
	switch network {
	case "cnn":
		adamw, sgd = 0.01, 0.1
	case "vgg16":
		adamw, sgd = 0.0003, 0.01
	}
	if optimizer == "sgd" {
		return sgd
	}
	return adamw
}

// withDefaults fills in what is left open for a run of a network over so many
// epochs.
func (l Learning) withDefaults(network string, epochs int) Learning {
	decay := 0.01
	l.Optimizer = cmp.Or(l.Optimizer, optimizers[0])
	if l.Optimizer == "sgd" {
		decay = 0.0005
		l.Momentum = max(cmp.Or(l.Momentum, 0.9), 0)
	} else {
		l.Momentum = 0
	}
	l.LearningRate = cmp.Or(l.LearningRate, usualRate(l.Optimizer, network))
	l.WeightDecay = max(cmp.Or(l.WeightDecay, decay), 0)
	l.Schedule = cmp.Or(l.Schedule, schedules[0])
	l = l.withSteps(epochs)
	l.Accumulate = cmp.Or(l.Accumulate, 1)
	l.ClipNorm = max(l.ClipNorm, 0)
	l.LabelSmoothing = max(cmp.Or(l.LabelSmoothing, 0.05), 0)
	l.EMA = max(l.EMA, 0)
	l.Precision = cmp.Or(l.Precision, engine.Float32)
	return l
}

// withSteps is withDefaults for what only some schedules have. Of the others it
// is taken away, so that it tells no runs apart.
func (l Learning) withSteps(epochs int) Learning {
	share := 0.05
	switch l.Schedule {
	case "one-cycle":
		share = 0.3
	case "constant":
		share = 0
	}
	l.Warmup = max(cmp.Or(l.Warmup, share*float64(epochs)), 0)
	if l.Schedule != "step" {
		l.Milestones, l.StepSize, l.Gamma = nil, 0, 0
		return l
	}
	l.Gamma = cmp.Or(l.Gamma, 0.1)
	if len(l.Milestones) > 0 {
		l.Milestones, l.StepSize = slices.Sorted(slices.Values(l.Milestones)), 0
		return l
	}
	l.StepSize = cmp.Or(l.StepSize, max(epochs/3, 1))
	l.Milestones = nil
	return l
}

// Validate tells what is wrong with the options.
func (l Learning) Validate() error {
	if err := cmp.Or(l.validateNames(), l.validateNumbers()); err != nil {
		return err
	}
	for _, epoch := range l.Milestones {
		if epoch < 1 {
			return fmt.Errorf("milestones has %d, but epochs count from 1", epoch)
		}
	}
	return notNegative([]count{{"accumulate", l.Accumulate}, {"step_size", l.StepSize}})
}

func (l Learning) validateNames() error {
	for _, known := range []struct {
		option, name string
		names        []string
	}{
		{"optimizer", l.Optimizer, optimizers}, {"schedule", l.Schedule, schedules},
		{"precision", string(l.Precision), []string{string(engine.Float32), string(engine.BFloat16)}},
	} {
		if known.name != "" && !slices.Contains(known.names, known.name) {
			return fmt.Errorf("unknown %s %q: use one of %s%s", known.option, known.name,
				strings.Join(known.names, ", "), suggest.Hint(known.name, known.names))
		}
	}
	return nil
}

func (l Learning) validateNumbers() error {
	for _, v := range []struct {
		name        string
		value       float64
		least, most float64
		note        string
	}{
		{"learning_rate", l.LearningRate, 0, 10, ""},
		{"momentum", l.Momentum, math.Inf(-1), 0.9999, " (below 0 for none)"},
		{"weight_decay", l.WeightDecay, math.Inf(-1), 1, " (below 0 for none)"},
		{"warmup", l.Warmup, math.Inf(-1), 1e6, " (below 0 for none)"},
		{"gamma", l.Gamma, 0, 1, ""},
		{"clip_norm", l.ClipNorm, math.Inf(-1), math.MaxFloat32, ""},
		{"label_smoothing", l.LabelSmoothing, math.Inf(-1), 0.9, " (below 0 for none)"},
		{"ema", l.EMA, math.Inf(-1), 0.99999, " (below 0 for none)"},
	} {
		switch {
		case v.value >= v.least && v.value <= v.most:
		case math.IsInf(v.least, -1):
			return fmt.Errorf("%s is %v, but must be at most %v%s", v.name, v.value, v.most, v.note)
		default:
			return fmt.Errorf("%s is %v, but must be from %v to %v", v.name, v.value, v.least, v.most)
		}
	}
	return nil
}

// validateFor tells what cannot come in a run of so many epochs. Without it the
// rate would stay where it should change, and nobody would know.
func (l Learning) validateFor(epochs int) error {
	if l.Warmup > float64(epochs) {
		return fmt.Errorf("warmup is %v epochs, but the run has %d", l.Warmup, epochs)
	}
	if l.Schedule != "step" {
		return nil
	}
	for _, epoch := range l.Milestones {
		if epoch >= epochs {
			return fmt.Errorf("milestones has %d, but the run ends with epoch %d: "+
				"leave it out, or raise epochs", epoch, epochs)
		}
	}
	if l.StepSize >= epochs {
		return fmt.Errorf("step_size is %d, but the run ends with epoch %d: "+
			"lower it, or raise epochs", l.StepSize, epochs)
	}
	return nil
}
