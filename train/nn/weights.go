package nn

import (
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/memory"
)

// Weights are the values of a network's parameters, including running statistics.
// They may be read by several goroutines, but changed by only one.
type Weights struct {
	graph   *Graph
	tensors []*Parameter
	byNode  [][]*Parameter
	version atomic.Uint64 // counts changes of the values
}

// NewWeights returns initial weights for a graph. Kernels are drawn from a normal
// distribution of variance 2/fan-in (He et al., 2015, "Delving Deep into
// Rectifiers"), each depending only on the seed and its name; biases are 0, and batch
// norms have scale 1 and offset 0. FanOut, Deviation and FanInEven change this for a
// layer.
func NewWeights(g *Graph, seed uint64) *Weights {
	w := zeroWeights(g)
	for _, t := range w.tensors {
		t.start(seed)
	}
	return w
}

// ImportWeights returns weights with the values that Weights.Import would set, and
// its errors.
func ImportWeights(g *Graph, tensors map[string]*tensor.Dense) (*Weights, error) {
	w := zeroWeights(g)
	if err := w.Import(tensors); err != nil {
		return nil, err
	}
	return w, nil
}

// zeroWeights returns weights that are all 0.
func zeroWeights(g *Graph) *Weights {
	w := &Weights{graph: g, byNode: make([][]*Parameter, len(g.nodes))}
	w.Changed() // 0 is no version
	for _, n := range g.nodes {
		for _, spec := range n.op.params(n) {
			t := &Parameter{paramSpec: spec, name: n.name + "." + spec.suffix}
			if spec.role != counterRole {
				t.data = memory.Floats(spec.shape.Size())
			}
			w.tensors = append(w.tensors, t)
			w.byNode[n.id] = append(w.byNode[n.id], t)
		}
	}
	return w
}

// Graph returns the network that the weights belong to.
func (w *Weights) Graph() *Graph { return w.graph }

// Parameters lists the tensors of a node of the network, a kernel or scale before
// a bias. The list must not be changed.
func (w *Weights) Parameters(n *Node) []*Parameter { return w.byNode[n.id] }

// Learnable returns a tensor of the weights that learns, with its gradient.
func (w *Weights) Learnable(p *Parameter, grad []float32) Learnable {
	return Learnable{Name: p.name, Value: p.data, Grad: grad, Decays: p.role == kernelRole,
		weights: w}
}

// Changed tells sessions that values were changed other than by training and Import,
// because sessions keep copies of weights in another layout.
func (w *Weights) Changed() { w.version.Add(1) }

// Version returns a number that is another one after each change of the values.
// It is never 0.
func (w *Weights) Version() uint64 { return w.version.Load() }

// Tensor returns the tensor of that name, or nil if there is none. It shares memory
// with the weights and has their layout: (height, width, in, out) for kernels of
// convolutions, (in, out) for those of linear layers. Code that writes to it must
// call Changed.
func (w *Weights) Tensor(name string) *tensor.Dense {
	for _, t := range w.tensors {
		if t.name == name && t.role != counterRole {
			return tensor.New(tensor.WithShape(t.shape...), tensor.WithBacking(t.data))
		}
	}
	return nil
}

// Export returns copies of all tensors under PyTorch's names and in its
// layouts: kernels of convolutions as (out, in, height, width), of linear
// layers as (out, in), features of flattened images by channel first.
func (w *Weights) Export() map[string]*tensor.Dense {
	tensors := make(map[string]*tensor.Dense, len(w.tensors))
	for _, t := range w.tensors {
		if t.role == counterRole {
			tensors[t.name] = tensor.New(tensor.FromScalar(t.count))
			continue
		}
		tensors[t.name] = tensor.New(tensor.WithShape(t.fileShape()...),
			tensor.WithBacking(t.toFile()))
	}
	return tensors
}

// Import copies tensors with the names and layouts of Export into the weights. It
// needs all of the network's tensors and no others. If it returns an error, nothing
// was changed.
func (w *Weights) Import(tensors map[string]*tensor.Dense) error {
	known := map[string]bool{}
	for _, t := range w.tensors {
		known[t.name] = true
		given, ok := tensors[t.name]
		if !ok {
			return fmt.Errorf("tensor %q is missing", t.name)
		}
		if err := t.check(given); err != nil {
			return fmt.Errorf("tensor %q: %w", t.name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		if !known[name] {
			return fmt.Errorf("tensor %q is not of this network", name)
		}
	}
	for _, t := range w.tensors {
		if t.role == counterRole {
			t.count, _ = tensors[t.name].Data().(int64)
			continue
		}
		t.fromFile(floats(tensors[t.name]))
	}
	w.Changed()
	return nil
}

// check tells whether a tensor from a file fits.
func (t *Parameter) check(given *tensor.Dense) error {
	if t.role == counterRole {
		if _, ok := given.Data().(int64); !ok {
			return fmt.Errorf("expects one int64, but got %v of %v", given.Shape(), given.Dtype())
		}
		return nil
	}
	if floats(given) == nil || !slices.Equal(t.fileShape(), Shape(given.Shape())) {
		return fmt.Errorf("expects float32 of shape %v, but got %v of shape %v",
			t.fileShape(), given.Dtype(), Shape(given.Shape()))
	}
	return nil
}

// floats returns a tensor's values, or nil where they are no float32 vector.
func floats(t *tensor.Dense) []float32 {
	v, _ := t.Data().([]float32)
	return v
}
