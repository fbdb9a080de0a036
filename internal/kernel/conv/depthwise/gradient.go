package depthwise

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// The rows of a batch are cut into parts, each with sums of its own, which are
// added in order.
const (
	maxParts   = 16
	partPixels = 128 // at least, so that sums do not cost more than pixels
	fewParts   = 4   // for which a plain loop is faster than a product
)

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

// parts returns into how many parts the bands of a batch are cut: fewer where
// blocks of channels are work enough to share out.
func (p *gradient) parts(batch int) int {
	parts := min(batch*p.to[0]*p.to[1]/partPixels, max(maxParts/p.blocks, 4))
	return min(max(parts, 2), batch*p.bands)
}

// rowSize returns the floats of all parts' sums of an element of the kernel. They
// lie one behind the other; those of the bias come last.
func (p *gradient) rowSize(parts int) int { return parts * p.padded }

func (p *gradient) Workspace(batch, workers int) int {
	return (p.g.Kernel[0]*p.g.Kernel[1] + 1) * p.rowSize(p.parts(batch))
}

// gradientRun is a run of a gradient.
type gradientRun struct {
	*gradient
	call           conv.GradientCall
	parts, rowSize int
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
	c.Workspace = c.Workspace[:p.Workspace(c.Batch, team.Size())]
	c.Weights = c.Weights[:p.g.WeightSize()]
	c.Input, c.Output = c.Input[:c.Batch*p.g.InputSize()], c.Output[:c.Batch*p.g.OutputSize()]
	if c.Batch == 0 {
		conv.WeightGradient(p.g, 0, c.Weights, c.Bias, nil, nil)
		return
	}
	parts := p.parts(c.Batch)
	r := gradientRun{p, c, parts, p.rowSize(parts)}
	sumUnits.Run(team, parts*p.blocks, 1, r)
	addParts.Run(team, p.g.Kernel[0]*p.g.Kernel[1]+1, 1, r)
}

// unit sums a block of channels over a part.
func (r *gradientRun) unit(i int) {
	part, block := i/r.blocks, i%r.blocks
	c := block * r.block
	sums := r.call.Workspace[part*r.padded:]
	end := min(c+r.block, r.padded)
	for at := 0; at < len(sums); at += r.rowSize {
		clear(sums[at+c : at+end])
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
		weights: sums[lo*columns.taps*r.rowSize+c:], tap: r.rowSize,
	}
	s.gradient()
	if r.call.Bias != nil {
		bias := sums[r.g.Kernel[0]*r.g.Kernel[1]*r.rowSize+c:][:s.channels]
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
	rows := r.call.Workspace[tap*r.rowSize:][:r.rowSize]
	total := rows[:r.padded]
	if r.parts > fewParts {
		kernel.AddRows(total, rows[r.padded:])
	} else {
		for rows = rows[r.padded:]; len(rows) > 0; rows = rows[r.padded:] {
			for c, v := range rows[:len(total)] {
				total[c] += v
			}
		}
	}
	copy(to[:channels], total)
}
