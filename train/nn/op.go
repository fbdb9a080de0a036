package nn

import "fmt"

// An op is what a node does. Ops know shapes only; bind makes the layer that
// works on memory.
type op interface {
	kind() string
	// infer returns the output's shape, or what is wrong with the inputs'.
	infer(in []Shape) (Shape, error)
	params(n *Node) []paramSpec
	traits() traits
	bind(s *site) layer
}

// traits tell the memory planner what may share memory and what must stay.
type traits struct {
	view        bool // the output is the input itself under another shape
	inPlace     bool // the output may overwrite the input
	gradInPlace bool // the first input's gradient may overwrite the output's
	keepsInput  bool // backward reads the inputs
	keepsOutput bool // backward reads the output
	// addsGradient tells that backward can add the first input's gradient to
	// what lies there, as its site asks for.
	addsGradient bool
	// What may be fused into the layer: a batch norm behind it that does not
	// train, a value added to its result, a ReLU of that. Those fused come in
	// this order.
	takesNorm, takesResidual, takesReLU bool
	// recallsReLU tells that backward needs no output to see where a fused ReLU
	// without residual let values through.
	recallsReLU bool
}

// A layer is a node bound to the memory of a session.
type layer interface {
	// forward computes the output from the inputs.
	forward()
	// backward computes the gradients of parameters and inputs from the
	// output's, and overwrites them. The output's gradient is lost.
	backward()
}

// A site is the place of a layer: the memory around it.
type site struct {
	*state
	node    *Node
	in      []*buffer
	out     *buffer
	gradIn  []*buffer // an element is nil where nobody wants it
	gradOut *buffer   // nil where the layer does not learn
	adds    bool      // gradIn[0] is to be added to, rather than overwritten
	params  []*param
	fused   fusion
}

// A fusion is what a layer does beside its own work for nodes behind it, which
// then have no layer: it adds the residual to its result and holds it to
// [0, ceiling]. out and gradOut of its site are those of the last such node.
type fusion struct {
	residual     *buffer // nil for none
	gradResidual *buffer // nil where nobody wants it; may share memory with gradOut
	relu         bool
	ceiling      float32  // 6 for ReLU6; 0 stands for none
	norm         []*param // of a batch norm that the weights take in; nil for none
	epsilon      float64  // of that batch norm
}

// A buffer holds a value or gradient for a whole batch, sample by sample.
type buffer struct {
	size int // of a sample
	data []float32
}

// batch returns the values of the first n samples.
func (b *buffer) batch(n int) []float32 { return b.data[:n*b.size] }

// sample returns the values of sample i.
func (b *buffer) sample(i int) []float32 { return b.data[i*b.size : (i+1)*b.size] }

// A param is a tensor of a layer: its value and, where it learns, the place
// of its gradient.
type param struct {
	value, grad []float32
	count       *int64 // in place of value, for counterRole
}

// leaf is the base of ops without parameters.
type leaf struct{}

func (leaf) params(*Node) []paramSpec { return nil }

// inputOp is the network's input.
type inputOp struct{ shape Shape }

func (inputOp) kind() string             { return "input" }
func (inputOp) params(*Node) []paramSpec { return nil }
func (inputOp) traits() traits           { return traits{} }
func (o inputOp) bind(*site) layer       { return nothing{} }
func (o inputOp) infer([]Shape) (Shape, error) {
	if len(o.shape) != 3 && len(o.shape) != 1 {
		return nil, fmt.Errorf("expects {height, width, channels} or {features}, and is given %v",
			o.shape)
	}
	for _, n := range o.shape {
		if n < 1 {
			return nil, fmt.Errorf("has a side below 1: %v", o.shape)
		}
	}
	return o.shape, nil
}

// flattenOp turns an image into a vector.
type flattenOp struct{ leaf }

func (flattenOp) kind() string                    { return "flatten" }
func (flattenOp) traits() traits                  { return traits{view: true, gradInPlace: true} }
func (flattenOp) bind(*site) layer                { return nothing{} }
func (flattenOp) infer(in []Shape) (Shape, error) { return Shape{in[0].Size()}, nil }

// nothing is the layer of what needs no computation.
type nothing struct{}

func (nothing) forward()  {}
func (nothing) backward() {}
