package winograd

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// sharedFloats bounds the transformed tiles that stay in the last cache.
	sharedFloats = 1 << 21
	// sharedSums bounds the sums that a worker has at a time: they stay in the
	// second cache.
	sharedSums = 1 << 16
	// sharedTasks is how many pieces of work a chunk has at least, where the
	// tiles allow: each transforms the kernel of its panel anew.
	sharedTasks = 8
	// fetchTiles is how many tiles a worker transforms at a time.
	fetchTiles = 4
)

// shared is a pass that transforms many tiles, and then lets each worker make
// panels of the output of all of them, having transformed the panel's kernel.
type shared struct {
	*pass
	total  int // tiles of the batch
	tiles  int // of a chunk
	blocks int // of the stack whose sums a worker has at a time

	call    conv.Call
	first   int // tile of the chunk
	stack   stack
	parts   int       // pieces of work that a panel is
	own     []float32 // memory of the workers
	ownSize int
}

func (p *pass) planShared(batch int) shared {
	s := shared{pass: p, total: batch * p.grid.tiles()}
	rows := blockRows()
	chunks := 1 + (s.total*p.points()*p.depth*lanes-1)/sharedFloats
	s.tiles = max((s.total+chunks-1)/chunks, min(rows, s.total))
	s.blocks = max(sharedSums/(p.sumsRow()*rows), 1)
	s.stack = newStack(s.tiles, rows, p.depth)
	s.ownSize = room(p.kernelSize()) + room(s.blocks*rows*p.sumsRow()) + room(p.scratchSize())
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
		for i := lo; i < hi; i++ {
			part, blocks := i%s.parts, s.stack.blocks()
			s.panel(worker, i/s.parts, part*blocks/s.parts, (part+1)*blocks/s.parts)
		}
	})
)

func (s *shared) run(team *parallel.Team, c conv.Call) {
	memory := newArena(c.Workspace, s.workspace(team.Size()))
	s.call = c
	data := memory.take(s.stack.size(s.points()))
	s.own = memory
	for s.first = 0; s.first < s.total; s.first += s.tiles {
		s.stack = newStack(min(s.tiles, s.total-s.first), blockRows(), s.depth)
		s.stack.data = data
		sharedFetch.Run(team, s.stack.tiles, fetchTiles, *s)
		s.parts = min((sharedTasks+s.panels-1)/s.panels, s.stack.blocks())
		sharedPanels.Run(team, s.panels*s.parts, 1, *s)
	}
}

// panel makes a panel of the output of the stack's blocks [first,last).
func (s *shared) panel(worker, number, first, last int) {
	memory := arena(s.own[worker*s.ownSize : (worker+1)*s.ownSize])
	kernel := memory.take(s.kernelSize())
	sums := memory.take(s.blocks * s.stack.rows * s.sumsRow())
	scratch := memory.take(s.scratchSize())
	bias, scratch := scratch[:panel], scratch[panel:]
	s.makeKernel(kernel, s.call.Packed, number)
	t := newTarget(&s.call, s.to, number, bias)
	for ; first < last; first += s.blocks {
		to := min(first+s.blocks, last)
		s.makeSums(&s.stack, first, to, kernel, sums)
		lo, hi := first*s.stack.rows, min(to*s.stack.rows, s.stack.tiles)
		for at := lo; at < hi; at++ {
			s.put(&t, s.first+at, sums[(at-lo)*s.sumsRow():], scratch)
		}
	}
}
