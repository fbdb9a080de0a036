// Package pool takes maxima and means over windows of images, and normalises
// pixels over their channels.
//
// Images (N, H, W, C) flow in and out as slices of float32. A Geometry says
// how windows slide; what they do at the borders is what PyTorch does:
//
//	p := pool.New(pool.Geometry{Height: 112, Width: 112, Channels: 64,
//		Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pad: [2]int{1, 1}})
//	places := make([]uint8, batch*p.PlaceSize())
//	p.Max(team, batch, to, places, from)
//	p.MaxGradient(team, batch, gradientOfFrom, gradientOfTo, places, false)
//
// Gradients are gathered by rows of the input rather than scattered, so that
// rows can be computed at the same time and sums always run in one order.
package pool

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

//go:generate go run -C _asm . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg pool

// A Geometry says which windows are meant. Pairs are height and width; zeros
// stand for a stride of Kernel, no pad and a dilation of 1.
type Geometry struct {
	Height, Width, Channels       int
	Kernel, Stride, Pad, Dilation [2]int
	// Ceil lets the last window leave the padded image on the far side, if it
	// begins before that side's padding.
	Ceil bool
	// ExcludePad keeps padding out of the means' count.
	ExcludePad bool
}

// WithDefaults returns g with defaults in place of zeros.
func (g Geometry) WithDefaults() Geometry {
	for i := range 2 {
		if g.Stride[i] == 0 {
			g.Stride[i] = g.Kernel[i]
		}
		g.Dilation[i] = max(g.Dilation[i], 1)
	}
	return g
}

// Check returns what is wrong with the geometry.
func (g Geometry) Check() error {
	g = g.WithDefaults()
	sides := [2]int{g.Height, g.Width}
	for i, side := range [2]string{"height", "width"} {
		k, pad := g.Kernel[i], g.Pad[i]
		if k < 1 || g.Stride[i] < 1 || pad < 0 {
			return fmt.Errorf("%s has kernel %d, stride %d, pad %d", side, k, g.Stride[i], pad)
		}
		if 2*pad > k {
			return fmt.Errorf("expects a pad of at most half the window's %s %d, but got %d",
				side, k, pad)
		}
		room := sides[i] + 2*pad
		if g.Ceil {
			room += g.Stride[i] - 1
		}
		if span := (k-1)*g.Dilation[i] + 1; room < span {
			return fmt.Errorf("a window of %s %d does not fit %d pixels with pad %d",
				side, span, sides[i], pad)
		}
	}
	return nil
}

// Output returns the height and width of the output.
func (g Geometry) Output() (height, width int) {
	g = g.WithDefaults()
	out := func(side, i int) int {
		room := side + 2*g.Pad[i] - (g.Kernel[i]-1)*g.Dilation[i] - 1
		if !g.Ceil {
			return room/g.Stride[i] + 1
		}
		n := (room+g.Stride[i]-1)/g.Stride[i] + 1
		if (n-1)*g.Stride[i] >= side+g.Pad[i] {
			n--
		}
		return n
	}
	return out(g.Height, 0), out(g.Width, 1)
}

// A Pool computes maxima and means over the windows of images, and their
// gradients. It may be used by several goroutines. Nothing it does allocates,
// and bits do not depend on the threads.
type Pool struct {
	channels      int
	rows, columns axis
	ahead, back   cut
}

// New returns the pooling of a geometry. It panics where the geometry is wrong.
func New(g Geometry) *Pool {
	if err := g.Check(); err != nil {
		panic("pool: " + err.Error())
	}
	g = g.WithDefaults()
	height, width := g.Output()
	return newPool(g.Channels, slidingAxis(g, 0, g.Height, height),
		slidingAxis(g, 1, g.Width, width))
}

// NewAdaptive returns the pooling of an image to a given height and width:
// window i of n over a side begins at floor(i*side/n) and ends before
// ceil((i+1)*side/n). It panics where a side is below 1.
func NewAdaptive(height, width, channels, toHeight, toWidth int) *Pool {
	if min(height, width, channels, toHeight, toWidth) < 1 {
		panic(fmt.Sprintf("pool: %dx%d pixels to %dx%d", height, width, toHeight, toWidth))
	}
	return newPool(channels, adaptiveAxis(height, toHeight), adaptiveAxis(width, toWidth))
}

