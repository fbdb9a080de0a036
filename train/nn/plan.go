package nn

import (
	"cmp"
	"slices"
)

// slack is how many floats behind a buffer may be read: kernels read whole
// panels of columns and leave out what they do not need.
const slack = 16

// A span is a piece of memory and the time in which it is needed. Time runs
// over the steps of a pass: node i is computed at time i, the loss at time n,
// and node i's gradients at time 2n-i.
type span struct {
	size        int // floats of one sample
	first, last int
	pinned      bool // nothing may be written over the value
	offset      int  // in the arena, in floats
}

func (s *span) extend(t int) { s.first, s.last = min(s.first, t), max(s.last, t) }

// A memoryPlan gives every value and gradient its span. Values that share
// memory have the same one.
type memoryPlan struct {
	graph  *Graph
	values []*span   // by node; nil for the input, which the caller brings
	grads  [][]*span // by node and input: of the gradient that flows there
	total  []*span   // by node: of the output's gradient
	spans  []*span
}

// planMemory plans a pass over the graph: forward alone, or both ways.
func planMemory(g *Graph, training bool) *memoryPlan {
	p := &memoryPlan{graph: g, values: make([]*span, len(g.nodes)),
		grads: make([][]*span, len(g.nodes)), total: make([]*span, len(g.nodes))}
	for _, n := range g.nodes[1:] {
		p.planValue(n, training)
	}
	for _, n := range g.outputs {
		if logits := p.values[n.id]; logits != nil {
			logits.extend(len(g.nodes))
		}
	}
	if training {
		p.planGradients()
	}
	return p
}

func (p *memoryPlan) newSpan(size, time int) *span {
	s := &span{size: size, first: time, last: time}
	p.spans = append(p.spans, s)
	return s
}

// planValue decides where a node's output lies: over its input where the op
// can do so and nobody else needs the input.
func (p *memoryPlan) planValue(n *Node, training bool) {
	traits := n.op.traits()
	from := p.values[n.inputs[0].id]
	end := 2 * len(p.graph.nodes) // times of backward count down from here
	shares := from != nil && (traits.view || traits.inPlace && !from.pinned)
	switch {
	case from == nil && traits.view:
		return
	case shares:
		p.values[n.id] = from
		from.extend(n.id)
	default:
		p.values[n.id] = p.newSpan(n.shape.Size(), n.id)
	}
	value := p.values[n.id]
	value.pinned = value.pinned && shares || p.graph.uses[n.id] > 1
	if training && traits.keepsOutput {
		value.extend(end - n.id)
		value.pinned = true
	}
	for _, in := range n.inputs {
		read := p.values[in.id]
		if read == nil {
			continue
		}
		read.extend(n.id)
		if training && traits.keepsInput {
			read.extend(end - n.id)
			read.pinned = true
		}
	}
}

// planGradients decides where the gradients lie. Every use of a node has a
// gradient of its own; those of one node are summed into one of them before
// the node's own backward step.
func (p *memoryPlan) planGradients() {
	g := p.graph
	end := 2 * len(g.nodes)
	learns := g.learns()
	for _, n := range g.outputs {
		p.total[n.id] = p.newSpan(n.shape.Size(), len(g.nodes))
	}
	for _, n := range slices.Backward(g.nodes) {
		time := end - n.id
		if !learns[n.id] {
			continue
		}
		p.total[n.id].extend(time)
		p.grads[n.id] = make([]*span, len(n.inputs))
		for i, in := range n.inputs {
			if !learns[in.id] {
				continue
			}
			grad := p.total[n.id]
			if i > 0 || !n.op.traits().gradInPlace {
				grad = p.newSpan(in.shape.Size(), time)
			}
			p.grads[n.id][i] = grad
			grad.extend(end - in.id) // until it is summed there
			if p.total[in.id] == nil {
				p.total[in.id] = grad
			}
		}
	}
}

// place gives the spans offsets in one arena such that those needed at one
// time do not overlap, and returns the arena's size in floats.
func (p *memoryPlan) place(batch int) int {
	spans := slices.Clone(p.spans)
	slices.SortStableFunc(spans, func(a, b *span) int { return cmp.Compare(b.size, a.size) })
	var placed []*span
	size := 0
	for _, s := range spans {
		var taken []*span // at the same time, by offset
		for _, other := range placed {
			if s.first <= other.last && other.first <= s.last {
				taken = append(taken, other)
			}
		}
		slices.SortFunc(taken, func(a, b *span) int { return cmp.Compare(a.offset, b.offset) })
		for _, other := range taken {
			if s.offset+s.floats(batch) <= other.offset {
				break
			}
			s.offset = max(s.offset, other.offset+other.floats(batch))
		}
		placed = append(placed, s)
		size = max(size, s.offset+s.floats(batch))
	}
	return size
}

// floats returns the span's length for a batch, in whole cache lines.
func (s *span) floats(batch int) int { return (batch*s.size + slack + 15) / 16 * 16 }
