package nn

import (
	"fmt"
	"strings"
)

// A Node is a value of the network: the output of a layer for one sample.
type Node struct {
	id     int // place in the order of computation
	name   string
	op     op
	inputs []*Node
	shape  Shape
	order  order // of a vector's features
}

// Name returns the node's name, the start of its parameters' names.
func (n *Node) Name() string { return n.name }

// Shape returns the form of the node's values. It must not be changed.
func (n *Node) Shape() Shape { return n.shape }

func (n *Node) inputShapes() []Shape {
	shapes := make([]Shape, len(n.inputs))
	for i, in := range n.inputs {
		shapes[i] = in.shape
	}
	return shapes
}

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
func (b *Builder) Input(shape Shape) *Node { return b.add("input", inputOp{shape}) }

// Conv adds a convolution to the given number of channels. It takes Kernel
// (default 1), Stride (default 1), Pad (default 0), Dilation (default 1), Groups
// (default 1), NoBias, and how its weights start.
func (b *Builder) Conv(name string, x *Node, channels int, options ...Option) *Node {
	return b.add(name, convOp{channels: channels, window: newWindow(1, options)}, x)
}

// Linear adds a fully connected layer to the given number of features. It
// takes NoBias, and how its weights start.
func (b *Builder) Linear(name string, x *Node, features int, options ...Option) *Node {
	w := newWindow(1, options)
	return b.add(name, linearOp{features: features, bias: !w.noBias, initial: w.initial}, x)
}

// BatchNorm adds batch normalisation of each channel (Ioffe and Szegedy,
// 2015). It takes Epsilon (default 1e-5) and Momentum (default 0.1). A batch that
// has one value a channel trains offsets alone.
func (b *Builder) BatchNorm(name string, x *Node, options ...Option) *Node {
	w := newWindow(1, options)
	return b.add(name, batchNormOp{epsilon: w.epsilon, momentum: w.momentum}, x)
}

// ReLU adds max(x, 0).
func (b *Builder) ReLU(name string, x *Node) *Node { return b.add(name, reluOp{}, x) }

// MaxPool adds the maximum over windows of size x size. It takes Stride
// (default size), Pad, Dilation and CeilMode.
func (b *Builder) MaxPool(name string, x *Node, size int, options ...Option) *Node {
	return b.add(name, maxPoolOp{window: newWindow(size, options)}, x)
}

// AvgPool adds the mean over windows of size x size, padding counted as
// zeros. It takes Stride (default size), Pad, CeilMode and ExcludePad.
func (b *Builder) AvgPool(name string, x *Node, size int, options ...Option) *Node {
	return b.add(name, avgPoolOp{window: newWindow(size, options)}, x)
}

// GlobalAvgPool adds the mean of each channel over all of the image, an image
// of one pixel.
func (b *Builder) GlobalAvgPool(name string, x *Node) *Node {
	op := avgPoolOp{window: newWindow(1, nil)}
	if b.err == nil && x.shape.isImage() {
		op.kernel = [2]int{x.shape[0], x.shape[1]}
		op.stride = op.kernel
	}
	return b.add(name, op, x)
}

// Dropout adds a layer that sets each value to zero with probability rate
// while training, and scales the others by 1/(1-rate) (Srivastava et al.,
// 2014). Its mask is drawn from the session's seed, the step and the name.
func (b *Builder) Dropout(name string, x *Node, rate float64) *Node {
	return b.add(name, dropoutOp{rate}, x)
}

// Flatten adds the image as a vector.
func (b *Builder) Flatten(name string, x *Node) *Node { return b.add(name, flattenOp{}, x) }

// Add adds the sum of two values of one shape: a residual connection.
func (b *Builder) Add(name string, x, y *Node) *Node { return b.add(name, addOp{}, x, y) }

// Concat adds the values one behind the other along the channels.
func (b *Builder) Concat(name string, xs ...*Node) *Node { return b.add(name, concatOp{}, xs...) }

// add adds a node and infers its shape.
func (b *Builder) add(name string, o op, inputs ...*Node) *Node {
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
	shape, err := o.infer(node.inputShapes())
	if err == nil && shape.Size() < 1 {
		err = fmt.Errorf("the output would be %v", shape)
	}
	if err != nil {
		b.err = fmt.Errorf("node %q (%s): %w", name, o.kind(), err)
		return node
	}
	node.shape = shape
	node.order = orderOf(node)
	b.nodes = append(b.nodes, node)
	return node
}

// orderOf tells how a vector's features came about.
func orderOf(n *Node) order {
	if n.shape.isImage() {
		return nil
	}
	switch n.op.(type) {
	case flattenOp:
		if n.inputs[0].shape.isImage() {
			return order{n.inputs[0].shape}
		}
		return n.inputs[0].order
	case linearOp, inputOp:
		return order{n.shape}
	}
	if _, ok := n.op.(concatOp); !ok {
		return n.inputs[0].order // element by element
	}
	var o order
	for _, in := range n.inputs {
		o = append(o, in.order...)
	}
	return o
}

// Graph returns the network that ends in the outputs, or the first mistake
// made. The first output is the main one, whose logits Predict returns; the
// others help in training alone, as auxiliary classifiers do.
func (b *Builder) Graph(outputs ...*Node) (*Graph, error) {
	if b.err != nil {
		return nil, b.err
	}
	return newGraph(b.nodes, outputs)
}
