package layer

import "github.com/dsbuild/dsbuild/train/nn"

// A Layer is a node bound to the memory of a session.
type Layer interface {
	// Forward computes the output from the inputs.
	Forward()
	// Backward computes the gradients of parameters and inputs from the
	// output's, and overwrites them. The output's gradient is lost.
	Backward()
}

// A Site is the place of a layer: the memory around it, which belongs to the
// session.
type Site struct {
	*State
	Node    *nn.Node
	In      []*Buffer
	Out     *Buffer
	GradIn  []*Buffer // an element is nil where nobody wants it
	GradOut *Buffer   // nil where the layer does not learn
	Adds    bool      // GradIn[0] is to be added to, rather than overwritten
	Params  []*Param
	Fused   Fusion
}

// input returns the shape of the first input.
func (s *Site) input() nn.Shape { return s.Node.Inputs()[0].Shape() }

// A Fusion is what a layer does beside its own work for nodes behind it, which
// then have no layer: it adds the residual to its result and holds it to
// [0, Ceiling]. Out and GradOut of its site are those of the last such node.
type Fusion struct {
	Residual     *Buffer // nil for none
	GradResidual *Buffer // nil where nobody wants it; may share memory with GradOut
	ReLU         bool
	Ceiling      float32  // 6 for ReLU6; 0 stands for none
	Norm         []*Param // of a batch norm that the weights take in; nil for none
	Epsilon      float64  // of that batch norm
}

// A Buffer holds a value or gradient for a whole batch, sample by sample.
type Buffer struct {
	Size int // of a sample
	Data []float32
}

// Batch returns the values of the first n samples.
func (b *Buffer) Batch(n int) []float32 { return b.Data[:n*b.Size] }

// Sample returns the values of sample i.
func (b *Buffer) Sample(i int) []float32 { return b.Data[i*b.Size : (i+1)*b.Size] }

// A Param is a tensor of a layer: its value and, where it learns, the place
// of its gradient.
type Param struct {
	Value, Grad []float32
	Count       *int64 // in place of Value, for counts
}

// nothing is the layer of what needs no computation.
type nothing struct{}

func newInput(nn.Input, *Site) Layer     { return nothing{} }
func newFlatten(nn.Flatten, *Site) Layer { return nothing{} }

func (nothing) Forward()  {}
func (nothing) Backward() {}
