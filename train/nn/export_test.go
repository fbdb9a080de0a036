package nn

import "time"

// timed is a layer with a watch beside it.
type timed struct {
	layer
	kind, name string
	note       func(kind, name string, backward bool, took time.Duration)
}

func (t timed) forward() {
	start := time.Now()
	t.layer.forward()
	t.note(t.kind, t.name, false, time.Since(start))
}

func (t timed) backward() {
	start := time.Now()
	t.layer.backward()
	t.note(t.kind, t.name, true, time.Since(start))
}

// Time lets note know how long each layer works, from now on.
func (s *Session) Time(note func(kind, name string, backward bool, took time.Duration)) {
	if s.predictor == nil {
		s.predictor = s.newProgram(false)
	}
	for _, p := range []*program{s.trainer, s.predictor} {
		if p == nil {
			continue
		}
		for i := range p.layers {
			l := &p.layers[i]
			n := p.plan.steps[i].node
			l.layer = timed{l.layer, n.op.kind(), n.name, note}
		}
	}
}

// ArenaBytes returns the memory of values and gradients.
func (s *Session) ArenaBytes() int { return 4 * len(s.arena) }

// ScratchBytes returns the memory that layers have for the length of a call.
func (s *Session) ScratchBytes() int { return 4 * (len(s.shared) + len(s.own)*len(s.own[0])) }

// PlannedFloats returns the size of a pass's arena for a batch, and the most
// that is needed at one time.
func PlannedFloats(g *Graph, training bool, batch int) (arena, needed int) {
	p := planMemory(newSchedule(g, training, true, nil))
	arena = p.place(batch)
	for time := range p.endTime() + 1 {
		sum := 0
		for _, s := range p.spans {
			if s.first <= time && time <= s.last {
				sum += s.floats(batch)
			}
		}
		needed = max(needed, sum)
	}
	return arena, needed
}
