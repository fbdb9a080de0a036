// Package layer computes the operations of a network, each in a file: what
// package nn says of shapes becomes work on memory here.
//
// A table has for each type of operation its constructor and its traits, which
// tell what may share memory and what may be fused. The engine plans by the
// traits, and gives each layer its site: values and gradients of the layers
// around it, the tensors of its node, and what it does for nodes behind it.
//
//	kind, err := layer.KindOf(node.Op())
//	l := kind.New(node.Op(), &layer.Site{State: state, Node: node, In: in, Out: out, …})
//	state.Provide()
//	l.Forward()
//
// Layers choose their kernels once, by their sizes, from the rooms below
// internal/kernel; they do nothing else with numbers. They allocate nothing
// after that, and their bits do not depend on the number of threads. To add an
// operation is to write its type in nn, and its layer and line in the table
// here.
package layer
