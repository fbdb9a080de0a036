package engine

import (
	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A program is a pass over a graph bound to memory: its layers in order.
type program struct {
	plan   *memoryPlan
	layers []boundLayer
	input  *layer.Buffer
	values []*layer.Buffer // by node; nil where a layer keeps the value to itself
	totals []*layer.Buffer // by node: of the value's gradient; nil where there is none
	losses []*layer.CrossEntropy
}

// A boundLayer is the layer of a step.
type boundLayer struct {
	layer.Layer
	out    *nn.Node
	learns bool
	extras []*extra
}

// extraGrain is how many values of an extra a goroutine takes at a time.
const extraGrain = 1 << 15

// An extra is a gradient that is to be added to another.
type extra struct {
	total, part *layer.Buffer
	task        func(worker, lo, hi int)
}

func newExtra(total, part *layer.Buffer) *extra {
	e := &extra{total: total, part: part}
	e.task = func(_, lo, hi int) {
		sum := total.Data[lo:hi]
		vector.Add(sum, sum, part.Data[lo:hi])
	}
	return e
}

// newProgram lays out a plan's values in an arena, which has to hold them, and
// makes the layers. params has those of each node.
func newProgram(s *layer.State, p *memoryPlan, arena []float32, params [][]*layer.Param) *program {
	g := p.graph
	pr := &program{plan: p, input: &layer.Buffer{Size: g.Input().Size()},
		values: make([]*layer.Buffer, len(g.Nodes())),
		totals: make([]*layer.Buffer, len(g.Nodes()))}
	at := func(sp *span, size int) *layer.Buffer {
		if sp == nil {
			return nil
		}
		return &layer.Buffer{Size: size, Data: arena[sp.offset:][:sp.floats(s.MaxBatch)]}
	}
	for id, root := range p.roots {
		switch {
		case root == nil:
		case root.Index() == 0:
			pr.values[id] = pr.input
		default:
			pr.values[id] = at(p.values[root.Index()], root.Shape().Size())
		}
		if root != nil {
			pr.totals[id] = at(p.totals[root.Index()], root.Shape().Size())
		}
	}
	for i := range p.steps {
		pr.bind(s, i, at, params)
	}
	if p.training {
		for _, n := range p.outputs {
			pr.losses = append(pr.losses, layer.NewCrossEntropy(s, n, pr.values[n.Index()],
				pr.totals[n.Index()]))
		}
	}
	return pr
}

// bind makes the layer of a step.
func (pr *program) bind(s *layer.State, i int, at func(*span, int) *layer.Buffer,
	params [][]*layer.Param) {
	st, flows := &pr.plan.steps[i], pr.plan.flows[i]
	site := &layer.Site{State: s, Node: st.node, Out: pr.values[st.out.Index()],
		GradOut: pr.totals[st.out.Index()], Params: params[st.node.Index()],
		GradIn: make([]*layer.Buffer, len(st.node.Inputs()))}
	bound := boundLayer{out: st.out, learns: pr.plan.learns[st.out.Index()]}
	for _, in := range st.node.Inputs() {
		site.In = append(site.In, pr.values[in.Index()])
	}
	site.Fused = layer.Fusion{ReLU: st.relu, Ceiling: st.ceiling}
	if st.residual != nil {
		site.Fused.Residual = pr.values[st.residual.Index()]
	}
	if st.norm != nil {
		site.Fused.Norm = params[st.norm.Index()]
		site.Fused.Epsilon = st.norm.Op().(nn.BatchNorm).Epsilon
	}
	for k, f := range flows {
		if f.to == nil {
			continue
		}
		grad := at(f.span, f.to.Shape().Size())
		if k < len(site.GradIn) {
			site.GradIn[k] = grad
			site.Adds = site.Adds || f.adds
		} else {
			site.Fused.GradResidual = grad
		}
		if f.extra {
			bound.extras = append(bound.extras, newExtra(pr.totals[f.to.Index()], grad))
		}
	}
	bound.Layer = pr.plan.kinds[st.node.Index()].New(st.node.Op(), site)
	pr.layers = append(pr.layers, bound)
}

// forward computes all values of a batch.
func (pr *program) forward(s *Session, images []float32) {
	pr.input.Data = images
	if s.options.OnActivation != nil {
		s.tell(s.options.OnActivation, pr.plan.graph.Nodes()[0], pr.values)
	}
	for i := range pr.layers {
		l := &pr.layers[i]
		l.Forward()
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
		l.Backward()
		for _, e := range l.extras {
			s.state.Team.For(s.state.Batch*e.total.Size, extraGrain, e.task)
		}
	}
	if s.options.OnGradient != nil {
		s.tell(s.options.OnGradient, pr.plan.graph.Nodes()[0], pr.totals)
	}
}
