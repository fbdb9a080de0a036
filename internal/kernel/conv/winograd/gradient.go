package winograd

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// gradientFloats bounds the transformed tiles of input and output's gradient
	// that stay in the last cache.
	gradientFloats = 1 << 21
	// gradientTiles is how many tiles are taken at a time at least: the weights
	// are read and written for each chunk.
	gradientTiles = 64
	// gradientLines is how many lines of 16 channels of the input a worker takes
	// at a time: their sums with a panel stay in the second cache.
	gradientLines = 4
	// biasPixels is how many pixels are summed at a time.
	biasPixels = 1 << 10
)

// gradient computes the gradient of the weights, chunk by chunk of tiles: both
// images are transformed, then each worker makes the sums of some channels at
// all points and transforms them back.
type gradient struct {
	grid
	in, out       int // channels
	depth, panels int // lines of the input's channels, panels of the output's
}

// NewWeightGradient returns the gradient of the weights of a convolution that
// Fits, in tiles of 2x2 or 4x4 pixels of the output.
func NewWeightGradient(g conv.Geometry, tile int) conv.Gradient {
	g = fitting(g)
	return &gradient{grid: newGrid(basisOf(tile), g.Height, g.Width, g.Pad), in: g.In, out: g.Out,
		depth: (g.In + lanes - 1) / lanes, panels: (g.Out + panel - 1) / panel}
}

// gradientRun is what one run works with.
type gradientRun struct {
	*gradient
	total, tiles  int // of the batch, and of a chunk
	lines         int // of the input that a worker takes at a time
	input, output stack
	first         int // tile of the chunk
	call          conv.GradientCall
	biases        []float32 // of each piece of pixels
	own           []float32 // memory of the workers
	ownSize       int
}

func (g *gradient) plan(batch int) gradientRun {
	r := gradientRun{gradient: g, total: batch * g.grid.tiles()}
	outDepth := g.panels * panel / lanes
	most := max(gradientFloats/(g.points()*(g.depth+outDepth)*lanes), gradientTiles)
	chunks := (r.total + most - 1) / most
	r.tiles = (r.total + chunks - 1) / chunks
	r.lines = min(gradientLines, g.depth)
	r.input = newStack(r.tiles, r.tiles, g.depth)
	r.output = newStack(r.tiles, r.tiles, outDepth)
	r.ownSize = room(g.points()*r.sumsPoint()) + room(max(g.points()*max(g.depth, outDepth)*lanes,
		taps*r.lines*lanes*lanes))
	return r
}

// sumsPoint returns the floats of a worker's sums at a point.
func (r *gradientRun) sumsPoint() int { return r.lines*lanes*panel + panel }

// pieces returns into how many pieces pixels are cut for the biases.
func (r *gradientRun) pieces() int {
	pixels := r.call.Batch * r.outHeight * r.outWidth
	return (pixels + biasPixels - 1) / biasPixels
}

// Workspace returns the floats that Run needs.
func (g *gradient) Workspace(batch, workers int) int {
	if batch < 1 {
		return 0
	}
	r := g.plan(batch)
	r.call.Batch = batch
	return room(r.input.size(g.points())) + room(r.output.size(g.points())) +
		room(r.pieces()*g.out) + workers*r.ownSize
}

// Run computes the gradient.
func (g *gradient) Run(team *parallel.Team, c conv.GradientCall) {
	if c.Batch < 1 {
		clear(c.Weights[:taps*g.in*g.out])
		clear(c.Bias)
		return
	}
	r := g.plan(c.Batch)
	r.call = c
	memory := newArena(c.Workspace, g.Workspace(c.Batch, team.Size()))
	input := memory.take(r.input.size(g.points()))
	output := memory.take(r.output.size(g.points()))
	r.biases = memory.take(r.pieces() * g.out)
	r.own = memory
	for ; r.first < r.total; r.first += r.tiles {
		tiles := min(r.tiles, r.total-r.first)
		r.input, r.output = newStack(tiles, tiles, r.input.depth), newStack(tiles, tiles, r.output.depth)
		r.input.data, r.output.data = input, output
		gradientFetch.Run(team, tiles, fetchTiles, r)
		parts := (g.depth + r.lines - 1) / r.lines
		gradientSums.Run(team, parts*g.panels, 1, r)
	}
	if c.Bias != nil {
		gradientBias.Run(team, r.pieces(), 1, r)
		clear(c.Bias[:g.out])
		kernel.AddRows(c.Bias[:g.out], r.biases)
	}
}