func newPool(channels int, rows, columns axis) *Pool {
	p := &Pool{channels: channels, rows: rows, columns: columns}
	p.columns.limit(max(maxTaps/(rows.taps*columns.taps), 1))
	pixels := len(columns.windows) * columns.taps
	p.ahead = newCut(pixels*rows.taps, channels)
	p.back = newCut(max(pixels, columns.side), channels)
	return p
}

// FromSize returns the floats of one image.
func (p *Pool) FromSize() int { return p.rows.side * p.columns.side * p.channels }

// ToSize returns the floats of one image's output.
func (p *Pool) ToSize() int {
	return len(p.rows.windows) * len(p.columns.windows) * p.channels
}

// PlaceSize returns the bytes that tell for one image where its maxima lie. It
// panics where two bytes cannot tell the pixels of a window apart.
func (p *Pool) PlaceSize() int {
	if p.rows.taps*p.columns.taps > 1<<16 {
		panic(fmt.Sprintf("pool: places in a window of %dx%d pixels", p.rows.taps, p.columns.taps))
	}
	if p.isLarge() {
		return 2 * p.ToSize()
	}
	return p.ToSize()
}

// isLarge tells whether a byte is too little for a place in a window.
func (p *Pool) isLarge() bool { return p.rows.taps*p.columns.taps > 1<<8 }

// operands are the memory of a run.
type operands struct {
	*Pool
	to, from []float32
	places   []uint8
	batch    int
	adds     bool
}

var (
	maxRows = parallel.NewTask(func(o *operands, _, lo, hi int) {
		for unit := lo; unit < hi; unit++ {
			o.maxRow(unit)
		}
	})
	meanRows = parallel.NewTask(func(o *operands, _, lo, hi int) {
		for unit := lo; unit < hi; unit++ {
			o.meanRow(unit)
		}
	})
	maxGradientRows = parallel.NewTask(func(o *operands, _, lo, hi int) {
		for unit := lo; unit < hi; unit++ {
			o.maxGradientRow(unit)
		}
	})
	meanGradientRows = parallel.NewTask(func(o *operands, _, lo, hi int) {
		for unit := lo; unit < hi; unit++ {
			o.meanGradientRow(unit)
		}
	})
)

// Max computes the maxima of a batch. Where places is not nil, it is told there
// which pixel of its window each came from: the first of equal ones, the last
// that is not a number where there is one.
func (p *Pool) Max(team *parallel.Team, batch int, to []float32, places []uint8, from []float32) {
	o := p.forward(batch, to, from)
	if places != nil {
		o.places = places[:batch*p.PlaceSize()]
	}
	maxRows.Run(team, batch*len(p.rows.windows)*p.ahead.blocks, p.ahead.grain, o)
}

// Mean computes the means of a batch.
func (p *Pool) Mean(team *parallel.Team, batch int, to, from []float32) {
	meanRows.Run(team, batch*len(p.rows.windows)*p.ahead.blocks, p.ahead.grain,
		p.forward(batch, to, from))
}

// MaxGradient computes the gradient of the input of Max from that of its
// output and the places. Where it adds, it does so to what is in to.
func (p *Pool) MaxGradient(team *parallel.Team, batch int, to, from []float32, places []uint8,
	adds bool) {
	o := p.backward(batch, to, from, adds)
	o.places = places[:batch*p.PlaceSize()]
	maxGradientRows.Run(team, batch*p.rows.side*p.back.blocks, p.back.grain, o)
}

// MeanGradient computes the gradient of the input of Mean from that of its
// output. Where it adds, it does so to what is in to.
func (p *Pool) MeanGradient(team *parallel.Team, batch int, to, from []float32, adds bool) {
	meanGradientRows.Run(team, batch*p.rows.side*p.back.blocks, p.back.grain,
		p.backward(batch, to, from, adds))
}

func (p *Pool) forward(batch int, to, from []float32) operands {
	return operands{p, to[:batch*p.ToSize()], from[:batch*p.FromSize()], nil, batch, false}
}

func (p *Pool) backward(batch int, to, from []float32, adds bool) operands {
	return operands{p, to[:batch*p.FromSize()], from[:batch*p.ToSize()], nil, batch, adds}
}
