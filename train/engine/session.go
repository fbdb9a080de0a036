package engine

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A Session is a network at work: its weights, one arena for all values and
// gradients, and its goroutines. After the first call of a kind none allocates
// memory, but for the first prediction with new weights, into which it folds
// batch norms. A session is used by one goroutine at a time; Close ends it.
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
}

// A Result is what a batch came to.
type Result = layer.Result

// New plans the memory for a network and starts the goroutines.
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
	if err := s.fits(); err != nil {
		s.Close()
		return nil, err
	}
	s.makeParams()
	if o.Inference {
		s.predictor = s.newProgram(false)
		return s, nil
	}
	s.trainer = s.newProgram(true)
	for i, loss := range s.trainer.losses {
		if o.LossWeights != nil {
			loss.Weight = o.LossWeights[i]
		}
	}
	return s, nil
}

// fits tells whether the values and gradients of a batch are more than the
// machine, or the container, can hold.
func (s *Session) fits() error {
	training := !s.options.Inference
	plan := planMemory(newSchedule(s.state.Weights.Graph(), s.kinds, training, !s.options.apart,
		s.watched))
	bytes := 4 * float64(plan.place(1)) * float64(s.state.MaxBatch)
	if total := float64(memory.Total()); bytes > total && total > 0 {
		return fmt.Errorf("a batch of %d samples of %s needs %.0f GB, and there are %.0f "+
			"(take smaller batches or samples)", s.state.MaxBatch, s.state.Weights.Graph().Input(),
			bytes/1e9, total/1e9)
	}
	return nil
}

// newProgram makes the program of a kind of call. Programs lie over each other
// in the arena: only one works at a time.
func (s *Session) newProgram(training bool) *program {
	graph, fuses := s.state.Weights.Graph(), !s.options.apart
	plan := planMemory(newSchedule(graph, s.kinds, training, fuses, s.watched))
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

// Close ends the session's goroutines.
func (s *Session) Close() { s.state.Team.Close() }

// Learnables lists the tensors that training changes, in the order of the
// layers.
func (s *Session) Learnables() []nn.Learnable { return s.learnables }

// For calls f for the chunks [0,grain), [grain,2*grain) … of [0,n) on the
// session's goroutines and returns when all calls have.
func (s *Session) For(n, grain int, f func(worker, lo, hi int)) { s.state.Team.For(n, grain, f) }

// Train computes the loss of a batch and the gradients of its mean over the
// samples, which then lie in Learnables. images holds len(labels) samples of
// the graph's input shape one behind the other. The step's number keys the
// dropout masks. It panics where the lengths do not fit, a label is not below
// the number of classes, or the session is for inference.
func (s *Session) Train(images []float32, labels []int32, step int) Result {
	return s.train(images, nil, labels, len(labels), step)
}

// TrainShares is Train on samples that show several classes, as mixed images
// do. shares holds, sample by sample, each class's share of it; they add up to
// 1. Result.Correct counts the samples whose largest logit is that of a class
// with the largest share. It panics where the numbers of shares and of images do
// not agree, and on sessions for inference.
func (s *Session) TrainShares(images, shares []float32, step int) Result {
	classes := s.state.Weights.Graph().Output().Size()
	n := len(shares) / classes
	if len(shares) != n*classes {
		panic(fmt.Sprintf("engine: %d shares of %d classes", len(shares), classes))
	}
	return s.train(images, shares, nil, n, step)
}

// train trains on n samples with shares or, where these are nil, labels.
func (s *Session) train(images, shares []float32, labels []int32, n, step int) Result {
	if s.trainer == nil {
		panic("engine: Train on a session for inference")
	}
	s.state.Step = uint64(step)
	s.forward(s.trainer, images, n)
	s.state.Weights.Changed() // running statistics by now, the rest by the optimizer
	var result Result
	for i, loss := range s.trainer.losses {
		r := loss.Gradient(labels, shares)
		result.Loss += loss.Weight * r.Loss
		if i == 0 {
			result.Correct = r.Correct
		}
	}
	if s.options.OnLoss != nil {
		s.options.OnLoss(result)
	}
	s.trainer.backward(s)
	return result
}

// Evaluate computes the loss of a batch as Predict sees it: with running
// statistics and without dropout.
func (s *Session) Evaluate(images []float32, labels []int32) Result {
	logits := s.Predict(images, len(labels))
	return layer.Evaluate(logits, labels)
}

// Predict returns the logits of n samples, row by row. They are valid until
// the next call.
func (s *Session) Predict(images []float32, n int) []float32 {
	if s.predictor == nil {
		s.predictor = s.newProgram(false)
	}
	s.forward(s.predictor, images, n)
	return s.predictor.values[s.state.Weights.Graph().Outputs()[0].Index()].Batch(n)
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
