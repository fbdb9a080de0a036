package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// SessionOptions size a session. Zero values stand for the defaults named.
type SessionOptions struct {
	// MaxBatch is how many samples a call has at most; default 1.
	MaxBatch int
	// Threads is how many goroutines work; default one for each processor.
	// Results do not depend on it.
	Threads int
	// Seed of the dropout masks.
	Seed uint64
	// Inference leaves out the memory for gradients: Train then panics.
	Inference bool
	// Exact leaves out what is faster and rounds more: Winograd's convolutions.
	Exact bool
	// Precision is how values are stored while they are multiplied; default
	// Float32.
	Precision Precision
	// LossWeights are what each output's loss counts; default 1 for all.
	LossWeights []float64
}

// A Precision is how values are stored while they are multiplied. Sums and
// weights are float32 all the same.
type Precision string

const (
	Float32  Precision = "f32"
	BFloat16 Precision = "bf16" // float32 without its last 16 bits
)

// A Session is a network at work: its weights, one arena for all values and
// gradients, and its goroutines. After the first call none allocates memory.
// A session is used by one goroutine at a time; Close ends it.
type Session struct {
	state
	weights *Weights
	layers  []layer
	input   *buffer
	logits  *buffer
	losses  []*crossEntropy // by output; none for inference
	// totals has for each layer its output's gradient, and sums those of the
	// output's uses, to be added up there. Layers that do not learn have none.
	totals     []*buffer
	sums       [][]*buffer
	learns     []bool
	learnables []Learnable
}

