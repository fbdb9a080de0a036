package nn

// A Node is a value of the network: the output of a layer for one sample. It
// does not change, and what its methods return must not be changed.
type Node struct {
	id     int // place in the order of computation
	name   string
	op     Op
	inputs []*Node
	shape  Shape
	order  order // of a vector's features
}

// Index returns the node's place in the order of computation, which is that in
// Graph.Nodes.
func (n *Node) Index() int { return n.id }

// Name returns the node's name, the start of its parameters' names.
func (n *Node) Name() string { return n.name }

// Op returns what the node does.
func (n *Node) Op() Op { return n.op }

// Inputs returns the nodes whose values the node reads.
func (n *Node) Inputs() []*Node { return n.inputs }

// Shape returns the form of the node's values.
func (n *Node) Shape() Shape { return n.shape }

// HasParameters tells whether the node has tensors among the weights.
func (n *Node) HasParameters() bool { return len(n.op.params(n)) > 0 }

func (n *Node) inputShapes() []Shape {
	shapes := make([]Shape, len(n.inputs))
	for i, in := range n.inputs {
		shapes[i] = in.shape
	}
	return shapes
}

// shown returns the node whose values n has, perhaps under another shape.
func (n *Node) shown() *Node {
	for {
		if _, ok := n.op.(Flatten); !ok {
			return n
		}
		n = n.inputs[0]
	}
}

// orderOf tells how a vector's features came about.
func orderOf(n *Node) order {
	if n.shape.IsImage() {
		return nil
	}
	switch n.op.(type) {
	case Flatten:
		if n.inputs[0].shape.IsImage() {
			return order{n.inputs[0].shape}
		}
		return n.inputs[0].order
	case Linear, Input:
		return order{n.shape}
	}
	if _, ok := n.op.(Concat); !ok {
		return n.inputs[0].order // element by element
	}
	var o order
	for _, in := range n.inputs {
		o = append(o, in.order...)
	}
	return o
}
