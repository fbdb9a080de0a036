package engine

import (
	"time"

	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// timed is a layer with a watch beside it.
type timed struct {
	layer.Layer
	kind, name string
	note       func(kind, name string, backward bool, took time.Duration)
}

func (t timed) Forward() {
	start := time.Now()
	t.Layer.Forward()
	t.note(t.kind, t.name, false, time.Since(start))
}

func (t timed) Backward() {
	start := time.Now()
	t.Layer.Backward()
	t.note(t.kind, t.name, true, time.Since(start))
}

// Time lets note know how long each layer works, from now on.
func (s *Session) Time(note func(kind, name string, backward bool, took time.Duration)) {
	if s.predictor == nil {
		s.predictor = s.newProgram(s.plan(false))
	}
	for _, p := range []*program{s.trainer, s.predictor} {
		if p == nil {
			continue
		}
		for i := range p.layers {
			l := &p.layers[i]
			n := p.plan.steps[i].node
			l.Layer = timed{l.Layer, n.Op().Kind(), n.Name(), note}
		}
	}
}

// ArenaBytes returns the memory of values and gradients.
func (s *Session) ArenaBytes() int { return 4 * len(s.arena) }

// ScratchBytes returns the memory that layers have for the length of a call.
func (s *Session) ScratchBytes() int { return 4 * s.state.Scratch() }

// PlannedFloats returns the size of a pass's arena for a batch, and the most
// that is needed at one time.
func PlannedFloats(g *nn.Graph, training bool, batch int) (arena, needed int) {
	p := planOf(g, training)
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

// planOf returns the memory plan of a pass over a network that can be computed.
func planOf(g *nn.Graph, training bool) *memoryPlan {
	kinds, err := kindsOf(g)
	if err != nil {
		panic(err)
	}
	return planMemory(newSchedule(g, kinds, training, Options{}))
}