// state is what the layers of a session share.
type state struct {
	team     *parallel.Team
	maxBatch int
	batch    int // samples of the current call
	training bool
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

// A Learnable is a tensor that training changes. Both slices belong to the
// session and its weights, and lie as Weights.Tensor says.
type Learnable struct {
	Name        string
	Value, Grad []float32
	// Decays tells whether weight decay makes sense for the tensor: for kernels
	// it does, for biases and for scales and offsets of batch norms it does not.
	Decays bool
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
	s := &Session{weights: w}
	s.maxBatch, s.seed = max(o.MaxBatch, 1), o.Seed
	s.team = parallel.NewTeam(o.Threads)
	s.bind(planMemory(w.graph, !o.Inference), o)
	s.shared = make([]float32, s.need.shared+slack)
	s.own = make([][]float32, s.team.Size())
	for i := range s.own {
		s.own[i] = make([]float32, s.need.own+slack)
	}
	return s, nil
}

// check returns what is wrong with the options.
func (o SessionOptions) check(g *Graph) error {
	switch {
	case o.MaxBatch < 0 || o.Threads < 0:
		return fmt.Errorf("max batch is %d and threads %d: neither may be negative",
			o.MaxBatch, o.Threads)
	case o.Precision != "" && o.Precision != Float32 && o.Precision != BFloat16:
		return fmt.Errorf("precision %q is neither %s nor %s", o.Precision, Float32, BFloat16)
	case o.LossWeights != nil && len(o.LossWeights) != len(g.outputs):
		return fmt.Errorf("%d loss weights are given for %d outputs", len(o.LossWeights),
			len(g.outputs))
	}
	return nil
}

// bind lays out the arena and makes the layers.
func (s *Session) bind(p *memoryPlan, o SessionOptions) {
	g, training := p.graph, !o.Inference
	arena := make([]float32, p.place(s.maxBatch))
	buffers := map[*span]*buffer{}
	at := func(sp *span, size int) *buffer {
		if sp == nil {
			return nil
		}
		b := buffers[sp]
		if b == nil {
			b = &buffer{data: arena[sp.offset : sp.offset+sp.floats(s.maxBatch)]}
			buffers[sp] = b
		}
		return &buffer{size: size, data: b.data}
	}
	values := make([]*buffer, len(g.nodes))
	s.input = &buffer{size: g.Input().Size()}
	values[0] = s.input
	for _, n := range g.nodes[1:] {
		values[n.id] = at(p.values[n.id], n.shape.Size())
		if p.values[n.id] == nil { // a view of the input
			values[n.id] = s.input
		}
	}
	s.logits, s.learns = values[g.output().id], g.learns()
	s.sums, s.totals = make([][]*buffer, len(g.nodes)), make([]*buffer, len(g.nodes))
	for _, n := range g.nodes {
		s.totals[n.id] = at(p.total[n.id], n.shape.Size())
		site := &site{state: &s.state, node: n, out: values[n.id],
			gradOut: s.totals[n.id], params: s.paramsOf(n, training)}
		site.gradIn = make([]*buffer, len(n.inputs))
		for i, in := range n.inputs {
			site.in = append(site.in, values[in.id])
			if p.grads[n.id] != nil && p.grads[n.id][i] != nil {
				site.gradIn[i] = at(p.grads[n.id][i], in.shape.Size())
				s.sums[in.id] = append(s.sums[in.id], site.gradIn[i])
			}
		}
		s.layers = append(s.layers, n.op.bind(site))
	}
	if training {
		for i, n := range g.outputs {
			loss := newCrossEntropy(&s.state, values[n.id], s.totals[n.id])
			if o.LossWeights != nil {
				loss.weight = o.LossWeights[i]
			}
			s.losses = append(s.losses, loss)
		}
	}
}

// paramsOf returns the tensors of a node and makes place for their gradients.
func (s *Session) paramsOf(n *Node, training bool) []*param {
	var params []*param
	for _, t := range s.weights.byNode[n.id] {
		p := &param{value: t.data}
		if t.role == counterRole {
			p.count = &t.count
		}
		if training && t.learns() {
			p.grad = make([]float32, len(t.data))
			s.learnables = append(s.learnables, Learnable{
				Name: t.name, Value: p.value, Grad: p.grad, Decays: t.role == kernelRole,
			})
		}
		params = append(params, p)
	}
	return params
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
	n := len(shares) / s.logits.size
	if len(shares) != n*s.logits.size {
		panic(fmt.Sprintf("nn: %d shares of %d classes", len(shares), s.logits.size))
	}
	return s.train(images, shares, nil, n, step)
}

// train trains on n samples with shares or, where these are nil, labels.
func (s *Session) train(images, shares []float32, labels []int32, n, step int) Result {
	if s.losses == nil {
		panic("nn: Train on a session for inference")
	}
	s.step = uint64(step)
	s.forward(images, n, true)
	var result Result
	for i, loss := range s.losses {
		r := loss.gradient(labels, shares)
		result.Loss += loss.weight * r.Loss
		if i == 0 {
			result.Correct = r.Correct
		}
	}
	for i := len(s.layers) - 1; i > 0; i-- {
		if s.learns[i] {
			s.sumGradients(i)
			s.layers[i].backward()
		}
	}
	s.input.data = nil
	return result
}

// sumGradients adds up the gradients of the uses of a node.
func (s *Session) sumGradients(node int) {
	total := s.totals[node].batch(s.batch)
	for _, g := range s.sums[node] {
		if &g.data[0] != &total[0] {
			addTo(total, g.batch(s.batch))
		}
	}
}

// Evaluate computes the loss of a batch as Predict sees it: with running
// statistics and without dropout.
func (s *Session) Evaluate(images []float32, labels []int32) Result {
	s.forward(images, len(labels), false)
	s.input.data = nil
	return evaluate(s.logits.batch(s.batch), labels)
}

// Predict returns the logits of n samples, row by row. They are valid until
// the next call.
func (s *Session) Predict(images []float32, n int) []float32 {
	s.forward(images, n, false)
	s.input.data = nil
	return s.logits.batch(n)
}

func (s *Session) forward(images []float32, n int, training bool) {
	if n < 1 || n > s.maxBatch {
		panic(fmt.Sprintf("nn: batch of %d samples, the session takes 1 to %d", n, s.maxBatch))
	}
	if len(images) != n*s.input.size {
		panic(fmt.Sprintf("nn: %d samples have %d values, and %d are given",
			n, n*s.input.size, len(images)))
	}
	s.batch, s.training, s.input.data = n, training, images
	for _, l := range s.layers {
		l.forward()
	}
}

// dropoutKey returns the key of a layer's masks.
func (s *state) dropoutKey(name string) uint64 {
	return dataset.Key{Seed: s.seed, Sample: name}.Rand("dropout").Uint64()
}
