package nn

// A TensorSpec describes a tensor of a network as files have it.
type TensorSpec struct {
	Name  string
	Shape Shape // as PyTorch's, (out, in, height, width) for kernels; nil for a counter
}

// Tensors lists what Weights.Export would return, in the order of the layers,
// without making any weights.
func (g *Graph) Tensors() []TensorSpec {
	var specs []TensorSpec
	for _, n := range g.nodes {
		for _, spec := range n.op.params(n) {
			t := weight{paramSpec: spec}
			shape := t.fileShape()
			if spec.role == counterRole {
				shape = nil
			}
			specs = append(specs, TensorSpec{Name: n.name + "." + spec.suffix, Shape: shape})
		}
	}
	return specs
}
