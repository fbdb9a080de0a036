package nn

// A Layer describes one layer of a network.
type Layer struct {
	Name         string `json:"name"`
	Kind         string `json:"kind"`
	Output       Shape  `json:"output"`        // of one sample
	Parameters   int    `json:"parameters"`    // that are learned
	MultiplyAdds int    `json:"multiply_adds"` // for one sample, of products with parameters
	// Field is the height and width of the part of the input, in pixels and
	// padding counted, that one value of the output can depend on: the receptive
	// field. Stride is how far the fields of neighbours lie apart.
	Field  [2]int     `json:"receptive_field"`
	Stride [2]float64 `json:"stride"`
}

// A Summary is a network as a table.
type Summary struct {
	Parameters   int     `json:"parameters"`
	MultiplyAdds int     `json:"multiply_adds"` // for one sample
	Layers       []Layer `json:"layers"`
}

// Summary lists the layers in the order of computation, without the input.
func (g *Graph) Summary() Summary {
	var s Summary
	fields := g.fields()
	for _, n := range g.nodes[1:] {
		layer := Layer{Name: n.name, Kind: n.op.Kind(), Output: n.shape,
			Stride: fields[n.id].stride}
		for i, size := range fields[n.id].size {
			layer.Field[i] = int(size)
		}
		for _, p := range n.op.params(n) {
			if p.learns() {
				layer.Parameters += p.shape.Size()
			}
		}
		if o, ok := n.op.(counted); ok {
			layer.MultiplyAdds = o.multiplyAdds(n)
		}
		s.Parameters += layer.Parameters
		s.MultiplyAdds += layer.MultiplyAdds
		s.Layers = append(s.Layers, layer)
	}
	return s
}

// counted is an op that multiplies with parameters.
type counted interface {
	// multiplyAdds returns how often for one sample.
	multiplyAdds(n *Node) int
}

// windowed is an op whose output's pixels depend on windows of its input.
type windowed interface {
	// reach returns the size of a window, in pixels of the input, and how far
	// the windows of neighbours lie apart.
	reach(in Shape) (size [2]int, apart [2]float64)
}

// A field is what one value can depend on (Araujo et al., 2019, "Computing
// Receptive Fields of Convolutional Neural Networks").
type field struct {
	size, stride [2]float64
	spread       [2]int // height and width of the image that a vector was
}

// fields returns the receptive field of each node.
func (g *Graph) fields() []field {
	fields := make([]field, len(g.nodes))
	one := [2]float64{1, 1}
	fields[0] = field{size: one, stride: one, spread: [2]int{1, 1}}
	for _, n := range g.nodes {
		f := &fields[n.id]
		for k, in := range n.inputs {
			from := fields[in.id]
			if k == 0 {
				*f = from
			}
			for i := range f.size {
				f.size[i], f.stride[i] = max(f.size[i], from.size[i]), max(f.stride[i], from.stride[i])
			}
		}
		switch o := n.op.(type) {
		case windowed:
			size, apart := o.reach(n.inputs[0].shape)
			f.widen(size, apart)
		case Linear:
			f.widen(f.spread, one)
		}
		if n.shape.IsImage() {
			f.spread = [2]int{n.shape[0], n.shape[1]}
		}
	}
	return fields
}

// widen makes a field that of windows of such values.
func (f *field) widen(size [2]int, apart [2]float64) {
	for i := range f.size {
		f.size[i] += float64(size[i]-1) * f.stride[i]
		f.stride[i] *= apart[i]
	}
	f.spread = [2]int{1, 1}
}
