package engine

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/train/nn"
)

// Options size a session. Zero values stand for the defaults named.
type Options struct {
	// MaxBatch is how many samples a call has at most; default 1.
	MaxBatch int
	// Threads is how many goroutines work; default one for each processor.
	// Results do not depend on it.
	Threads int
	// Seed of the dropout masks.
	Seed uint64
	// Inference leaves out the memory for gradients: Train then panics.
	Inference bool
	// Exact leaves out what is faster and rounds more: Winograd's convolutions.
	Exact bool
	// Precision is how factors may be rounded before they are multiplied; default
	// Float32. BFloat16 is taken where it is faster: by direct convolutions, and in
	// inference by linear layers. Convolutions of 3x3 that are faster still in
	// Winograd's tiles, as many are, stay so, in float32, unless Exact is set.
	Precision Precision
	// LossWeights are what each output's loss counts; default 1 for all.
	LossWeights []float64
	// AllOutputs lets predictions compute all outputs of the network, which
	// Session.Output returns, rather than the main one alone.
	AllOutputs bool
	// Watch names nodes that Session.Activation and Session.Gradient can read.
	// They are not fused into others, and keep their memory until the next call.
	Watch []string
	// OnActivation and OnGradient, where they are not nil, are called for each
	// watched node as soon as its values, or the gradient of the loss with
	// respect to them, are computed: those of a batch. They share memory with the
	// session, and must not be changed.
	OnActivation, OnGradient func(node string, values *tensor.Dense)
	// OnLoss, where it is not nil, is called in training as soon as the loss of a
	// batch is known, before its gradients are.
	OnLoss func(Result)

	apart bool // for tests: nothing is fused
}

// A Precision is how factors may be rounded before they are multiplied. Sums, the
// values between layers and the weights that are learned are float32 all the same.
type Precision string

const (
	Float32  Precision = "f32"
	BFloat16 Precision = "bf16" // float32 without its last 16 bits
)

// check returns what is wrong with the options.
func (o Options) check(g *nn.Graph) error {
	switch {
	case o.MaxBatch < 0 || o.Threads < 0:
		return fmt.Errorf("max batch is %d and threads %d: neither may be negative",
			o.MaxBatch, o.Threads)
	case o.Precision != "" && o.Precision != Float32 && o.Precision != BFloat16:
		return fmt.Errorf("precision %q is neither %s nor %s", o.Precision, Float32, BFloat16)
	case o.Precision == BFloat16 && !direct.HasBF16():
		return fmt.Errorf("precision %s needs a processor with AVX512_BF16 (use %s)", BFloat16, Float32)
	case o.Precision == BFloat16 && !direct.IsFastBF16():
		return fmt.Errorf("precision %s would be slower than %s on this processor, whose "+
			"AVX512_BF16 gives way to AMX (use %s)", BFloat16, Float32, Float32)
	case o.LossWeights != nil && len(o.LossWeights) != len(g.Outputs()):
		return fmt.Errorf("%d loss weights are given for %d outputs", len(o.LossWeights),
			len(g.Outputs()))
	}
	for _, name := range o.Watch {
		if !slices.ContainsFunc(g.Nodes(), func(n *nn.Node) bool { return n.Name() == name }) {
			return fmt.Errorf("node %q is to be watched, but is not in the network", name)
		}
	}
	return nil
}

// watched tells for each node whether it is to be watched.
func (o Options) watched(g *nn.Graph) []bool {
	watched := make([]bool, len(g.Nodes()))
	for _, n := range g.Nodes() {
		watched[n.Index()] = slices.Contains(o.Watch, n.Name())
	}
	return watched
}
