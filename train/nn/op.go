package nn

import "fmt"

// An Op is what a node does, as plain data: one of the types of this package, such as
// Conv, ReLU or Add. Passes over a graph tell operations apart by their types. An Op
// only knows shapes and parameters; package engine/layer computes it.
type Op interface {
	// Kind names the operation for people: "conv".
	Kind() string
	// Infer returns the output's shape, or what is wrong with the inputs'.
	Infer(in []Shape) (Shape, error)
	params(n *Node) []paramSpec
}

// leaf is the base of ops without parameters.
type leaf struct{}

func (leaf) params(*Node) []paramSpec { return nil }

// Input is the network's input, of one sample.
type Input struct {
	leaf
	Shape Shape
}

// Kind returns "input".
func (Input) Kind() string { return "input" }

// Infer returns the shape that the input is told to have.
func (o Input) Infer([]Shape) (Shape, error) {
	if len(o.Shape) != 3 && len(o.Shape) != 1 {
		return nil, fmt.Errorf("expects {height, width, channels} or {features}, but got %v",
			o.Shape)
	}
	for _, n := range o.Shape {
		if n < 1 {
			return nil, fmt.Errorf("has a side below 1: %v", o.Shape)
		}
	}
	return o.Shape, nil
}

// Flatten is the image as a vector, whose values lie as the image's do.
type Flatten struct{ leaf }

// Kind returns "flatten".
func (Flatten) Kind() string { return "flatten" }

// Infer returns a vector of all values.
func (Flatten) Infer(in []Shape) (Shape, error) { return Shape{in[0].Size()}, nil }
