package nn

import (
	"fmt"
	"strings"
)

// A Builder collects the nodes of a graph. Its methods add a layer and return
// its output; the first mistake is kept, later calls do nothing, and Graph
// returns it. Names are unique, and those of layers with parameters are what
// PyTorch calls the module.
type Builder struct {
	nodes []*Node
	names map[string]bool
	err   error
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{names: map[string]bool{}} }

// Input adds the network's input, which is called "input". A network has one.
func (b *Builder) Input(shape Shape) *Node { return b.add("input", Input{Shape: shape}) }

// Flatten turns an image into a vector.
func (b *Builder) Flatten(name string, x *Node) *Node { return b.add(name, Flatten{}, x) }

// add adds a node and infers its shape.
func (b *Builder) add(name string, o Op, inputs ...*Node) *Node {
	node := &Node{id: len(b.nodes), name: name, op: o, inputs: inputs}
	if b.err != nil {
		return node
	}
	switch {
	case name == "" || strings.ContainsAny(name, " \t\n/"):
		b.err = fmt.Errorf("node name %q is empty or has a space or a slash", name)
		return node
	case b.names[name]:
		b.err = fmt.Errorf("two nodes are called %q", name)
		return node
	}
	b.names[name] = true
	for i, in := range inputs {
		if in == nil || in.id >= len(b.nodes) || b.nodes[in.id] != in {
			b.err = fmt.Errorf("node %q: input %d is not a node of this builder", name, i)
			return node
		}
	}
	shape, err := o.Infer(node.inputShapes())
	if err == nil && shape.Size() < 1 {
		err = fmt.Errorf("the output would be %v", shape)
	}
	if err != nil {
		b.err = fmt.Errorf("node %q (%s): %w", name, o.Kind(), err)
		return node
	}
	node.shape = shape
	node.order = orderOf(node)
	b.nodes = append(b.nodes, node)
	return node
}

// Graph returns the network that ends in the outputs, or the first mistake made in
// building it. Outputs may be vectors or images of any shapes, and other nodes may read
// them. The first output is the main one, whose logits Predict returns; the others
// are used only in training, such as auxiliary classifiers, unless a session is told
// otherwise.
func (b *Builder) Graph(outputs ...*Node) (*Graph, error) {
	if b.err != nil {
		return nil, b.err
	}
	return newGraph(b.nodes, outputs)
}
