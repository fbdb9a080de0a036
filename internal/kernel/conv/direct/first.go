package direct

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

//go:generate go run -C ../../_asm ./first -out ../conv/direct/first_kernel_amd64.s -stubs ../conv/direct/first_kernel_amd64.go -pkg direct

const (
	firstSide   = 3  // of the kernel
	firstBand   = 16 // rows of the output that are taken at a time
	firstPixels = 1 << 12
	// firstPanel is the floats of the weights for the channels of a panel.
	firstPanel = firstSide * firstSide * kernel.PanelColumns
)

// A first pass is a convolution of images of one channel, as a network's first
// layer is: their weights stay in registers from one pixel to the next. The inner
// pass does what it cannot.
type first struct {
	conv.Pass
	g             conv.Geometry
	height, width int // of the output
	line          int // pixels of a padded row
}

// isFirst tells whether a convolution is one of those.
func isFirst(g *conv.Geometry) bool {
	return g.In == 1 && g.Out >= kernel.PanelColumns/2 && g.Dilation == [2]int{1, 1} &&
		g.Kernel == [2]int{firstSide, firstSide} && kernel.Variant() == isa.AVX512
}

func newFirst(g conv.Geometry, inner conv.Pass) conv.Pass {
	p := &first{Pass: inner, g: g}
	p.height, p.width = g.Output()
	p.line = (p.width-1)*g.Stride[1] + firstSide
	return p
}

func (p *first) panels() int {
	return (p.g.Out + kernel.PanelColumns - 1) / kernel.PanelColumns
}

// PackedSize returns the floats that Pack writes.
func (p *first) PackedSize() int { return p.Pass.PackedSize() + p.panels()*firstPanel }

// Pack writes panels of the weights behind what the inner pass packs.
func (p *first) Pack(team *parallel.Team, packed, weights []float32) {
	size := p.Pass.PackedSize()
	p.Pass.Pack(team, packed[:size], weights)
	kernel.Pack(packed[size:p.PackedSize()], weights, firstSide*firstSide, p.g.Out, p.g.Out, 1)
}

// Workspace returns the floats that Run needs.
func (p *first) Workspace(batch, workers int) int {
	return max(p.Pass.Workspace(batch, workers), workers*p.scratch())
}

// scratch returns the floats of a worker's padded band.
func (p *first) scratch() int { return ((firstBand-1)*p.g.Stride[0] + firstSide) * p.line }

// A firstRun is the memory of one run.
type firstRun struct {
	*first
	call    conv.Call
	weights []float32
	bands   int // of an image
}

var firstBands = parallel.NewTask(func(r *firstRun, worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		r.band(worker, i/r.bands, i%r.bands*firstBand)
	}
})

// Run computes To from From.
func (p *first) Run(team *parallel.Team, c conv.Call) {
	if c.Epilogue.Residual != nil {
		p.Pass.Run(team, c)
		return
	}
	c = exactly(c, c.Batch*p.g.InputSize(), c.Batch*p.g.OutputSize(), p.g.Out)
	c.Packed = exact(c.Packed, p.PackedSize())
	c.Workspace = exact(c.Workspace, team.Size()*p.scratch())
	r := firstRun{p, c, c.Packed[p.Pass.PackedSize():p.PackedSize()], ceil(p.height, firstBand)}
	firstBands.Run(team, c.Batch*r.bands, max(firstPixels/(firstBand*p.width), 1), r)
}

// band computes rows of an image's output from one on.
func (r *firstRun) band(worker, image, row int) {
	rows := min(firstBand, r.height-row)
	pixels := r.call.Workspace[worker*r.scratch():][:r.scratch()]
	from := r.call.From[image*r.g.InputSize():][:r.g.InputSize()]
	for y := range (rows-1)*r.g.Stride[0] + firstSide {
		r.copyRow(pixels[y*r.line:][:r.line], from, row*r.g.Stride[0]+y-r.g.Pad[0])
	}
	least, most := float32(math.Inf(-1)), float32(math.Inf(1))
	if e := &r.call.Epilogue; e.ReLU {
		least = 0
		if e.Ceiling > 0 {
			most = e.Ceiling
		}
	}
	to := r.call.To[(image*r.height+row)*r.width*r.g.Out:][:rows*r.width*r.g.Out]
	for panel := range r.panels() {
		column := panel * kernel.PanelColumns
		columns := min(kernel.PanelColumns, r.g.Out-column)
		var bias [kernel.PanelColumns]float32
		if r.call.Epilogue.Bias != nil {
			copy(bias[:], r.call.Epilogue.Bias[column:column+columns])
		}
		weights := (*[firstPanel]float32)(r.weights[panel*firstPanel:])
		for y := range rows {
			firstRow(to[y*r.width*r.g.Out+column:], pixels[y*r.g.Stride[0]*r.line:], weights, &bias,
				firstArgs{r.width, columns, r.g.Out, r.line, r.g.Stride[1], least, most})
		}
	}
}

// copyRow copies row y of an image with zeros on both sides.
func (r *firstRun) copyRow(to, image []float32, y int) {
	if y < 0 || y >= r.g.Height {
		clear(to)
		return
	}
	before := min(r.g.Pad[1], len(to))
	n := copy(to[before:], image[y*r.g.Width:(y+1)*r.g.Width])
	clear(to[:before])
	clear(to[before+n:])
}

// firstArgs are the pixels of a row, channels of a panel, and floats from one
// pixel of the output to the next, from one padded row to the next and from what
// one pixel meets to what the next one does.
type firstArgs struct {
	pixels, columns   int
	pixel, line, step int
	least, most       float32
}

// firstRowGeneric computes a row of the output, that is, not more than 32 channels
// of each of its pixels: the bias and the sum over the kernel, held within bounds.
func firstRowGeneric(to, from []float32, weights *[firstPanel]float32,
	bias *[kernel.PanelColumns]float32, a firstArgs) {
	for i := range a.pixels {
		sums := *bias
		for tap := range firstSide * firstSide {
			v := from[i*a.step+tap/firstSide*a.line+tap%firstSide]
			for k, w := range weights[tap*kernel.PanelColumns:][:kernel.PanelColumns] {
				sums[k] += v * w
			}
		}
		for k, v := range sums[:a.columns] {
			to[i*a.pixel+k] = max(a.least, min(a.most, v))
		}
	}
}
