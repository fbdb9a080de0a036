package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A Session is a network at work: its weights, one arena for all values and
// gradients, and its goroutines. After the first call of a kind none allocates
// memory. A session is used by one goroutine at a time; Close ends it.
type Session struct {
	state
	options    SessionOptions
	watched    []bool // by node
	arena      []float32
	params     [][]*param // by node
	learnables []Learnable
	trainer    *program // nil for inference
	predictor  *program // nil until it is needed
	current    *program // of the last call
}

// state is what the layers of a session share.
type state struct {
	team     *parallel.Team
	weights  *Weights
	maxBatch int
	batch    int // samples of the current call
	training bool
	exact    bool
	bfloat16 bool // convolutions multiply so
	step     uint64
	seed     uint64
	need     scratchNeed
	shared   []float32   // memory for one layer at a time
	own      [][]float32 // memory for one worker at a time
}

// scratchNeed is the memory that layers want for the length of a call.
type scratchNeed struct{ shared, own int }

// wants notes that a layer needs scratch memory of these many floats.
func (s *state) wants(shared, own int) {
	s.need.shared, s.need.own = max(s.need.shared, shared), max(s.need.own, own)
}

// provide makes the scratch memory that layers want, where it is short.
func (s *state) provide() {
	if len(s.shared) < s.need.shared {
		s.shared = memory.Floats(s.need.shared)
	}
	for i := range s.own {
		if len(s.own[i]) < s.need.own {
			s.own[i] = memory.Floats(s.need.own)
		}
	}
}

// A Learnable is a tensor that training changes. Both slices belong to the
// session and its weights, and lie as Weights.Tensor says.
type Learnable struct {
	Name        string
	Value, Grad []float32
	// Decays tells whether weight decay makes sense for the tensor: for kernels
	// it does, for biases and for scales and offsets of batch norms it does not.
	Decays bool

	weights *Weights
}

// Changed tells the sessions that the value was changed. Who changes values
// without training must call it, for one of them at least, before the next
// Predict or Evaluate.
func (l Learnable) Changed() {
	if l.weights != nil {
		l.weights.Changed()
	}
}

// A Result is what a batch came to.
type Result struct {
	// Loss is the cross-entropy, summed over the samples: in training over all
	// outputs by their weights, else that of the main output.
	Loss float64
	// Correct counts the samples whose largest logit of the main output is that
	// of their label.
	Correct int
}

// NewSession plans the memory for a network and starts the goroutines.
func NewSession(w *Weights, o SessionOptions) (*Session, error) {
	if err := o.check(w.graph); err != nil {
		return nil, err
	}
	s := &Session{options: o, watched: o.watched(w.graph)}
	s.weights, s.maxBatch, s.seed, s.exact = w, max(o.MaxBatch, 1), o.Seed, o.Exact
	s.bfloat16 = o.Precision == BFloat16
	s.team = parallel.NewTeam(o.Threads)
	s.own = make([][]float32, s.team.Size())
	s.makeParams()
	if o.Inference {
		s.predictor = s.newProgram(false)
		return s, nil
	}
	s.trainer = s.newProgram(true)
	for i, loss := range s.trainer.losses {
		if o.LossWeights != nil {
			loss.weight = o.LossWeights[i]
		}
	}
	return s, nil
}

// newProgram makes the program of a kind of call. Programs lie over each other
// in the arena: only one works at a time.
func (s *Session) newProgram(training bool) *program {
	plan := planMemory(newSchedule(s.weights.graph, training, !s.options.apart, s.watched))
	arena := s.arena
	if size := plan.place(s.maxBatch); size > len(arena) {
		arena = memory.Floats(size)
	}
	if s.arena == nil {
		s.arena = arena
	}
	p := newProgram(&s.state, plan, arena, s.params)
	s.provide()
	return p
}

// makeParams makes the tensors of the nodes and places for their gradients.
func (s *Session) makeParams() {
	s.params = make([][]*param, len(s.weights.byNode))
	for id, tensors := range s.weights.byNode {
		for _, t := range tensors {
			p := &param{value: t.data}
			if t.role == counterRole {
				p.count = &t.count
			}
			if !s.options.Inference && t.learns() {
				p.grad = memory.Floats(len(t.data))
				s.learnables = append(s.learnables, Learnable{
					Name: t.name, Value: p.value, Grad: p.grad, Decays: t.role == kernelRole,
					weights: s.weights,
				})
			}
			s.params[id] = append(s.params[id], p)
		}
	}
}

// Close ends the session's goroutines.
func (s *Session) Close() { s.team.Close() }

// Learnables lists the tensors that training changes, in the order of the
// layers.
func (s *Session) Learnables() []Learnable { return s.learnables }

// For calls f for the chunks [0,grain), [grain,2*grain) … of [0,n) on the
// session's goroutines and returns when all calls have.
func (s *Session) For(n, grain int, f func(worker, lo, hi int)) { s.team.For(n, grain, f) }

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
	classes := s.weights.graph.Output().Size()
	n := len(shares) / classes
	if len(shares) != n*classes {
		panic(fmt.Sprintf("nn: %d shares of %d classes", len(shares), classes))
	}
	return s.train(images, shares, nil, n, step)
}

// train trains on n samples with shares or, where these are nil, labels.
func (s *Session) train(images, shares []float32, labels []int32, n, step int) Result {
	if s.trainer == nil {
		panic("nn: Train on a session for inference")
	}
	s.step = uint64(step)
	s.forward(s.trainer, images, n)
	s.weights.Changed() // running statistics by now, the rest by the optimizer
	var result Result
	for i, loss := range s.trainer.losses {
		r := loss.gradient(labels, shares)
		result.Loss += loss.weight * r.Loss
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
	return evaluate(logits, labels)
}

// Predict returns the logits of n samples, row by row. They are valid until
// the next call.
func (s *Session) Predict(images []float32, n int) []float32 {
	if s.predictor == nil {
		s.predictor = s.newProgram(false)
	}
	s.forward(s.predictor, images, n)
	return s.predictor.values[s.weights.graph.output().id].batch(n)
}

// forward computes the values of a program for n samples.
func (s *Session) forward(p *program, images []float32, n int) {
	if n < 1 || n > s.maxBatch {
		panic(fmt.Sprintf("nn: batch of %d samples, the session takes 1 to %d", n, s.maxBatch))
	}
	if len(images) != n*p.input.size {
		panic(fmt.Sprintf("nn: %d samples have %d values, and %d are given",
			n, n*p.input.size, len(images)))
	}
	s.batch, s.training, s.current = n, p == s.trainer, p
	p.forward(s, images)
}

// dropoutKey returns the key of a layer's masks.
func (s *state) dropoutKey(name string) uint64 {
	return dataset.Key{Seed: s.seed, Sample: name}.Rand("dropout").Uint64()
}
