package winograd

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// fusedFloats are of transformed tiles what a worker has at a time, or twice
	// as much for two blocks of a product: with their sums, and with what is asked
	// of memory meanwhile, they stay in the second cache.
	fusedFloats = 1 << 16
	// fusedKernel bounds the transformed kernel, which workers read for each
	// block of tiles anew.
	fusedKernel = 1 << 20
	// fewestBlocks are made of a batch, however small, where tiles allow.
	fewestBlocks = 16
)

// fused is a pass that takes each block of tiles through all of it: input,
// products with all panels of the kernel, output.
type fused struct {
	*pass
	total int // tiles of the batch
	tiles int // of a block

	call    conv.Call
	kernels []float32 // transformed
	own     []float32 // memory of the workers
	ownSize int
}

// isShared tells whether transformed tiles are shared by the workers.
func (p *pass) isShared() bool {
	return p.panels*p.kernelSize(p.depth) > fusedKernel ||
		2*blockRows()*p.points()*p.depth*lanes > 2*fusedFloats
}

func (p *pass) planFused(batch int) fused {
	f := fused{pass: p, total: batch * p.grid.tiles()}
	rows := blockRows()
	most := fusedFloats / (p.points() * p.depth * lanes) / rows * rows
	f.tiles = max(min(f.total/fewestBlocks/rows*rows, max(most, 2*rows)), rows)
	s := newStack(f.tiles, rows, p.depth)
	f.ownSize = room(s.size(p.points())) + room(f.tiles*p.sumsRow()) + room(p.scratchSize())
	return f
}

func (f *fused) kernelsSize() int { return f.panels * f.kernelSize(f.depth) }

func (f *fused) workspace(workers int) int {
	return room(f.kernelsSize()) + workers*f.ownSize
}

var (
	fusedKernels = parallel.NewTask(func(f *fused, _, lo, hi int) {
		for i := lo; i < hi; i++ {
			size := f.kernelSize(f.depth)
			f.makeKernel(f.kernels[i*size:], f.call.Packed, i, 0, f.depth)
		}
	})
	fusedBlocks = parallel.NewTask(func(f *fused, worker, lo, hi int) {
		for i := lo; i < hi; i++ {
			f.block(worker, i*f.tiles, min((i+1)*f.tiles, f.total))
		}
	})
)

func (f *fused) run(team *parallel.Team, c conv.Call) {
	memory := newArena(c.Workspace, f.workspace(team.Size()))
	f.call, f.kernels = c, memory.take(f.kernelsSize())
	f.own = memory
	fusedKernels.Run(team, f.panels, 1, *f)
	blocks := (f.total + f.tiles - 1) / f.tiles
	fusedBlocks.Run(team, blocks, max(blocks/fewestBlocks, 1), *f)
}

// block makes the output of the tiles [lo,hi).
func (f *fused) block(worker, lo, hi int) {
	memory := arena(f.own[worker*f.ownSize : (worker+1)*f.ownSize])
	s := newStack(hi-lo, blockRows(), f.depth)
	s.data = memory.take(s.size(f.points()))
	sums := memory.take((hi - lo) * f.sumsRow())
	scratch := memory.take(f.scratchSize())
	bias, scratch := scratch[:panel], scratch[panel:]
	for tile := lo; tile < hi; tile++ {
		f.fetch(&s, tile-lo, f.call.From, tile, scratch)
	}
	for n := range f.panels {
		kernel := f.kernels[n*f.kernelSize(f.depth):]
		for point := range f.points() {
			s.multiply(point, s.all(), kernel[point*kernelPoint(f.depth):], sums[point*panel:],
				f.sumsRow())
			f.ask(lo, hi, n*f.points()+point)
		}
		t := newTarget(&f.call, f.to, n, bias)
		for tile := lo; tile < hi; tile++ {
			f.put(&t, tile, sums[(tile-lo)*f.sumsRow():], scratch)
		}
	}
}

// ask asks for the memory of a part of the tiles [lo,hi) of the output and of
// the input that the tiles behind them read first, as one of as many parts as
// products are made: memory works while the processor multiplies.
func (f *fused) ask(lo, hi, part int) {
	parts, tiles := f.panels*f.points(), hi-lo
	for i := part * tiles / parts; i < (part+1)*tiles/parts; i++ {
		sample, y, x := f.place(lo + i)
		size := f.outHeight * f.outWidth * f.to
		w := window{image: f.call.To[sample*size : (sample+1)*size], height: f.outHeight,
			width: f.outWidth, channels: f.to, y: y, x: x, side: f.tile}
		w.ask()
		if hi+i >= f.total {
			continue
		}
		sample, y, x = f.place(hi + i)
		size = f.height * f.width * f.from
		w = window{image: f.call.From[sample*size : (sample+1)*size], height: f.height,
			width: f.width, channels: f.from, y: y + 2 - f.pad[0], x: x + 2 - f.pad[1], side: f.tile}
		w.ask()
	}
}