var (
	gradientFetch = parallel.NewTask(func(r *gradientRun, worker, lo, hi int) {
		for at := lo; at < hi; at++ {
			r.fetch(worker, at)
		}
	})
	gradientSums = parallel.NewTask(func(r *gradientRun, worker, lo, hi int) {
		parts := (r.depth + r.lines - 1) / r.lines
		for i := lo; i < hi; i++ {
			r.sum(worker, i%parts*r.lines, i/parts)
		}
	})
	gradientBias = parallel.NewTask(func(r *gradientRun, _, lo, hi int) {
		pixels := r.call.Batch * r.outHeight * r.outWidth
		for i := lo; i < hi; i++ {
			sum := r.biases[i*r.out : (i+1)*r.out]
			clear(sum)
			last := min((i+1)*biasPixels, pixels)
			kernel.AddRows(sum, r.call.Output[i*biasPixels*r.out:last*r.out])
		}
	})
)

// fetch transforms a tile of both images.
func (r *gradientRun) fetch(worker, at int) {
	memory := arena(r.own[worker*r.ownSize : (worker+1)*r.ownSize])
	memory.take(r.points() * r.sumsPoint())
	scratch := memory.take(r.points() * max(r.depth, r.output.depth) * lanes)
	sample, y, x := r.place(r.first + at)
	size := r.height * r.width * r.in
	w := window{image: r.call.Input[sample*size : (sample+1)*size], height: r.height,
		width: r.width, channels: r.in, y: y - r.pad[0], x: x - r.pad[1], side: r.side}
	src, count := w.view(scratch)
	r.transformInput(r.input.view(at, r.side), src, count)

	size = r.outHeight * r.outWidth * r.out
	w = window{image: r.call.Output[sample*size : (sample+1)*size], height: r.outHeight,
		width: r.outWidth, channels: r.out, y: y, x: x, side: r.tile}
	src, count = w.view(scratch)
	r.spreadGradient(r.output.view(at, r.side), src, count)
}

// sum makes the gradient of some lines of the input's channels with a panel of
// the output's.
func (r *gradientRun) sum(worker, line, number int) {
	memory := arena(r.own[worker*r.ownSize : (worker+1)*r.ownSize])
	sums := memory.take(r.points() * r.sumsPoint())
	lines := min(r.lines, r.depth-line)
	block := r.input.tiles * lanes
	for point := range r.points() {
		in := r.input.data[point*r.input.point+line*block:]
		out := r.output.data[point*r.output.point+number*panel/lanes*block:]
		p := outer{a: in, b: [2][]float32{out, out[block:]}, c: sums[point*r.sumsPoint():],
			aBlock: block, cRow: panel, depth: r.input.tiles, blocks: lines}
		p.run()
		if tap := point * taps / r.points(); tap < (point+1)*taps/r.points() {
			r.ask(tap, line*lanes, number*panel)
		}
	}
	scratch := memory.take(taps * r.lines * lanes * lanes)
	for half := range panel / lanes {
		first := number*panel + half*lanes
		if first < r.out {
			r.gather(sums[half*lanes:], scratch, line*lanes, min(lines*lanes, r.in-line*lanes), first)
		}
	}
}

// ask asks for the memory of an element of the kernel, of the channels from in
// and out on: it comes while products are made.
func (r *gradientRun) ask(tap, in, out int) {
	channels := min(r.lines*lanes, r.in-in)
	askRows(r.call.Weights[(tap*r.in+in)*r.out+out:], r.out, channels, min(panel, r.out-out))
}

// gather makes the gradient of the weights from channels of the input to 16 of
// the output, the first of each being given.
func (r *gradientRun) gather(sums, scratch []float32, in, channels, out int) {
	point := r.sumsPoint()
	src := view{data: sums, row: r.side * point, column: point, step: panel}
	tap := r.in * r.out
	dst := view{data: r.call.Weights[in*r.out+out:], row: 3 * tap, column: tap, step: r.out}
	add := r.first > 0
	if r.out-out >= lanes {
		r.gatherGradient(dst, src, channels, add)
		return
	}
	part := view{data: scratch, row: 3 * channels * lanes, column: channels * lanes, step: lanes}
	r.gatherGradient(part, src, channels, false)
	for i := range taps * channels {
		to := dst.data[i/channels*tap+i%channels*r.out:][:r.out-out]
		from := scratch[i*lanes:]
		for j := range to {
			if add {
				to[j] += from[j]
			} else {
				to[j] = from[j]
			}
		}
	}
}
