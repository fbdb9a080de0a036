package nn

import "math"

// A role is what a tensor of a layer is for.
type role int

const (
	kernelRole  role = iota // learned; drawn at random
	offsetRole              // learned; starts at 0
	scaleRole               // learned; starts at 1
	meanRole                // a running statistic; starts at 0
	varRole                 // a running statistic; starts at 1
	counterRole             // a number of batches
)

// A paramSpec describes a tensor of a layer before it has values.
type paramSpec struct {
	suffix string // of its name
	role   role
	shape  Shape // in memory
	order  order // of the features along its first dimension
	spread spread
}

func (p paramSpec) learns() bool { return p.role <= scaleRole }

// kernelAndBias describes the tensors of a layer that multiplies: a kernel, with
// the order of what comes in, and a bias of the channels that go out, if any.
func kernelAndBias(shape Shape, in order, channels int, biased bool, i initial) []paramSpec {
	kernel, bias := i.of(shape)
	specs := []paramSpec{{suffix: "weight", role: kernelRole, shape: shape, order: in, spread: kernel}}
	if biased {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole, shape: Shape{channels},
			spread: bias})
	}
	return specs
}

// A Parameter is one named tensor of a network's weights.
type Parameter struct {
	paramSpec
	name  string
	data  []float32
	count int64 // in place of data, for counterRole
}

// Name returns the tensor's name, which starts with that of its node.
func (p *Parameter) Name() string { return p.name }

// Value returns the tensor's values, which lie as Weights.Tensor says. They share
// memory with the weights. It is nil where the tensor is a count.
func (p *Parameter) Value() []float32 { return p.data }

// Count returns where the count lies that the tensor is: the batches that a batch
// norm has seen. It is nil for all other tensors.
func (p *Parameter) Count() *int64 {
	if p.role != counterRole {
		return nil
	}
	return &p.count
}

// Learns tells whether training changes the tensor by its gradient.
func (p *Parameter) Learns() bool { return p.learns() }

// start sets a tensor's first values.
func (p *Parameter) start(seed uint64) {
	switch p.role {
	case scaleRole, varRole:
		for i := range p.data {
			p.data[i] = 1
		}
	case kernelRole, offsetRole:
		if p.spread.size == 0 && p.role == kernelRole {
			p.spread.size = math.Sqrt(2 / float64(p.shape.fanIn()))
		}
		if p.spread.size != 0 {
			p.draw(seed)
		}
	}
}

// A Learnable is a tensor that training changes. Value belongs to the weights, and
// Grad to the session that computes it; both have the layout of Weights.Tensor.
type Learnable struct {
	Name        string
	Value, Grad []float32
	// Decays tells whether weight decay makes sense for the tensor: for kernels
	// it does, for biases and for scales and offsets of batch norms it does not.
	Decays bool

	weights *Weights
}

// Changed tells sessions that the value was changed. Code that changes values other
// than by training must call it before the next prediction, for at least one of the
// changed tensors.
func (l Learnable) Changed() {
	if l.weights != nil {
		l.weights.Changed()
	}
}
