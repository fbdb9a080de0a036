package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A pass is a convolution of padded images with stride: that of the input, or,
// for the gradient of the input, that of the output's gradient, its pixels
// spread by the stride, with the kernel turned by 180 degrees.
type pass struct {
	g          conv.Geometry
	turned     bool
	from, to   int // channels of a group
	fromAll    int // channels of all groups
	toAll      int
	out        [2]int
	ahead      windowing
	panelsSize int // floats of a group's panels for one element of the kernel
}

// NewForward returns the pass that computes the output of a convolution.
func NewForward(g conv.Geometry) conv.Pass {
	height, width := g.Output()
	return newPass(g, false, [2]int{height, width}, windowing{
		image: [2]int{g.Height, g.Width}, channels: g.In / g.Groups, row: g.In,
		kernel: g.Kernel, apart: g.Dilation, step: g.Stride, spread: [2]int{1, 1}, pad: g.Pad,
	})
}

// NewInputGradient returns the pass that computes the gradient of the input
// from that of the output.
func NewInputGradient(g conv.Geometry) conv.Pass {
	height, width := g.Output()
	var pad [2]int
	for i := range pad {
		pad[i] = (g.Kernel[i]-1)*g.Dilation[i] - g.Pad[i]
	}
	return newPass(g, true, [2]int{g.Height, g.Width}, windowing{
		image: [2]int{height, width}, channels: g.Out / g.Groups, row: g.Out,
		kernel: g.Kernel, apart: g.Dilation, step: [2]int{1, 1}, spread: g.Stride, pad: pad,
	})
}

func newPass(g conv.Geometry, turned bool, out [2]int, w windowing) conv.Pass {
	p := &pass{g: g, turned: turned, from: g.In / g.Groups, to: g.Out / g.Groups,
		fromAll: g.In, toAll: g.Out, out: out, ahead: w}
	if turned {
		p.from, p.to, p.fromAll, p.toAll = p.to, p.from, p.toAll, p.fromAll
	}
	p.panelsSize = kernel.PanelsSize(p.from, p.to)
	p.ahead.plan(out)
	return p
}

func (p *pass) taps() int { return p.g.Kernel[0] * p.g.Kernel[1] }

// PackedSize returns the floats that Pack writes.
func (p *pass) PackedSize() int { return p.g.Groups * p.taps() * p.panelsSize }

// Pack writes panels for each group and element of the kernel.
func (p *pass) Pack(team *parallel.Team, packed, weights []float32) {
	groupIn, groupOut := p.g.In/p.g.Groups, p.g.Out/p.g.Groups
	team.For(p.g.Groups*p.taps(), 1, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			dst := packed[i*p.panelsSize : (i+1)*p.panelsSize]
			group, tap := i/p.taps(), i%p.taps()
			if p.turned {
				tap = p.taps() - 1 - tap
			}
			src := weights[tap*groupIn*p.g.Out+group*groupOut:]
			if p.turned {
				kernel.Pack(dst, src, groupOut, groupIn, 1, p.g.Out)
			} else {
				kernel.Pack(dst, src, groupIn, groupOut, p.g.Out, 1)
			}
		}
	})
}

// Workspace returns the floats of a padded copy for each worker.
func (p *pass) Workspace(_, workers int) int { return workers * p.ahead.copySize() }

// Run computes To from From.
func (p *pass) Run(team *parallel.Team, c conv.Call) {
	team.For(c.Batch*p.ahead.bands*p.g.Groups, 1, func(worker, lo, hi int) {
		for i := lo; i < hi; i++ {
			group, rest := i%p.g.Groups, i/p.g.Groups
			p.band(&c, worker, rest/p.ahead.bands, rest%p.ahead.bands, group)
		}
	})
}

// band computes a band of rows of one image, for one group.
func (p *pass) band(c *conv.Call, worker, sample, band, group int) {
	first, last := p.ahead.band(band)
	scratch := c.Workspace[worker*p.ahead.copySize():]
	fromSize := p.ahead.image[0] * p.ahead.image[1] * p.fromAll
	src := c.From[sample*fromSize+group*p.from : (sample+1)*fromSize]
	rows := p.ahead.rows(scratch, src, first, last)
	toRow := p.out[1] * p.toAll
	start := sample*p.out[0]*toRow + group*p.to
	packed := c.Packed[group*p.taps()*p.panelsSize:]
	for y := first; y < last; y++ {
		at := start + y*toRow
		line := c.To[at : at+toRow-group*p.to]
		p.begin(&c.Epilogue, line, at, group)
		for k := range p.taps() {
			kernel.Multiply(kernel.Product{
				Rows: p.out[1], Columns: p.to, Depth: p.from,
				A: rows.windows(y, k/p.g.Kernel[1], k%p.g.Kernel[1]),
				B: kernel.Panels{Data: packed[k*p.panelsSize:],
					Panel: p.from * kernel.PanelColumns, Depth: kernel.PanelColumns},
				C: line, CRow: p.toAll, Epilogue: kernel.Epilogue{Residual: line},
			})
		}
		p.finish(&c.Epilogue, line)
	}
}

// begin writes what the products of a row are added to. The row starts at the
// group's first channel, at offset at of the images.
func (p *pass) begin(e *conv.Epilogue, line []float32, at, group int) {
	for x := 0; x < len(line); x += p.toAll {
		pixel := line[x : x+p.to]
		switch {
		case e.Residual == nil:
			clear(pixel)
		default:
			copy(pixel, e.Residual[at+x:])
		}
		if e.Bias != nil {
			for i, b := range e.Bias[group*p.to:][:len(pixel)] {
				pixel[i] += b
			}
		}
	}
}

// finish holds a row within its bounds.
func (p *pass) finish(e *conv.Epilogue, line []float32) {
	if !e.ReLU {
		return
	}
	for x := 0; x < len(line); x += p.toAll {
		pixel := line[x : x+p.to]
		for i, v := range pixel {
			v = max(v, 0)
			if e.Ceiling > 0 {
				v = min(v, e.Ceiling)
			}
			pixel[i] = v
		}
	}
}
