package engine

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A Session trains a network and predicts with it. It has the network's weights,
// one arena for all values and gradients, and its own goroutines. Calls allocate
// memory only the first time that a method is used, and in the first prediction
// with new weights, into which batch norms are folded. Only one goroutine at a time
// may use a session. Close it after use.
type Session struct {
	state      layer.State
	kinds      []layer.Kind // by node
	options    Options
	watched    []bool // by node
	arena      []float32
	params     [][]*layer.Param // by node
	learnables []nn.Learnable
	trainer    *program // nil for inference
	predictor  *program // nil until it is needed
	current    *program // of the last call
	outputs    []Output // of the last call of TrainWith
}

// New plans the memory of a network and starts the session's goroutines.
func New(w *nn.Weights, o Options) (*Session, error) {
	if err := o.check(w.Graph()); err != nil {
		return nil, err
	}
	kinds, err := kindsOf(w.Graph())
	if err != nil {
		return nil, err
	}
	s := &Session{kinds: kinds, options: o, watched: o.watched(w.Graph())}
	s.state = layer.State{
		Team: parallel.NewTeam(o.Threads), Weights: w, MaxBatch: max(o.MaxBatch, 1),
		Exact: o.Exact, BFloat16: o.Precision == BFloat16, Seed: o.Seed,
	}
	plan := s.plan(!o.Inference)
	if err := s.fits(plan); err != nil {
		s.Close()
		return nil, err
	}
	s.makeParams()
	if o.Inference {
		s.predictor = s.newProgram(plan)
		return s, nil
	}
	s.trainer = s.newProgram(plan)
	for i, loss := range s.trainer.losses {
		if o.LossWeights != nil {
			loss.Weight = o.LossWeights[i]
		}
	}
	return s, nil
}

// plan plans the memory of a kind of call.
func (s *Session) plan(training bool) *memoryPlan {
	return planMemory(newSchedule(s.state.Weights.Graph(), s.kinds, training, s.options))
}

// fits tells whether the values and gradients of a batch are more than the
// machine, or the container, can hold.
func (s *Session) fits(plan *memoryPlan) error {
	bytes := 4 * float64(plan.place(1)) * float64(s.state.MaxBatch)
	if total := float64(memory.Total()); bytes > total && total > 0 {
		return fmt.Errorf("a batch of %d samples of %s needs %.0f GB, but there are only %.0f "+
			"(take smaller batches or samples)", s.state.MaxBatch, s.state.Weights.Graph().Input(),
			bytes/1e9, total/1e9)
	}
	return nil
}

// newProgram makes the program of a plan. Programs lie over each other in the
// arena: only one works at a time.
func (s *Session) newProgram(plan *memoryPlan) *program {
	arena := s.arena
	if size := plan.place(s.state.MaxBatch); size > len(arena) {
		arena = memory.Floats(size)
	}
	if s.arena == nil {
		s.arena = arena
	}
	p := newProgram(&s.state, plan, arena, s.params)
	s.state.Provide()
	return p
}

// makeParams makes the tensors of the nodes and places for their gradients.
func (s *Session) makeParams() {
	nodes := s.state.Weights.Graph().Nodes()
	s.params = make([][]*layer.Param, len(nodes))
	for i, n := range nodes {
		for _, t := range s.state.Weights.Parameters(n) {
			p := &layer.Param{Value: t.Value(), Count: t.Count()}
			if !s.options.Inference && t.Learns() {
				p.Grad = memory.Floats(len(p.Value))
				s.learnables = append(s.learnables, s.state.Weights.Learnable(t, p.Grad))
			}
			s.params[i] = append(s.params[i], p)
		}
	}
}

// Close stops the session's goroutines.
func (s *Session) Close() { s.state.Team.Close() }

// Learnables lists the tensors that training changes, in the order of the
// layers.
func (s *Session) Learnables() []nn.Learnable { return s.learnables }

// For calls f for the chunks [0,grain), [grain,2*grain) … of [0,n) on the
// session's goroutines and returns when all calls have.
func (s *Session) For(n, grain int, f func(worker, lo, hi int)) { s.state.Team.For(n, grain, f) }

// Predict returns the logits of n samples, a row for each, from the main output.
// They are valid until the next call.
func (s *Session) Predict(images []float32, n int) []float32 {
	if s.predictor == nil {
		s.predictor = s.newProgram(s.plan(false))
	}
	s.forward(s.predictor, images, n)
	return s.Output(0)
}

// Output returns the values of an output of the network in the last prediction,
// sample by sample. They are valid until the next call. It is nil before the first
// prediction and, without Options.AllOutputs, for all outputs but the main one.
func (s *Session) Output(i int) []float32 {
	n := s.state.Weights.Graph().Outputs()[i]
	if s.predictor == nil || s.current != s.predictor || s.predictor.values[n.Index()] == nil {
		return nil
	}
	return s.predictor.values[n.Index()].Batch(s.state.Batch)
}

// forward computes the values of a program for n samples.
func (s *Session) forward(p *program, images []float32, n int) {
	if n < 1 || n > s.state.MaxBatch {
		panic(fmt.Sprintf("engine: batch of %d samples, the session takes 1 to %d", n, s.state.MaxBatch))
	}
	if len(images) != n*p.input.Size {
		panic(fmt.Sprintf("engine: %d samples have %d values, and %d are given",
			n, n*p.input.Size, len(images)))
	}
	s.state.Batch, s.state.Training, s.current = n, p == s.trainer, p
	p.forward(s, images)
}
