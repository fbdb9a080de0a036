package nn

import "gorgonia.org/tensor"

// Activation returns the values of a watched node that the last call computed,
// (N, H, W, C) or (N, features). It is nil for nodes that are not watched and
// where the call had no use for the node. The tensor shares memory with the
// session and is valid until the next call.
func (s *Session) Activation(node string) *tensor.Dense {
	n := s.watchedNode(node)
	if n == nil {
		return nil
	}
	return s.dense(n, s.current.values[n.id])
}

// Gradient returns the gradient of the loss with respect to the values of a
// watched node that the last call, Train, computed. The rest is as for
// Activation. The gradient of a flattened image is that of the image.
func (s *Session) Gradient(node string) *tensor.Dense {
	n := s.watchedNode(node)
	if n == nil {
		return nil
	}
	return s.dense(n, s.current.totals[n.id])
}

// watchedNode returns the watched node of a name, or nil where there is none
// or nothing was computed yet.
func (s *Session) watchedNode(name string) *Node {
	if s.current == nil {
		return nil
	}
	for _, n := range s.weights.graph.nodes {
		if n.name == name && s.watched[n.id] {
			return n
		}
	}
	return nil
}

// dense returns the values of a batch as a tensor, or nil where there are none.
func (s *Session) dense(n *Node, b *buffer) *tensor.Dense {
	if b == nil {
		return nil
	}
	shape := append([]int{s.batch}, n.shape...)
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(b.batch(s.batch)))
}

// tell tells f the values of the watched nodes that lie in a node's memory.
func (s *Session) tell(f func(string, *tensor.Dense), root *Node, values []*buffer) {
	for id, n := range s.weights.graph.nodes {
		if s.watched[id] && s.current.plan.roots[id] == root && values[id] != nil {
			f(n.name, s.dense(n, values[id]))
		}
	}
}
