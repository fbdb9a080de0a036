package kernel

import "github.com/dsbuild/dsbuild/internal/parallel"

// A Linear is a fully connected layer: output = input x weights + bias. Input
// (batch, In), output (batch, Out) and weights (In, Out) lie in plain order.
//
// Few rows read each weight once, so memory bounds them: weights are taken as
// they lie, line by line. More rows are worth bringing the weights into panels.
type Linear struct{ In, Out int }

// A LinearCall is the memory of one pass of a Linear. Nothing is allocated, and
// no bit depends on the number of workers. Slices may be longer than they have to
// be. A batch of 0 has no output, and a gradient of zeros.
type LinearCall struct {
	Batch         int
	Input, Output []float32 // or their gradients
	Weights       []float32 // or their gradient
	Bias          []float32 // or its gradient, or nil
	// Residual is added to what a pass computes; nil, or laid out as that, or
	// that itself.
	Residual  []float32
	ReLU      bool    // the output is held to [0, Ceiling]
	Ceiling   float32 // 0 stands for none
	Workspace []float32
}

const (
	fewRows     = 16  // that are worth a task
	panelDepth  = 256 // lines of a panel that stays in the first cache
	wideColumns = 1024
	blockRows   = 56 // of the gradient of the weights
	partsEach   = 4  // tasks of a worker, or more
)

// Workspace returns the floats that a call needs for a batch and a team.
func (l Linear) Workspace(batch, workers int) int {
	return max(workers*panelDepth*PanelColumns, PanelsSize(batch, l.Out), l.thinSize(batch))
}

// exact returns a call whose slices are as long as a pass needs them. It panics
// where one is shorter, whatever lies behind it.
func (l Linear) exact(c LinearCall, workers int) LinearCall {
	c.Input, c.Output = exact(c.Input, c.Batch*l.In), exact(c.Output, c.Batch*l.Out)
	c.Weights = exact(c.Weights, l.In*l.Out)
	c.Workspace = exact(c.Workspace, l.Workspace(c.Batch, workers))
	if c.Bias != nil {
		c.Bias = exact(c.Bias, l.Out)
	}
	return c
}

// exact returns the first n elements.
func exact(data []float32, n int) []float32 { return data[:n:min(n, len(data))] }

// linearRun is a call and how it is cut.
type linearRun struct {
	In, Out int
	LinearCall
	columns int // of a task
	rows    int
}

// Forward computes Output from Input, Weights and Bias.
func (l Linear) Forward(team *parallel.Team, c LinearCall) {
	r := l.cut(team, c, l.Out)
	if l.isThin(c.Batch) {
		l.thin(team, r.LinearCall)
		return
	}
	linearForward.Run(team, r.tasks(l.Out), 1, r)
}

// cut cuts the columns of a result, and its rows where columns are few.
func (l Linear) cut(team *parallel.Team, c LinearCall, columns int) linearRun {
	r := linearRun{In: l.In, Out: l.Out, LinearCall: l.exact(c, team.Size()),
		rows: max(c.Batch, 1)}
	if r.Residual != nil {
		r.Residual = exact(r.Residual, c.Batch*columns)
	}
	wanted := partsEach * team.Size()
	r.columns = min(max(roundUp(columns/wanted, PanelColumns), PanelColumns), wideColumns)
	for r.rows > 4*fewRows && r.tasks(columns) < wanted {
		r.rows = roundUp(r.rows/2, fewRows)
	}
	return r
}

// tasks returns the pieces of a result of so many columns.
func (r *linearRun) tasks(columns int) int {
	return (columns + r.columns - 1) / r.columns * ((r.Batch + r.rows - 1) / r.rows)
}

// piece returns where task i starts, and its size.
func (r *linearRun) piece(i, all int) (row, column, rows, columns int) {
	perRow := (all + r.columns - 1) / r.columns
	row, column = i/perRow*r.rows, i%perRow*r.columns
	return row, column, min(r.rows, r.Batch-row), min(r.columns, all-column)
}

