package engine

import (
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A step is what a session does at one go: the work of one node, with what
// follows it and is done to each value on its way to memory.
type step struct {
	node     *nn.Node // whose op works
	norm     *nn.Node // a batch norm that is folded into the op's weights; nil for none
	residual *nn.Node // whose value is added to the result; nil for none
	relu     bool
	ceiling  float32  // of the ReLU; 0 stands for none
	out      *nn.Node // the last of the nodes, whose value the step computes
}

// nodes lists the nodes of a step in the order of computation.
func (s *step) nodes() []*nn.Node {
	list := []*nn.Node{s.out}
	for n := s.out; n != s.node; {
		i := slices.IndexFunc(n.Inputs(), func(in *nn.Node) bool { return in != s.residual })
		n = n.Inputs()[i]
		list = append(list, n)
	}
	slices.Reverse(list)
	return list
}

// A schedule is a pass over a graph: its steps in order. It leaves out what
// only other passes need: auxiliary outputs and dropout serve training alone.
type schedule struct {
	graph    *nn.Graph
	kinds    []layer.Kind // by node
	training bool
	fuses    bool
	outputs  []*nn.Node // that the pass computes
	// watched tells by node whether its value must be there, and its gradient when
	// training: for those that a view which is watched shows as well.
	watched []bool
	steps   []step
	// roots has for each node the one whose memory holds its value: its own, or
	// that of an input which it only shows under another shape. It is nil where
	// a step keeps the value to itself.
	roots []*nn.Node
	users [][]*nn.Node // by node: who reads it, once for each time
	taken []bool       // by node: whether a step computes it
}

// kindsOf returns how each node of a network is computed.
func kindsOf(g *nn.Graph) ([]layer.Kind, error) {
	kinds := make([]layer.Kind, len(g.Nodes()))
	for i, n := range g.Nodes() {
		kind, err := layer.KindOf(n.Op())
		if err != nil {
			return nil, fmt.Errorf("node %q: %w", n.Name(), err)
		}
		kinds[i] = kind
	}
	return kinds, nil
}

// newSchedule plans the steps of a pass that a session with the options makes.
func newSchedule(g *nn.Graph, kinds []layer.Kind, training bool, o Options) *schedule {
	n := len(g.Nodes())
	s := &schedule{graph: g, kinds: kinds, training: training, fuses: !o.apart,
		outputs: g.Outputs(), watched: o.watched(g), roots: make([]*nn.Node, n),
		users: make([][]*nn.Node, n), taken: make([]bool, n)}
	if !training && !o.AllOutputs {
		s.outputs = g.Outputs()[:1]
	}
	s.watchShown()
	needed := s.needed()
	for _, n := range g.Nodes() {
		for _, in := range n.Inputs() {
			if needed[n.Index()] {
				s.users[in.Index()] = append(s.users[in.Index()], n)
			}
		}
	}
	s.roots[0] = g.Nodes()[0]
	for _, n := range g.Nodes()[1:] {
		switch {
		case !needed[n.Index()] || s.taken[n.Index()]:
		case s.isView(n):
			s.roots[n.Index()] = s.roots[n.Inputs()[0].Index()]
		default:
			s.steps = append(s.steps, s.stepFrom(n))
		}
	}
	return s
}

// watchShown watches the nodes whose values watched ones show.
func (s *schedule) watchShown() {
	for _, n := range slices.Backward(s.graph.Nodes()) {
		if s.watched[n.Index()] && s.isView(n) {
			s.watched[n.Inputs()[0].Index()] = true
		}
	}
}

// needed tells which nodes lead to an output that the pass computes.
func (s *schedule) needed() []bool {
	needed := make([]bool, len(s.graph.Nodes()))
	for _, output := range s.outputs {
		needed[output.Index()] = true
	}
	for _, n := range slices.Backward(s.graph.Nodes()) {
		for _, in := range n.Inputs() {
			needed[in.Index()] = needed[in.Index()] || needed[n.Index()]
		}
	}
	return needed
}

// isView tells whether a node's value is that of its input.
func (s *schedule) isView(n *nn.Node) bool {
	_, drops := n.Op().(nn.Dropout)
	return s.kinds[n.Index()].View || drops && !s.training
}

// stepFrom returns the step that starts with a node and takes in what can be
// fused.
func (s *schedule) stepFrom(n *nn.Node) step {
	traits := s.kinds[n.Index()].Traits
	st := step{node: n, out: n}
	if next := s.follower(&st); next != nil && traits.TakesNorm && !s.training {
		if _, ok := next.Op().(nn.BatchNorm); ok {
			st.norm, st.out = next, next
		}
	}
	if next := s.follower(&st); next != nil && traits.TakesResidual {
		if residual := s.residualOf(next, st.out); residual != nil {
			st.residual, st.out = residual, next
		}
	}
	// The gradient before a fused ReLU lies where that behind it was.
	if next := s.follower(&st); next != nil && traits.TakesReLU &&
		!(s.training && s.watched[next.Index()]) {
		if ceiling, ok := ceilingOf(next.Op()); ok {
			st.relu, st.ceiling, st.out = true, ceiling, next
		}
	}
	for _, n := range st.nodes() {
		s.taken[n.Index()] = true
	}
	s.roots[st.out.Index()] = st.out
	return st
}

// follower returns the only node that reads what a step computes so far, or
// nil where that must be kept as it is.
func (s *schedule) follower(st *step) *nn.Node {
	n := st.out
	if !s.fuses || s.watched[n.Index()] || len(s.users[n.Index()]) != 1 ||
		slices.Contains(s.outputs, n) {
		return nil
	}
	return s.users[n.Index()][0]
}

// residualOf returns what next adds to n, or nil where it does not add or
// where the other value comes later: then that one's step takes n's.
func (s *schedule) residualOf(next, n *nn.Node) *nn.Node {
	if _, ok := next.Op().(nn.Add); !ok || s.taken[next.Index()] {
		return nil
	}
	other := next.Inputs()[0]
	if other == n {
		other = next.Inputs()[1]
	}
	if other.Index() > n.Index() || s.roots[other.Index()] == nil {
		return nil
	}
	return other
}

// ceilingOf tells whether an op holds values to [0, ceiling], 0 for none.
func ceilingOf(o nn.Op) (ceiling float32, ok bool) {
	relu, ok := o.(nn.ReLU)
	return relu.Ceiling, ok
}

// reads lists the values that a step reads: the inputs of its node, then the
// residual.
func (s *schedule) reads(st *step) []*nn.Node {
	var roots []*nn.Node
	for _, in := range st.node.Inputs() {
		roots = append(roots, s.roots[in.Index()])
	}
	if st.residual != nil {
		roots = append(roots, s.roots[st.residual.Index()])
	}
	return roots
}

// A Step says which layers of a network are computed at one go.
type Step struct {
	Layers []string `json:"layers"` // their names, in the order of computation
	Kinds  []string `json:"kinds"`
}

// Steps lists what a session does for one batch, forward: in training, or to
// predict. It returns an error where an operation of the network has no layer.
func Steps(g *nn.Graph, training bool) ([]Step, error) {
	kinds, err := kindsOf(g)
	if err != nil {
		return nil, err
	}
	var list []Step
	for _, st := range newSchedule(g, kinds, training, Options{}).steps {
		var described Step
		for _, n := range st.nodes() {
			described.Layers = append(described.Layers, n.Name())
			described.Kinds = append(described.Kinds, n.Op().Kind())
		}
		list = append(list, described)
	}
	return list, nil
}
