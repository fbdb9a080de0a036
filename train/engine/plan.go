package engine

import (
	"slices"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A span is a piece of memory and the time in which it is needed. Time runs
// over a pass: step i is computed at time i, the losses at time n, step i's
// gradients at time 2n-i, and at time 2n+1 the pass is over.
type span struct {
	size        int // floats of one sample
	first, last int
	offset      int // in the arena, in floats
}

func (s *span) extend(t int) { s.first, s.last = min(s.first, t), max(s.last, t) }

// A flow is the gradient that a step hands to a value that it reads.
type flow struct {
	to   *nn.Node // nil where nobody wants a gradient
	span *span
	adds bool // the layer adds to what lies there
	// extra tells that it is to be added to the value's gradient afterwards.
	extra bool
}

// A memoryPlan gives every value and gradient of a pass its span. Values that
// share memory have the same one.
type memoryPlan struct {
	*schedule
	values []*span // by node; nil for the input, which the caller brings
	totals []*span // by node: of the value's gradient
	flows  [][]flow
	spans  []*span
	learns []bool
	writer []int // by node: the step that computes it
}

// planMemory plans the memory of a pass.
func planMemory(s *schedule) *memoryPlan {
	n := len(s.graph.Nodes())
	p := &memoryPlan{schedule: s, values: make([]*span, n), totals: make([]*span, n),
		flows: make([][]flow, len(s.steps)), writer: make([]int, n)}
	for i := range s.steps {
		p.writer[s.steps[i].out.Index()] = i
	}
	if s.training {
		p.learns = learns(s.graph, s.watched)
	} else {
		p.learns = make([]bool, n)
	}
	last := p.lastReads()
	for i := range s.steps {
		p.planValue(i, last)
	}
	if s.training {
		p.planGradients()
	}
	return p
}

// learns tells for each node whether a gradient must come to it: whether it
// or a node before it has parameters or is watched.
func learns(g *nn.Graph, watched []bool) []bool {
	learns := make([]bool, len(g.Nodes()))
	for i, n := range g.Nodes() {
		learns[i] = n.HasParameters() || watched[i]
		for _, in := range n.Inputs() {
			learns[i] = learns[i] || learns[in.Index()]
		}
	}
	return learns
}

func (p *memoryPlan) lossTime() int          { return len(p.steps) }
func (p *memoryPlan) backwardTime(i int) int { return 2*len(p.steps) - i }
func (p *memoryPlan) endTime() int           { return 2*len(p.steps) + 1 }

func (p *memoryPlan) newSpan(size, first, last int) *span {
	s := &span{size: size, first: first, last: last}
	p.spans = append(p.spans, s)
	return s
}

// lastReads returns by node until when its value is needed.
func (p *memoryPlan) lastReads() []int {
	last := make([]int, len(p.graph.Nodes()))
	until := func(n *nn.Node, time int) { last[n.Index()] = max(last[n.Index()], time) }
	for i := range p.steps {
		st := &p.steps[i]
		learns, traits := p.learns[st.out.Index()], p.kinds[st.node.Index()].Traits
		for _, root := range p.reads(st) {
			until(root, i)
		}
		for _, in := range st.node.Inputs() {
			if learns && traits.KeepsInput {
				until(p.roots[in.Index()], p.backwardTime(i))
			}
		}
		until(st.out, i)
		if learns && (traits.KeepsOutput || st.relu && !(traits.RecallsReLU && st.residual == nil)) {
			until(st.out, p.backwardTime(i))
		}
	}
	for _, n := range p.outputs {
		until(p.roots[n.Index()], p.lossTime())
	}
	for id, watched := range p.watched {
		if root := p.roots[id]; watched && root != nil {
			until(root, p.endTime())
		}
	}
	return last
}

// planValue decides where a step's result lies: over a value that nobody needs
// any more, where the step can do so.
func (p *memoryPlan) planValue(i int, last []int) {
	st := &p.steps[i]
	reads := p.reads(st)
	over, inputs := reads[len(st.node.Inputs()):], reads[:len(st.node.Inputs())]
	if p.kinds[st.node.Index()].InPlace {
		over = reads
	}
	for _, root := range over {
		from, apart := p.values[root.Index()], len(over) == len(reads) || !slices.Contains(inputs, root)
		if from != nil && from.last <= i && apart {
			p.values[st.out.Index()] = from
			from.extend(last[st.out.Index()])
			return
		}
	}
	p.values[st.out.Index()] = p.newSpan(st.out.Shape().Size(), i, last[st.out.Index()])
}

// planGradients decides where the gradients lie. The first one that flows to a
// value becomes its total, to which the others are added.
func (p *memoryPlan) planGradients() {
	for _, n := range p.outputs {
		root := p.roots[n.Index()]
		if p.totals[root.Index()] == nil {
			p.totals[root.Index()] = p.newSpan(n.Shape().Size(), p.lossTime(), p.lossTime())
		}
		p.keepWatched(root)
	}
	for i, st := range slices.Backward(p.steps) {
		if p.learns[st.out.Index()] {
			p.planFlows(i)
		}
	}
}

// planFlows decides where the gradients lie that a step hands on.
func (p *memoryPlan) planFlows(i int) {
	st, time := &p.steps[i], p.backwardTime(i)
	total, traits := p.totals[st.out.Index()], p.kinds[st.node.Index()].Traits
	total.extend(time)
	free := !p.watched[st.out.Index()] // to be overwritten
	flows := make([]flow, len(p.reads(st)))
	// The residual's gradient is the output's; it takes its memory first.
	if k := len(flows) - 1; st.residual != nil && p.learns[st.residual.Index()] {
		flows[k] = p.newFlow(p.roots[st.residual.Index()], time, total, free)
		free = free && flows[k].span != total
	}
	for k, in := range st.node.Inputs() {
		root := p.roots[in.Index()]
		if !p.learns[root.Index()] {
			continue
		}
		sum := p.totals[root.Index()]
		if k == 0 && traits.AddsGradient && sum != nil && sum != total {
			sum.extend(time)
			flows[k] = flow{to: root, span: sum, adds: true}
			continue
		}
		flows[k] = p.newFlow(root, time, total, k == 0 && free && traits.GradInPlace)
	}
	p.flows[i] = flows
}

// newFlow returns the flow to a value that a layer overwrites: in the memory
// of the output's gradient if inPlace says so.
func (p *memoryPlan) newFlow(to *nn.Node, time int, total *span, inPlace bool) flow {
	f := flow{to: to, span: total}
	if !inPlace {
		f.span = p.newSpan(to.Shape().Size(), time, time)
	}
	if p.totals[to.Index()] != nil {
		p.totals[to.Index()].extend(time)
		f.extra = true
		return f
	}
	p.totals[to.Index()] = f.span
	if to.Index() == 0 {
		f.span.extend(p.endTime())
	} else {
		f.span.extend(p.backwardTime(p.writer[to.Index()]))
	}
	p.keepWatched(to)
	return f
}

// keepWatched keeps the gradient of a watched value until the pass is over.
func (p *memoryPlan) keepWatched(root *nn.Node) {
	if p.watched[root.Index()] {
		p.totals[root.Index()].extend(p.endTime())
	}
}
