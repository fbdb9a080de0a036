package nn

import "fmt"

// Linear is a fully connected layer, in x weight + bias. Its weight lies in
// memory as (in, out).
type Linear struct {
	Features int // of the output
	Bias     bool
	initial  initial
}

// Linear adds a fully connected layer with the given number of output features. It
// takes NoBias and options for initialization.
func (b *Builder) Linear(name string, x *Node, features int, options ...Option) *Node {
	s := newSettings(1, options)
	return b.add(name, Linear{Features: features, Bias: s.bias, initial: s.initial}, x)
}

// Kind returns "linear".
func (Linear) Kind() string { return "linear" }

// Infer returns the shape of the features.
func (o Linear) Infer(in []Shape) (Shape, error) {
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("expects a vector, but got %v (use Flatten)", in[0])
	}
	if o.Features < 1 {
		return nil, fmt.Errorf("expects at least 1 feature, but got %d", o.Features)
	}
	return Shape{o.Features}, nil
}

func (o Linear) multiplyAdds(n *Node) int { return n.inputs[0].shape.Size() * o.Features }

func (o Linear) params(n *Node) []paramSpec {
	from := n.inputs[0]
	return kernelAndBias(Shape{from.shape.Size(), o.Features}, from.order, o.Features, o.Bias,
		o.initial)
}
