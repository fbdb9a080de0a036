package nn

import "slices"

// A step is what a session does at one go: the work of one node, with what
// follows it and is done to each value on its way to memory.
type step struct {
	node     *Node // whose op works
	norm     *Node // a batch norm that is folded into the op's weights; nil for none
	residual *Node // whose value is added to the result; nil for none
	relu     bool
	ceiling  float32 // of the ReLU; 0 stands for none
	out      *Node   // the last of the nodes, whose value the step computes
}

// nodes lists the nodes of a step in the order of computation.
func (s *step) nodes() []*Node {
	list := []*Node{s.out}
	for n := s.out; n != s.node; {
		i := slices.IndexFunc(n.inputs, func(in *Node) bool { return in != s.residual })
		n = n.inputs[i]
		list = append(list, n)
	}
	slices.Reverse(list)
	return list
}

// A schedule is a pass over a graph: its steps in order. It leaves out what
// only other passes need: auxiliary outputs and dropout serve training alone.
type schedule struct {
	graph    *Graph
	training bool
	fuses    bool
	watched  []bool // by node: its value must be there, and its gradient when training
	steps    []step
	// roots has for each node the one whose memory holds its value: its own, or
	// that of an input which it only shows under another shape. It is nil where
	// a step keeps the value to itself.
	roots []*Node
	users [][]*Node // by node: who reads it, once for each time
	taken []bool    // by node: whether a step computes it
}

// newSchedule plans the steps of a pass. watched may be nil for no nodes.
func newSchedule(g *Graph, training, fuses bool, watched []bool) *schedule {
	n := len(g.nodes)
	s := &schedule{graph: g, training: training, fuses: fuses, watched: watched,
		roots: make([]*Node, n), users: make([][]*Node, n), taken: make([]bool, n)}
	if watched == nil {
		s.watched = make([]bool, n)
	}
	needed := s.needed()
	for _, n := range g.nodes {
		for _, in := range n.inputs {
			if needed[n.id] {
				s.users[in.id] = append(s.users[in.id], n)
			}
		}
	}
	s.roots[0] = g.nodes[0]
	for _, n := range g.nodes[1:] {
		switch {
		case !needed[n.id] || s.taken[n.id]:
		case s.isView(n):
			s.roots[n.id] = s.roots[n.inputs[0].id]
		default:
			s.steps = append(s.steps, s.stepFrom(n))
		}
	}
	return s
}

// needed tells which nodes lead to an output that the pass computes.
func (s *schedule) needed() []bool {
	needed := make([]bool, len(s.graph.nodes))
	for _, output := range s.outputs() {
		needed[output.id] = true
	}
	for _, n := range slices.Backward(s.graph.nodes) {
		for _, in := range n.inputs {
			needed[in.id] = needed[in.id] || needed[n.id]
		}
	}
	return needed
}

// outputs returns the outputs that the pass computes.
func (s *schedule) outputs() []*Node {
	if s.training {
		return s.graph.outputs
	}
	return s.graph.outputs[:1]
}

// isView tells whether a node's value is that of its input.
func (s *schedule) isView(n *Node) bool {
	_, drops := n.op.(dropoutOp)
	return n.op.traits().view || drops && !s.training
}

// stepFrom returns the step that starts with a node and takes in what can be
// fused.
func (s *schedule) stepFrom(n *Node) step {
	traits := n.op.traits()
	st := step{node: n, out: n}
	if next := s.follower(&st); next != nil && traits.takesNorm && !s.training {
		if _, ok := next.op.(batchNormOp); ok {
			st.norm, st.out = next, next
		}
	}
	if next := s.follower(&st); next != nil && traits.takesResidual {
		if residual := s.residualOf(next, st.out); residual != nil {
			st.residual, st.out = residual, next
		}
	}
	// The gradient before a fused ReLU lies where that behind it was.
	if next := s.follower(&st); next != nil && traits.takesReLU &&
		!(s.training && s.watched[next.id]) {
		if ceiling, ok := ceilingOf(next.op); ok {
			st.relu, st.ceiling, st.out = true, ceiling, next
		}
	}
	for _, n := range st.nodes() {
		s.taken[n.id] = true
	}
	s.roots[st.out.id] = st.out
	return st
}

// follower returns the only node that reads what a step computes so far, or
// nil where that must be kept as it is.
func (s *schedule) follower(st *step) *Node {
	n := st.out
	if !s.fuses || s.watched[n.id] || len(s.users[n.id]) != 1 {
		return nil
	}
	return s.users[n.id][0]
}

// residualOf returns what next adds to n, or nil where it does not add or
// where the other value comes later: then that one's step takes n's.
func (s *schedule) residualOf(next, n *Node) *Node {
	if _, ok := next.op.(addOp); !ok || s.taken[next.id] {
		return nil
	}
	other := next.inputs[0]
	if other == n {
		other = next.inputs[1]
	}
	if other.id > n.id || s.roots[other.id] == nil {
		return nil
	}
	return other
}

// ceilingOf tells whether an op holds values to [0, ceiling], 0 for none.
func ceilingOf(o op) (ceiling float32, ok bool) {
	relu, ok := o.(reluOp)
	return relu.ceiling, ok
}

// reads lists the values that a step reads: the inputs of its node, then the
// residual.
func (s *schedule) reads(st *step) []*Node {
	var roots []*Node
	for _, in := range st.node.inputs {
		roots = append(roots, s.roots[in.id])
	}
	if st.residual != nil {
		roots = append(roots, s.roots[st.residual.id])
	}
	return roots
}

// A Step says which layers of a network are computed at one go.
type Step struct {
	Layers []string `json:"layers"` // their names, in the order of computation
	Kinds  []string `json:"kinds"`
}

// Steps lists what a session does for one batch, forward: in training, or to
// predict.
func (g *Graph) Steps(training bool) []Step {
	var list []Step
	for _, st := range newSchedule(g, training, true, nil).steps {
		var described Step
		for _, n := range st.nodes() {
			described.Layers = append(described.Layers, n.name)
			described.Kinds = append(described.Kinds, n.op.kind())
		}
		list = append(list, described)
	}
	return list
}
