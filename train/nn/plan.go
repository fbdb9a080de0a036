package nn

import "slices"

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
	to   *Node // nil where nobody wants a gradient
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
	n := len(s.graph.nodes)
	p := &memoryPlan{schedule: s, values: make([]*span, n), totals: make([]*span, n),
		flows: make([][]flow, len(s.steps)), writer: make([]int, n)}
	for i := range s.steps {
		p.writer[s.steps[i].out.id] = i
	}
	if s.training {
		p.learns = s.graph.learns(s.watched)
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
	last := make([]int, len(p.graph.nodes))
	until := func(n *Node, time int) { last[n.id] = max(last[n.id], time) }
	for i := range p.steps {
		st := &p.steps[i]
		learns, traits := p.learns[st.out.id], st.node.op.traits()
		for _, root := range p.reads(st) {
			until(root, i)
		}
		for _, in := range st.node.inputs {
			if learns && traits.keepsInput {
				until(p.roots[in.id], p.backwardTime(i))
			}
		}
		until(st.out, i)
		if learns && (traits.keepsOutput || st.relu && !(traits.recallsReLU && st.residual == nil)) {
			until(st.out, p.backwardTime(i))
		}
	}
	for _, n := range p.outputs() {
		until(p.roots[n.id], p.lossTime())
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
	over, inputs := reads[len(st.node.inputs):], reads[:len(st.node.inputs)]
	if st.node.op.traits().inPlace {
		over = reads
	}
	for _, root := range over {
		from, apart := p.values[root.id], len(over) == len(reads) || !slices.Contains(inputs, root)
		if from != nil && from.last <= i && apart {
			p.values[st.out.id] = from
			from.extend(last[st.out.id])
			return
		}
	}
	p.values[st.out.id] = p.newSpan(st.out.shape.Size(), i, last[st.out.id])
}

// planGradients decides where the gradients lie. The first one that flows to a
// value becomes its total, to which the others are added.
func (p *memoryPlan) planGradients() {
	for _, n := range p.outputs() {
		if root := p.roots[n.id]; p.totals[root.id] == nil {
			p.totals[root.id] = p.newSpan(n.shape.Size(), p.lossTime(), p.lossTime())
		}
	}
	for i, st := range slices.Backward(p.steps) {
		if p.learns[st.out.id] {
			p.planFlows(i)
		}
	}
}

// planFlows decides where the gradients lie that a step hands on.
func (p *memoryPlan) planFlows(i int) {
	st, time := &p.steps[i], p.backwardTime(i)
	total, traits := p.totals[st.out.id], st.node.op.traits()
	total.extend(time)
	free := !p.watched[st.out.id] // to be overwritten
	flows := make([]flow, len(p.reads(st)))
	// The residual's gradient is the output's; it takes its memory first.
	if k := len(flows) - 1; st.residual != nil && p.learns[st.residual.id] {
		flows[k] = p.newFlow(p.roots[st.residual.id], time, total, free)
		free = free && flows[k].span != total
	}
	for k, in := range st.node.inputs {
		root := p.roots[in.id]
		if !p.learns[root.id] {
			continue
		}
		sum := p.totals[root.id]
		if k == 0 && traits.addsGradient && sum != nil && sum != total {
			sum.extend(time)
			flows[k] = flow{to: root, span: sum, adds: true}
			continue
		}
		flows[k] = p.newFlow(root, time, total, k == 0 && free && traits.gradInPlace)
	}
	p.flows[i] = flows
}

// newFlow returns the flow to a value that a layer overwrites: in the memory
// of the output's gradient if inPlace says so.
func (p *memoryPlan) newFlow(to *Node, time int, total *span, inPlace bool) flow {
	f := flow{to: to, span: total}
	if !inPlace {
		f.span = p.newSpan(to.shape.Size(), time, time)
	}
	if p.totals[to.id] != nil {
		p.totals[to.id].extend(time)
		f.extra = true
		return f
	}
	p.totals[to.id] = f.span
	if p.watched[to.id] || to.id == 0 {
		f.span.extend(p.endTime())
	} else {
		f.span.extend(p.backwardTime(p.writer[to.id]))
	}
	return f
}
