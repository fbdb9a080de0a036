package nn

// The door between memory and files: tensors lie in memory as the kernels
// read them, and in files as PyTorch does.

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
			var shape Shape
			if spec.role != counterRole {
				shape = spec.fileShape()
			}
			specs = append(specs, TensorSpec{Name: n.name + "." + spec.suffix, Shape: shape})
		}
	}
	return specs
}

// fileShape returns the tensor's shape in files.
func (p paramSpec) fileShape() Shape {
	s := p.shape
	switch len(s) {
	case 4: // kernel of a convolution
		return Shape{s[3], s[2], s[0], s[1]}
	case 2: // kernel of a linear layer
		return Shape{s[1], s[0]}
	default:
		return s
	}
}

// toFile returns the values in the order of files.
func (t *Parameter) toFile() []float32 {
	out := make([]float32, len(t.data))
	t.eachPlace(func(memory, file int) { out[file] = t.data[memory] })
	return out
}

// fromFile sets the values from the order of files.
func (t *Parameter) fromFile(values []float32) {
	t.eachPlace(func(memory, file int) { t.data[memory] = values[file] })
}

// outputsAtATime is how many lines of a file eachPlace goes along side by side: as
// many as there are floats in a line of the cache.
const outputsAtATime = 16

// eachPlace calls f with the place of every value in memory and in files.
func (t *Parameter) eachPlace(f func(memory, file int)) {
	s := t.shape
	switch len(s) {
	case 4:
		area, in, out := s[0]*s[1], s[2], s[3]
		for first := 0; first < out; first += outputsAtATime {
			for i := range in {
				for p := range area {
					for o := first; o < min(first+outputsAtATime, out); o++ {
						f((p*in+i)*out+o, (o*in+i)*area+p)
					}
				}
			}
		}
	case 2:
		index, out := t.order.fileIndex(), s[1]
		for first := 0; first < out; first += outputsAtATime {
			for i, file := range index {
				for o := first; o < min(first+outputsAtATime, out); o++ {
					f(i*out+o, o*s[0]+file)
				}
			}
		}
	default:
		if t.order == nil || t.order.isPlain() {
			for i := range t.data {
				f(i, i)
			}
			return
		}
		for i, file := range t.order.fileIndex() {
			f(i, file)
		}
	}
}
