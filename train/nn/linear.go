package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

// linearOp is a fully connected layer.
type linearOp struct {
	features int
	bias     bool
	initial  initial
}

func (linearOp) kind() string { return "linear" }

func (linearOp) traits() traits {
	return traits{keepsInput: true, addsGradient: true, takesNorm: true, takesReLU: true}
}

func (o linearOp) infer(in []Shape) (Shape, error) {
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("expects a vector, and is given %v (use Flatten)", in[0])
	}
	if o.features < 1 {
		return nil, fmt.Errorf("expects at least 1 feature, and is given %d", o.features)
	}
	return Shape{o.features}, nil
}

func (o linearOp) multiplyAdds(n *Node) int { return n.inputs[0].shape.Size() * o.features }

func (o linearOp) params(n *Node) []paramSpec {
	from := n.inputs[0]
	shape := Shape{from.shape.Size(), o.features}
	kernel, bias := o.initial.of(shape)
	specs := []paramSpec{{suffix: "weight", role: kernelRole, shape: shape, order: from.order,
		spread: kernel}}
	if o.bias {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole,
			shape: Shape{o.features}, spread: bias})
	}
	return specs
}

func (o linearOp) bind(s *site) layer {
	l := &linear{site: s, weight: s.params[0], from: s.in[0].size, to: o.features}
	if o.bias {
		l.bias = s.params[1]
	}
	if s.gradOut == nil {
		l.folded = &folded{site: s, weight: l.weight, from: l.bias}
	} else {
		l.mask = newMask(s)
	}
	l.forwardTask, l.inputTask, l.weightTask = l.forwardPart, l.inputPanels, l.weightRows
	s.wants(0, kernel.PanelsSize(max(l.from, l.to), kernel.PanelColumns))
	return l
}

// linear computes out = in x weight + bias. Its work is cut by features. Weights
// are read as they lie: a few rows at a time, so that memory is read in long
// lines and once, which is what limits small batches.
type linear struct {
	*site
	weight, bias *param
	folded       *folded // for inference
	mask         *mask
	from, to     int       // features
	weights      []float32 // of the current call
	offsets      []float32 // that is bias; nil for none
	forwardTask  func(worker, lo, hi int)
	inputTask    func(worker, lo, hi int)
	weightTask   func(worker, lo, hi int)
}

func (l *linear) forward() {
	l.weights, l.offsets = l.weight.value, nil
	if l.folded != nil {
		l.folded.refresh()
		l.weights, l.offsets = l.folded.values, l.folded.bias
	} else if l.bias != nil {
		l.offsets = l.bias.value
	}
	l.team.For(l.to, l.columns(), l.forwardTask)
}

// columns returns how many features are computed at a time.
func (l *linear) columns() int {
	const least, most, units = 128, 1024, 8
	return min(max(l.to/units/kernel.PanelColumns*kernel.PanelColumns, least), most)
}

// linearRows is how many rows of the weights are taken at a time: those of a
// unit's columns stay in a core's first cache until the whole batch met them.
const linearRows = 64

// forwardPart computes the output's features [lo,hi).
func (l *linear) forwardPart(_, lo, hi int) {
	p := kernel.Product{
		Rows: l.batch, Columns: hi - lo, CRow: l.to, C: l.out.batch(l.batch)[lo:],
		A: kernel.Matrix{Row: l.from, Depth: 1},
		B: kernel.Panels{Panel: kernel.PanelColumns, Depth: l.to},
	}
	if l.offsets != nil {
		p.Bias = l.offsets[lo:hi]
	}
	weights := l.weights[:len(l.weights)+slack]
	for k := 0; k < l.from; k += linearRows {
		p.Depth = min(linearRows, l.from-k)
		p.A.Data, p.B.Data = l.in[0].batch(l.batch)[k:], weights[k*l.to+lo:]
		if k+p.Depth == l.from {
			p.ReLU, p.Ceiling = l.fused.relu, l.fused.ceiling
		}
		kernel.Multiply(p)
		p.Bias, p.Residual = nil, p.C
	}
}

func (l *linear) backward() {
	l.mask.apply()
	l.team.For(l.from, 48, l.weightTask)
	if l.bias != nil {
		clear(l.bias.grad)
		kernel.AddRows(l.bias.grad, l.gradOut.batch(l.batch))
	}
	if l.gradIn[0] != nil {
		l.team.For(l.from, kernel.PanelColumns, l.inputTask)
	}
}

// weightRows computes the rows [lo,hi) of the gradient of the weights: the
// features of the input times the gradient of the output.
func (l *linear) weightRows(_, lo, hi int) {
	// With the floats behind the batch: the last panel may be read whole.
	grad := l.gradOut.data[:l.batch*l.to+slack]
	kernel.Multiply(kernel.Product{
		Rows: hi - lo, Columns: l.to, Depth: l.batch,
		A: kernel.Matrix{Data: l.in[0].batch(l.batch)[lo:], Row: 1, Depth: l.from},
		B: kernel.Panels{Data: grad, Panel: kernel.PanelColumns, Depth: l.to},
		C: l.weight.grad[lo*l.to : hi*l.to], CRow: l.to,
	})
}

// inputPanels computes the features [lo,hi) of the gradient of the input.
func (l *linear) inputPanels(worker, lo, hi int) {
	to := l.gradIn[0].batch(l.batch)[lo:]
	var e kernel.Epilogue
	if l.adds {
		e.Residual = to
	}
	kernel.Multiply(kernel.Product{
		Rows: l.batch, Columns: hi - lo, Depth: l.to,
		A: kernel.Matrix{Data: l.gradOut.batch(l.batch), Row: l.to, Depth: 1},
		B: kernel.Pack(l.own[worker], l.weight.value[lo*l.to:], l.to, hi-lo, 1, l.to),
		C: to, CRow: l.from, Epilogue: e,
	})
}
