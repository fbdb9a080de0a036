package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A side is the input or the output of a pass.
type side struct {
	height, width int
	channels      int // of all groups
	group         int // of one
}

func (s *side) size() int { return s.height * s.width * s.channels }

// A pass is either pass of a convolution.
type pass struct {
	g             conv.Geometry
	isTurned      bool // the gradient of the input
	isPaired      bool // products are of bfloat16
	from, to      side
	rows, columns []axis
	phases        []phase
	source        source
	depth         int // channels of a group in floats of the source: half of them in pairs
	lines, pixels int // of the largest phase
	panel         int // floats of one panel of a group
	// Where rows of the kernel are strung: floats of the source from what a pixel
	// meets to what the next one does, and zeros before a row. 0 where they are not.
	step, margin int
}

// NewForward returns the pass that computes the output of a convolution.
func NewForward(g conv.Geometry) conv.Pass {
	if isFirst(&g) {
		return newFirst(g, newForward(g, false))
	}
	return join(g, func(g conv.Geometry) conv.Pass { return newForward(g, false) })
}

// NewInputGradient returns the pass that computes the gradient of the input
// from that of the output.
func NewInputGradient(g conv.Geometry) conv.Pass {
	return join(g, func(g conv.Geometry) conv.Pass { return newInputGradient(g, false) })
}

func newForward(g conv.Geometry, isPaired bool) conv.Pass {
	p := &pass{g: g, isPaired: isPaired}
	p.from = side{g.Height, g.Width, g.In, g.In / g.Groups}
	p.to.height, p.to.width = g.Output()
	p.to.channels, p.to.group = g.Out, g.Out/g.Groups
	p.rows = forwardAxis(&g, 0, p.to.height)
	p.columns = forwardAxis(&g, 1, p.to.width)
	p.plan()
	return p
}

func newInputGradient(g conv.Geometry, isPaired bool) conv.Pass {
	p := &pass{g: g, isTurned: true, isPaired: isPaired}
	p.to = side{g.Height, g.Width, g.In, g.In / g.Groups}
	p.from.height, p.from.width = g.Output()
	p.from.channels, p.from.group = g.Out, g.Out/g.Groups
	p.rows = gradientAxis(&g, 0, g.Height)
	p.columns = gradientAxis(&g, 1, g.Width)
	p.plan()
	return p
}

// plan sets what follows from the axes.
func (p *pass) plan() {
	p.lines, p.pixels = mostPixels(p.rows), mostPixels(p.columns)
	p.depth = p.from.group
	if p.isPaired {
		p.depth = (p.depth + 1) / 2
	}
	p.source = newSource(p)
	p.phases = phases(p.rows, p.columns, p.source.pixel, p.source.line, p.depth)
	last := p.phases[len(p.phases)-1]
	taps := last.before + len(last.rows.taps)*len(last.columns.taps)
	p.panel = taps * p.depth * kernel.PanelColumns
}

// panels returns how many panels a group has.
func (p *pass) panels() int {
	return (p.to.group + kernel.PanelColumns - 1) / kernel.PanelColumns
}

// PackedSize returns the floats that Pack writes.
func (p *pass) PackedSize() int { return p.g.Groups * p.panels() * p.panel }

// Workspace returns the floats of each worker's copy of a band.
func (p *pass) Workspace(batch, workers int) int {
	if batch < 1 {
		return 0
	}
	return workers * p.cut(batch, workers).scratch
}

// A run is the memory of one run and how it is cut.
type run struct {
	*pass
	cut        cut
	call       conv.Call
	workers    int
	isStreamed bool // what is computed goes past the caches
}

// streamFloats is the size of an output that caches do not hold until the next
// layer reads it.
const streamFloats = 6 << 20

var bands = parallel.NewTask(func(r *run, worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		r.task(worker, i)
	}
})

// Run computes To from From. It panics where a slice is too short, whatever lies
// behind it.
func (p *pass) Run(team *parallel.Team, c conv.Call) {
	if c.Batch < 1 {
		return
	}
	c = exactly(c, c.Batch*p.from.size(), c.Batch*p.to.size(), p.to.channels)
	c.Packed = exact(c.Packed, p.PackedSize())
	c.Workspace = exact(c.Workspace, p.Workspace(c.Batch, team.Size()))
	r := run{pass: p, cut: p.cut(c.Batch, team.Size()), call: c, workers: team.Size(),
		isStreamed: c.Batch*p.to.size() > streamFloats}
	for worker := range team.Size() {
		r.forget(worker)
	}
	bands.Run(team, r.tasks(), 1, r)
}

// exactly returns a call whose images, bias and residual have so many floats. It
// panics here, not in a worker, where they have less.
func exactly(c conv.Call, from, to, channels int) conv.Call {
	c.From, c.To = exact(c.From, from), exact(c.To, to)
	e := &c.Epilogue
	if e.Residual != nil {
		e.Residual = exact(e.Residual, to)
	}
	if e.Bias != nil {
		e.Bias = exact(e.Bias, channels)
	}
	return c
}

// exact returns the first n elements.
func exact(data []float32, n int) []float32 { return data[:n:min(n, len(data))] }
