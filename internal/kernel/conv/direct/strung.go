package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// canBeStrung tells whether pairs of bfloat16 may take what lies side by side,
// whichever channels it is of: where there are so few channels that pairs of them
// would leave many halves empty, and pixels of the output start at whole pairs.
func canBeStrung(g *conv.Geometry) bool {
	return g.In < fewChannels && g.Groups == 1 && g.Dilation[1] == 1 && g.Kernel[1] > 1 &&
		g.Stride[1]*g.In%2 == 0
}

// newStrung returns a forward pass that takes a row of the kernel for one element
// of kernel[1]*in channels. What a pixel meets of a row starts stride*in values
// behind that of the pixel before it, and mostly is the same. The last of an odd
// number of values is paired with the one behind it, whose weight is zero: so only
// where that is infinite, or not a number, there is more of it in the output.
func newStrung(g conv.Geometry) conv.Pass {
	row := g
	row.Kernel[1], row.Stride[1], row.In = 1, 1, g.Kernel[1]*g.In
	p := &pass{g: row, isPaired: true, step: g.Stride[1] * g.In / 2, margin: g.Pad[1] * g.In}
	p.from = side{g.Height, g.Width, g.In, row.In}
	p.to.height, p.to.width = g.Output()
	p.to.channels, p.to.group = g.Out, g.Out
	p.rows = forwardAxis(&g, 0, p.to.height)
	p.columns = []axis{{apart: 1, count: p.to.width, stride: 1, taps: []int{0}, offsets: []int{0}}}
	p.plan()
	return p
}

// copyStrung copies a row of the input with zeros on both sides.
func (p *pass) copyStrung(to, from []float32) {
	before := min(p.margin, 2*len(to))
	from = from[:min(p.from.width*p.from.channels, 2*len(to)-before)]
	clear(to[:before/2])
	to = to[before/2:]
	if before%2 == 1 && len(from) > 0 {
		kernel.PackPairs(to[:1], []float32{0, from[0]})
		to, from = to[1:], from[1:]
	}
	n := (len(from) + 1) / 2
	kernel.PackPairs(to[:n], from)
	clear(to[n:])
}
