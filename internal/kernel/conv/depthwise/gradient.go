package depthwise

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// maxParts is into how many parts the rows of a batch are cut at most, each with
// sums of its own, which are added in order.
const maxParts = 16

// gradient computes the gradient of the weights. Like a pass it goes over the
// images once.
type gradient struct {
	*pass
}

func newGradient(g conv.Geometry) *gradient {
	height, width := g.Output()
	return &gradient{
		newPass(g, [2]int{g.Height, g.Width}, [2]int{height, width}, forwardAxes),
	}
}

// parts returns into how many parts the bands of a batch are cut.
func (p *gradient) parts(batch int) int { return min(batch*p.bands, maxParts) }

// partSize returns the floats of a part's sums, of the kernel and the bias.
func (p *gradient) partSize() int { return p.size + p.padded }

func (p *gradient) Workspace(batch, workers int) int { return p.parts(batch) * p.partSize() }

// gradientRun is a run of a gradient.
type gradientRun struct {
	*gradient
	call  conv.GradientCall
	parts int
}

var (
	sumUnits = parallel.NewTask(func(r *gradientRun, _, lo, hi int) {
		for i := lo; i < hi; i++ {
			r.unit(i)
		}
	})
	addParts = parallel.NewTask(func(r *gradientRun, _, lo, hi int) {
		for tap := lo; tap < hi; tap++ {
			r.add(tap)
		}
	})
)

func (p *gradient) Run(team *parallel.Team, c conv.GradientCall) {
	parts := p.parts(c.Batch)
	c.Workspace = c.Workspace[:parts*p.partSize()]
	c.Weights = c.Weights[:p.g.WeightSize()]
	c.Input, c.Output = c.Input[:c.Batch*p.g.InputSize()], c.Output[:c.Batch*p.g.OutputSize()]
	r := gradientRun{p, c, parts}
	sumUnits.Run(team, parts*p.blocks, 1, r)
	addParts.Run(team, p.g.Kernel[0]*p.g.Kernel[1]+1, 1, r)
}

// unit sums a block of channels over a part.
func (r *gradientRun) unit(i int) {
	part, block := i/r.blocks, i%r.blocks
	c := block * r.block
	sums := r.call.Workspace[part*r.partSize():][:r.partSize()]
	end := min(c+r.block, r.padded)
	for at := c; at < len(sums); at += r.padded {
		clear(sums[at : at+end-c])
	}
	bands := r.call.Batch * r.bands
	for band := part * bands / r.parts; band < (part+1)*bands/r.parts; band++ {
		r.band(sums, band, c)
	}
}

// band adds the rows of a band, counted through the batch, for the channels
// from c on.
func (r *gradientRun) band(sums []float32, band, c int) {
	image, band := band/r.bands, band%r.bands
	first, last := band*r.to[0]/r.bands, (band+1)*r.to[0]/r.bands
	for x := 0; x < r.to[1]; x += r.strip {
		for y := first; y < last; y++ {
			r.row(sums, image, y, c, x, min(x+r.strip, r.to[1]))
		}
	}
}

// row adds the columns [x0,x1) of a row.
func (r *gradientRun) row(sums []float32, image, y, c, x0, x1 int) {
	channels := r.g.In
	rows, columns := &r.rows[0], &r.columns[0]
	lo, hi := rows.valid(y)
	at := image*r.from[0] + y*rows.stride + lo*rows.dilation - rows.pad
	s := strip{
		columns: columns, first: x0, last: x1, channels: min(r.block, channels-c), rows: hi - lo,
		from: r.call.Input, at: at*r.from[1]*channels + c, rowIn: rows.dilation * r.from[1] * channels,
		pixelIn: channels, to: r.call.Output, place: (image*r.to[0]+y)*r.to[1]*channels + c,
		pixelOut: channels, rowOut: r.to[1] * channels,
		weights: sums[lo*columns.taps*r.padded+c:], tap: r.padded,
	}
	s.gradient()
	if r.call.Bias != nil {
		bias := sums[r.size+c:][:s.channels]
		for x := x0; x < x1; x++ {
			kernel.AddRows(bias, r.call.Output[s.place+x*channels:][:s.channels])
		}
	}
}

// add puts the sums of an element of the kernel, or of the bias behind the
// last one, together.
func (r *gradientRun) add(tap int) {
	channels := r.g.In
	to := r.call.Bias
	if at := tap * channels; at < len(r.call.Weights) {
		to = r.call.Weights[at:]
	}
	if to == nil {
		return
	}
	to = to[:channels]
	for part := range r.parts {
		sums := r.call.Workspace[part*r.partSize()+tap*r.padded:][:channels]
		if part == 0 {
			copy(to, sums)
			continue
		}
		for c, v := range sums {
			to[c] += v
		}
	}
}
