package nn

// A program is a pass over a graph bound to memory: its layers in order.
type program struct {
	plan   *memoryPlan
	layers []boundLayer
	input  *buffer
	values []*buffer // by node; nil where a layer keeps the value to itself
	totals []*buffer // by node: of the value's gradient; nil where there is none
	losses []*crossEntropy
}

// A boundLayer is the layer of a step.
type boundLayer struct {
	layer
	out    *Node
	learns bool
	extras []*extra
}

// An extra is a gradient that is to be added to another.
type extra struct {
	total, part *buffer
	task        func(worker, lo, hi int)
}

func newExtra(total, part *buffer) *extra {
	e := &extra{total: total, part: part}
	e.task = func(_, lo, hi int) { addTo(total.data[lo:hi], part.data[lo:hi]) }
	return e
}

// newProgram lays out a plan's values in an arena, which has to hold them, and
// makes the layers. params has those of each node.
func newProgram(s *state, p *memoryPlan, arena []float32, params [][]*param) *program {
	g := p.graph
	pr := &program{plan: p, input: &buffer{size: g.Input().Size()},
		values: make([]*buffer, len(g.nodes)), totals: make([]*buffer, len(g.nodes))}
	at := func(sp *span, size int) *buffer {
		if sp == nil {
			return nil
		}
		return &buffer{size: size, data: arena[sp.offset:][:sp.floats(s.maxBatch)]}
	}
	for id, root := range p.roots {
		switch {
		case root == nil:
		case root.id == 0:
			pr.values[id] = pr.input
		default:
			pr.values[id] = at(p.values[root.id], root.shape.Size())
		}
		if root != nil {
			pr.totals[id] = at(p.totals[root.id], root.shape.Size())
		}
	}
	for i := range p.steps {
		pr.bind(s, i, at, params)
	}
	if p.training {
		for _, n := range p.outputs() {
			pr.losses = append(pr.losses, newCrossEntropy(s, pr.values[n.id], pr.totals[n.id]))
		}
	}
	return pr
}

// bind makes the layer of a step.
func (pr *program) bind(s *state, i int, at func(*span, int) *buffer, params [][]*param) {
	st, flows := &pr.plan.steps[i], pr.plan.flows[i]
	site := &site{state: s, node: st.node, out: pr.values[st.out.id],
		gradOut: pr.totals[st.out.id], params: params[st.node.id],
		gradIn: make([]*buffer, len(st.node.inputs))}
	bound := boundLayer{out: st.out, learns: pr.plan.learns[st.out.id]}
	for _, in := range st.node.inputs {
		site.in = append(site.in, pr.values[in.id])
	}
	site.fused = fusion{relu: st.relu, ceiling: st.ceiling}
	if st.residual != nil {
		site.fused.residual = pr.values[st.residual.id]
	}
	if st.norm != nil {
		site.fused.norm = params[st.norm.id]
		site.fused.epsilon, _ = st.norm.op.(batchNormOp).constants()
	}
	for k, f := range flows {
		if f.to == nil {
			continue
		}
		grad := at(f.span, f.to.shape.Size())
		if k < len(site.gradIn) {
			site.gradIn[k] = grad
			site.adds = site.adds || f.adds
		} else {
			site.fused.gradResidual = grad
		}
		if f.extra {
			bound.extras = append(bound.extras, newExtra(pr.totals[f.to.id], grad))
		}
	}
	bound.layer = st.node.op.bind(site)
	pr.layers = append(pr.layers, bound)
}

// forward computes all values of a batch.
func (pr *program) forward(s *Session, images []float32) {
	pr.input.data = images
	for i := range pr.layers {
		l := &pr.layers[i]
		l.forward()
		if s.options.OnActivation != nil {
			s.tell(s.options.OnActivation, l.out, pr.values)
		}
	}
}

// backward computes all gradients from those of the outputs.
func (pr *program) backward(s *Session) {
	for i := len(pr.layers) - 1; i >= 0; i-- {
		l := &pr.layers[i]
		if !l.learns {
			continue
		}
		if s.options.OnGradient != nil {
			s.tell(s.options.OnGradient, l.out, pr.totals)
		}
		l.backward()
		for _, e := range l.extras {
			s.team.For(s.batch*e.total.size, pointGrain, e.task)
		}
	}
	if s.options.OnGradient != nil {
		s.tell(s.options.OnGradient, pr.plan.graph.nodes[0], pr.totals)
	}
}
