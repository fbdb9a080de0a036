package depthwise

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// lane is the channels of the widest register; packed kernels have whole ones.
	lane = 16
	// blockChannels is how many channels are taken at a time: few enough for the
	// rows of a few pixels that a kernel spans to stay in the first cache.
	blockChannels = 192
	// stripFloats bounds what a strip reads of a row, so that the rows stay there.
	stripFloats = 16384
	// bandFloats bounds what a unit of work writes, from below and above.
	minBandFloats, maxBandFloats = 1 << 12, 1 << 15
)

// pass computes To from From, either a convolution or its gradient: the rows
// and columns fall into parts, each with the elements of the kernel that it
// sees.
type pass struct {
	g             conv.Geometry
	from, to      [2]int // heights and widths
	rows, columns []axis
	weights       [][]int // where the packed weights of a part begin, by row and column
	size          int     // of the packed weights
	padded        int     // channels, in whole lanes
	blocks, block int     // of channels
	bands         int     // of rows of To
	strip         int     // columns of To at a time
}

func newPass(g conv.Geometry, from, to [2]int,
	axes func(g conv.Geometry, dimension, from, to int) []axis) *pass {
	p := &pass{g: g, from: from, to: to,
		rows: axes(g, 0, from[0], to[0]), columns: axes(g, 1, from[1], to[1]),
		padded: (g.In + lane - 1) / lane * lane}
	p.weights = make([][]int, len(p.rows))
	for i, row := range p.rows {
		for _, column := range p.columns {
			p.weights[i] = append(p.weights[i], p.size)
			p.size += row.taps * column.taps * p.padded
		}
	}
	p.blocks, p.block = cutChannels(g.In)
	p.bands = cutRows(to[0], to[1]*g.In, to[1]*p.block)
	group := tileWidth * len(p.columns)
	perGroup := tileWidth * p.columns[0].stride * p.block
	p.strip = max(stripFloats/perGroup, 1) * group
	return p
}

// cutChannels returns into how many blocks channels are cut, and how long they
// are.
func cutChannels(channels int) (blocks, block int) {
	blocks = (channels + blockChannels - 1) / blockChannels
	block = ((channels+blocks-1)/blocks + lane - 1) / lane * lane
	return (channels + block - 1) / block, block
}

// cutRows returns into how many bands the rows of an image are cut, of which
// row floats are in a row and unit in that of a block.
func cutRows(rows, row, unit int) int {
	floats := min(max(rows*row/lane, minBandFloats), maxBandFloats)
	return (rows*unit + floats - 1) / floats
}

func (p *pass) PackedSize() int { return p.size }

func (p *pass) Workspace(batch, workers int) int { return 0 }

func (p *pass) Pack(_ *parallel.Team, packed, weights []float32) {
	channels := p.g.In
	_, weights = packed[:p.size], weights[:p.g.WeightSize()]
	for i, row := range p.rows {
		for j, column := range p.columns {
			to := packed[p.weights[i][j]:]
			for tap := range row.taps * column.taps {
				y := row.from + tap/column.taps*row.by
				x := column.from + tap%column.taps*column.by
				to := to[tap*p.padded:][:p.padded]
				n := copy(to, weights[(y*p.g.Kernel[1]+x)*channels:][:channels])
				clear(to[n:])
			}
		}
	}
}

// passRun is a run of a pass.
type passRun struct {
	*pass
	conv.Call
}

var runUnits = parallel.NewTask(func(r *passRun, _, lo, hi int) {
	for i := lo; i < hi; i++ {
		r.unit(i)
	}
})

func (p *pass) Run(team *parallel.Team, c conv.Call) {
	channels := p.g.In
	fromSize, toSize := p.from[0]*p.from[1]*channels, p.to[0]*p.to[1]*channels
	c.From, c.To = c.From[:c.Batch*fromSize], c.To[:c.Batch*toSize]
	c.Packed = c.Packed[:p.size]
	if c.Epilogue.Bias != nil {
		c.Epilogue.Bias = c.Epilogue.Bias[:channels]
	}
	if c.Epilogue.Residual != nil {
		c.Epilogue.Residual = c.Epilogue.Residual[:c.Batch*toSize]
	}
	runUnits.Run(team, c.Batch*p.bands*p.blocks, 1, passRun{p, c})
}

// unit computes a block of channels of a band of rows of an image.
func (r *passRun) unit(i int) {
	block, band, image := i%r.blocks, i/r.blocks%r.bands, i/r.blocks/r.bands
	first, last := band*r.to[0]/r.bands, (band+1)*r.to[0]/r.bands
	for x := 0; x < r.to[1]; x += r.strip {
		for y := first; y < last; y++ {
			for part := range r.columns {
				r.part(image, block, y, part, x, min(x+r.strip, r.to[1]))
			}
		}
	}
}

// part computes those columns [x0,x1) of row y that belong to a part.
func (r *passRun) part(image, block, y, part, x0, x1 int) {
	channels := r.g.In
	c := block * r.block
	rows, columns := &r.rows[y%len(r.rows)], &r.columns[part]
	row := y / len(r.rows)
	lo, hi := rows.valid(row)
	place := ((image*r.to[0]+y)*r.to[1]+columns.first)*channels + c
	at := image*r.from[0] + row*rows.stride + lo*rows.dilation - rows.pad
	s := strip{
		columns: columns, channels: min(r.block, channels-c), rows: hi - lo,
		from: r.From, at: at*r.from[1]*channels + c, rowIn: rows.dilation * r.from[1] * channels,
		pixelIn: channels, to: r.To, place: place, pixelOut: columns.step * channels,
		tap: r.padded, residual: r.Epilogue.Residual,
	}
	if columns.taps == 0 {
		s.rows = 0
	}
	if s.rows > 0 {
		s.weights = r.Packed[r.weights[y%len(r.rows)][part]+lo*columns.taps*r.padded+c:]
	}
	s.first, s.last = columns.between(x0, x1)
	if r.Epilogue.Bias != nil {
		s.bias = r.Epilogue.Bias[c:]
	}
	s.lower, s.upper = bounds(r.Epilogue)
	s.forward()
}