var linearForward = parallel.NewTask(func(r *linearRun, worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		row, column, rows, columns := r.piece(i, r.Out)
		p := r.product(r.Input[row*r.In:], r.Output[row*r.Out+column:], r.In, r.Out)
		p.Rows, p.Columns = rows, columns
		r.begin(&p, row*r.Out+column, column)
		r.panelled(&p, worker, r.Weights[column:], r.Out, 1)
	}
})

// product returns the product of the matrix at a, whose rows are depth floats
// long, into the matrix at c.
func (r *linearRun) product(a, c []float32, depth, columns int) Product {
	return Product{Depth: depth, A: Matrix{Data: a, Row: depth, Depth: 1}, C: c, CRow: columns,
		Epilogue: Epilogue{Residual: c}}
}

// begin sets a result to what products are added to: element at is its first,
// of column column.
func (r *linearRun) begin(p *Product, at, column int) {
	for i := range p.Rows {
		line := p.C[i*p.CRow:][:p.Columns]
		switch {
		case r.Residual != nil:
			copy(line, r.Residual[at+i*p.CRow:])
		default:
			clear(line)
		}
		if r.Bias != nil {
			for j, v := range r.Bias[column:][:len(line)] {
				line[j] += v
			}
		}
	}
}

// bound lets the last piece of the depth hold the result to its bounds.
func (r *linearRun) bound(p *Product, isLast bool) {
	p.ReLU, p.Ceiling = r.ReLU && isLast, r.Ceiling
}

// panelled multiplies with weights whose element (k, j) lies at
// weights[k*row+j*column], panel by panel.
func (r *linearRun) panelled(p *Product, worker int, weights []float32, row, column int) {
	panel := r.Workspace[worker*panelDepth*PanelColumns:][:panelDepth*PanelColumns]
	part := *p
	for j := 0; j < p.Columns; j += PanelColumns {
		part.Columns = min(PanelColumns, p.Columns-j)
		part.C = p.C[j:]
		part.Residual = part.C
		for k := 0; k < p.Depth; k += panelDepth {
			part.Depth = min(panelDepth, p.Depth-k)
			part.A.Data = p.A.Data[k:]
			PackPanel(panel, weights[k*row+j*column:], part.Depth, part.Columns, row, column)
			part.B = Panels{Data: panel, Depth: PanelColumns}
			r.bound(&part, k+panelDepth >= p.Depth)
			Multiply(part)
		}
	}
}

// InputGradient computes the gradient of Input from that of Output and Weights.
func (l Linear) InputGradient(team *parallel.Team, c LinearCall) {
	c.Bias = nil
	r := l.cut(team, c, l.In)
	linearInput.Run(team, r.tasks(l.In), 1, r)
}

var linearInput = parallel.NewTask(func(r *linearRun, worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		row, column, rows, columns := r.piece(i, r.In)
		p := r.product(r.Output[row*r.Out:], r.Input[row*r.In+column:], r.Out, r.In)
		p.Rows, p.Columns = rows, columns
		r.begin(&p, row*r.In+column, 0)
		r.panelled(&p, worker, r.Weights[column*r.Out:], 1, r.Out)
	}
})

// WeightGradient computes the gradients of Weights and Bias from Input and that
// of Output.
func (l Linear) WeightGradient(team *parallel.Team, c LinearCall) {
	c = l.exact(c, team.Size())
	if c.Bias != nil {
		clear(c.Bias)
		AddRows(c.Bias, c.Output)
	}
	if c.Batch == 0 {
		clear(c.Weights)
		return
	}
	Pack(c.Workspace, c.Output, c.Batch, l.Out, l.Out, 1)
	r := linearRun{In: l.In, Out: l.Out, LinearCall: c}
	wanted := partsEach * team.Size()
	r.rows = min(max(roundUp(l.In/wanted, fewRows), fewRows), blockRows)
	linearWeights.Run(team, l.In, r.rows, r)
}

var linearWeights = parallel.NewTask(func(r *linearRun, _, lo, hi int) {
	Multiply(Product{
		Rows: hi - lo, Columns: r.Out, Depth: r.Batch, Across: true,
		A: Matrix{Data: r.Input[lo:], Row: 1, Depth: r.In},
		B: Panels{Data: r.Workspace, Panel: r.Batch * PanelColumns, Depth: PanelColumns},
		C: r.Weights[lo*r.Out:], CRow: r.Out,
	})
})
