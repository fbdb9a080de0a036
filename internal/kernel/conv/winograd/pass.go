package winograd

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// taps is the elements of the kernels.
const taps = 9

// A pass is the convolution of an image with a kernel, or, where it is turned,
// with the kernel turned by 180 degrees from its output to its input.
type pass struct {
	grid
	from, to int // channels
	depth    int // lines of 16 channels of what is read
	panels   int // of 32 channels of what is written
	turned   bool
}

// NewForward returns the pass that computes the output of a convolution that
// Fits, in tiles of 2x2 or 4x4 pixels.
func NewForward(g conv.Geometry, tile int) conv.Pass {
	g = fitting(g)
	return newPass(newGrid(basisOf(tile), g.Height, g.Width, g.Pad), g.In, g.Out, false)
}

// NewInputGradient returns the pass that computes the gradient of the input
// from that of the output.
func NewInputGradient(g conv.Geometry, tile int) conv.Pass {
	g = fitting(g)
	height, width := g.Output()
	pad := [2]int{2 - g.Pad[0], 2 - g.Pad[1]}
	return newPass(newGrid(basisOf(tile), height, width, pad), g.Out, g.In, true)
}

func fitting(g conv.Geometry) conv.Geometry {
	if !Fits(g) {
		panic("winograd: a convolution that does not fit")
	}
	return g.WithDefaults()
}

func newPass(g grid, from, to int, turned bool) *pass {
	return &pass{grid: g, from: from, to: to, turned: turned,
		depth: (from + lanes - 1) / lanes, panels: (to + panel - 1) / panel}
}

// points returns the interpolation points of a tile.
func (s *basis) points() int { return s.side * s.side }

// PackedSize returns the floats that Pack writes.
func (p *pass) PackedSize() int { return p.panels * panel * p.depth * lanes * taps }

// packs is what packing is done with.
type packs struct {
	*pass
	packed, weights []float32
}

var pack = parallel.NewTask(func(p *packs, _, lo, hi int) {
	for i := lo; i < hi; i++ {
		p.pack(i/taps, i%taps)
	}
})

// Pack sorts the kernel by panels of 32 channels of what is written, then by
// element, then by channels of what is read. Channels that are not there are
// zeros.
func (p *pass) Pack(team *parallel.Team, packed, weights []float32) {
	pack.Run(team, p.panels*taps, 1, packs{p, packed[:p.PackedSize()], weights})
}

// pack packs an element of the kernel for a panel.
func (p *packs) pack(number, tap int) {
	size := p.depth * lanes * panel
	dst := p.packed[(number*taps+tap)*size:][:size]
	first := number * panel
	columns := min(panel, p.to-first)
	if p.turned {
		src := p.weights[((taps-1-tap)*p.to+first)*p.from:]
		kernel.PackPanel(dst[:p.from*panel], src, p.from, columns, 1, p.from)
	} else {
		src := p.weights[tap*p.from*p.to+first:]
		kernel.PackPanel(dst[:p.from*panel], src, p.from, columns, p.to, 1)
	}
	clear(dst[p.from*panel:])
}

// kernelSize returns the floats of a panel's transformed kernel for so many lines
// of 16 channels of what is read.
func (p *pass) kernelSize(lines int) int { return p.points() * kernelPoint(lines) }

// kernelPoint returns those of one interpolation point. Points share no sets of
// the cache.
func kernelPoint(lines int) int { return lines*lanes*panel + panel }

// kernelChannels bounds what is transformed in one call, which writes hundreds of
// pages at first: assembly cannot be interrupted.
const kernelChannels = 64

// makeKernel transforms the kernel of a panel for some lines from one on.
func (p *pass) makeKernel(dst, packed []float32, number, line, lines int) {
	tap, point := p.depth*lanes*panel, kernelPoint(lines)
	packed = packed[number*taps*tap+line*lanes*panel:]
	for first := 0; first < lines*lanes; first += kernelChannels {
		p.transformKernel(
			view{data: dst[first*panel:], row: p.side * point, column: point, step: lanes},
			view{data: packed[first*panel:], row: 3 * tap, column: tap, step: lanes},
			min(kernelChannels, lines*lanes-first)*(panel/lanes))
	}
}

// fetch transforms a tile of the images into a stack.
func (p *pass) fetch(s *stack, at int, images []float32, tile int, scratch []float32) {
	sample, y, x := p.place(tile)
	size := p.height * p.width * p.from
	w := window{image: images[sample*size : (sample+1)*size], height: p.height, width: p.width,
		channels: p.from, y: y - p.pad[0], x: x - p.pad[1], side: p.side}
	src, count := w.view(scratch)
	p.transformInput(s.view(at, p.side), src, count)
}

// sumsRow returns the floats of a tile's sums for a panel.
func (p *pass) sumsRow() int { return p.points()*panel + lanes }

// scratchSize returns the floats that a worker needs for tiles at borders and
// the biases of a panel.
func (p *pass) scratchSize() int {
	return max(p.points()*p.depth*lanes, 2*p.tile*p.tile*panel) + panel
}

// Workspace returns the floats that Run needs.
func (p *pass) Workspace(batch, workers int) int {
	if batch < 1 {
		return 0
	}
	if p.isShared() {
		s := p.planShared(batch)
		return s.workspace(workers)
	}
	f := p.planFused(batch)
	return f.workspace(workers)
}

// Run computes To from From.
func (p *pass) Run(team *parallel.Team, c conv.Call) {
	switch {
	case c.Batch < 1:
	case p.isShared():
		s := p.planShared(c.Batch)
		s.run(team, c)
	default:
		f := p.planFused(c.Batch)
		f.run(team, c)
	}
}
