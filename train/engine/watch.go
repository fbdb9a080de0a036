package engine

import (
	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// Activation returns the values of a watched node that the last call computed,
// (N, H, W, C) or (N, features). It is nil for nodes that are not watched and
// where the call had no use for the node. The tensor shares memory with the
// session and is valid until the next call.
func (s *Session) Activation(node string) *tensor.Dense {
	n := s.watchedNode(node)
	if n == nil {
		return nil
	}
	return s.dense(n, s.current.values[n.Index()])
}

// Gradient returns the gradient of the loss with respect to the values of a
// watched node that the last call, Train, computed. The rest is as for
// Activation. The gradient of a flattened image is that of the image.
func (s *Session) Gradient(node string) *tensor.Dense {
	n := s.watchedNode(node)
	if n == nil {
		return nil
	}
	return s.dense(n, s.current.totals[n.Index()])
}

// watchedNode returns the watched node of a name, or nil where there is none
// or nothing was computed yet.
func (s *Session) watchedNode(name string) *nn.Node {
	if s.current == nil {
		return nil
	}
	for _, n := range s.state.Weights.Graph().Nodes() {
		if n.Name() == name && s.watched[n.Index()] {
			return n
		}
	}
	return nil
}

// dense returns the values of a batch as a tensor, or nil where there are none.
func (s *Session) dense(n *nn.Node, b *layer.Buffer) *tensor.Dense {
	if b == nil {
		return nil
	}
	shape := append([]int{s.state.Batch}, n.Shape()...)
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(b.Batch(s.state.Batch)))
}

// tell tells f the values of the watched nodes that lie in a node's memory.
func (s *Session) tell(f func(string, *tensor.Dense), root *nn.Node, values []*layer.Buffer) {
	for id, n := range s.state.Weights.Graph().Nodes() {
		if s.watched[id] && s.current.plan.roots[id] == root && values[id] != nil {
			f(n.Name(), s.dense(n, values[id]))
		}
	}
}
