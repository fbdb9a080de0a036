package winograd

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// sharedFloats bounds the transformed tiles that stay in the last cache.
	sharedFloats = 1 << 21
	// sharedSums bounds the sums that a worker has at a time, sharedKernel the
	// part of the transformed kernel: both stay in the second cache.
	sharedSums   = 1 << 17
	sharedKernel = 1 << 17
	// fetchTiles is how many tiles a worker transforms at a time.
	fetchTiles = 4
)

// shared is a pass that transforms many tiles, and then lets each worker make
// panels of the output of all of them, the kernel being transformed as it is
// needed.
type shared struct {
	*pass
	total  int // tiles of the batch
	tiles  int // of a chunk
	blocks int // of the stack whose sums a worker has at a time
	lines  int // of the kernel that are transformed at a time

	call    conv.Call
	first   int // tile of the chunk
	stack   stack
	own     []float32 // memory of the workers
	ownSize int
}

func (p *pass) planShared(batch int) shared {
	s := shared{pass: p, total: batch * p.grid.tiles()}
	rows := blockRows()
	chunks := 1 + (s.total*p.points()*p.depth*lanes-1)/sharedFloats
	s.tiles = max((s.total+chunks-1)/chunks, min(rows, s.total))
	s.blocks = max(sharedSums/(p.sumsRow()*rows), 1)
	s.lines = max(min(sharedKernel/p.kernelSize(1), p.depth), 1)
	s.stack = newStack(s.tiles, rows, p.depth)
	s.ownSize = room(p.kernelSize(s.lines)) + room(s.blocks*rows*p.sumsRow()) +
		room(p.scratchSize())
	return s
}

func (s *shared) workspace(workers int) int {
	return room(s.stack.size(s.points())) + workers*s.ownSize
}

var (
	sharedFetch = parallel.NewTask(func(s *shared, worker, lo, hi int) {
		memory := arena(s.own[worker*s.ownSize:])
		scratch := memory.take(s.scratchSize())
		for at := lo; at < hi; at++ {
			s.fetch(&s.stack, at, s.call.From, s.first+at, scratch)
		}
	})
	sharedPanels = parallel.NewTask(func(s *shared, worker, lo, hi int) {
		parts := (s.stack.blocks() + s.blocks - 1) / s.blocks
		for i := lo; i < hi; i++ {
			s.panel(worker, i/parts, i%parts*s.blocks)
		}
	})
)

func (s *shared) run(team *parallel.Team, c conv.Call) {
	memory := arena(c.Workspace)
	s.call = c
	data := memory.take(s.stack.size(s.points()))
	s.own = memory
	for s.first = 0; s.first < s.total; s.first += s.tiles {
		s.stack = newStack(min(s.tiles, s.total-s.first), blockRows(), s.depth)
		s.stack.data = data
		sharedFetch.Run(team, s.stack.tiles, fetchTiles, *s)
		parts := (s.stack.blocks() + s.blocks - 1) / s.blocks
		sharedPanels.Run(team, s.panels*parts, 1, *s)
	}
}

// panel makes a panel of the output of some blocks of the stack.
func (s *shared) panel(worker, number, first int) {
	memory := arena(s.own[worker*s.ownSize : (worker+1)*s.ownSize])
	kernel := memory.take(s.kernelSize(s.lines))
	blocks := [2]int{first, min(first+s.blocks, s.stack.blocks())}
	lo, hi := first*s.stack.rows, min(blocks[1]*s.stack.rows, s.stack.tiles)
	sums := memory.take((hi - lo) * s.sumsRow())
	scratch := memory.take(s.scratchSize())
	bias, scratch := scratch[:panel], scratch[panel:]
	for line := 0; line < s.depth; line += s.lines {
		lines := [2]int{line, min(line+s.lines, s.depth)}
		s.makeKernel(kernel, s.call.Packed, number, lines[0], lines[1])
		for point := range s.points() {
			s.stack.multiply(point, blocks, lines, kernel[point*s.kernelPoint(lines[1]-lines[0]):],
				sums[point*panel:], s.sumsRow(), line > 0)
		}
	}
	t := newTarget(&s.call, s.to, number, bias)
	for at := lo; at < hi; at++ {
		s.put(&t, s.first+at, sums[(at-lo)*s.sumsRow():], scratch)
	}
}
