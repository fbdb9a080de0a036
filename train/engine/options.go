package engine

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/train/nn"
)

// Options configure a session. Zero values stand for the defaults given.
type Options struct {
	// MaxBatch is the largest number of samples in a call; default 1.
	MaxBatch int
	// Threads is the number of goroutines that compute; default one per processor.
	// Results do not depend on it.
	Threads int
	// Seed of the dropout masks.
	Seed uint64
	// Inference allocates no memory for gradients: Train then panics.
	Inference bool
	// Exact turns off Winograd convolutions, which are faster but less exact.
	Exact bool
	// Precision to which factors may be rounded before they are multiplied; default
	// Float32. BFloat16 is used where it is faster: in direct convolutions and, in
	// inference, in linear layers. Many 3x3 convolutions are even faster with
	// Winograd's method; these stay in float32 unless Exact is set.
	Precision Precision
	// LossWeights are the weights of the outputs' losses; default 1 for all.
	LossWeights []float64
	// AllOutputs makes predictions compute all outputs of the network instead of
	// only the main one. Session.Output returns them.
	AllOutputs bool
	// Watch names nodes that Session.Activation and Session.Gradient can read.
	// They are not fused with others, and keep their memory until the next call.
	Watch []string
	// OnActivation and OnGradient, if not nil, are called for each watched node as
	// soon as its values for a batch, or the gradient of the loss with respect to
	// them, have been computed. The tensors share memory with the session and must
	// not be changed.
	OnActivation, OnGradient func(node string, values *tensor.Dense)
	// OnLoss, if not nil, is called in training as soon as the loss of a batch is
	// known, before its gradients are computed.
	OnLoss func(Result)

	apart bool // for tests: nothing is fused
}

// A Precision tells how factors may be rounded before they are multiplied. Sums,
// activations and the weights themselves are float32 in any case.
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
