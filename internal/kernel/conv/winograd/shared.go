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
	// sharedKernel bounds what a worker has of the transformed kernel of a panel
	// where it is used for no more than sharedTiles: it stays there as well. More of
	// them are worth fetching a whole panel from the last cache.
	sharedKernel = 1 << 17
	sharedTiles  = 28
	// sharedTasks is how many pieces of work a chunk has at least, where the
	// tiles allow: each transforms the kernel of its panel anew.
	sharedTasks = 8
	// fetchTiles is how many tiles a worker transforms at a time, at most.
	fetchTiles = 4
)

// shared is a pass that transforms many tiles, and then lets each worker make
// panels of the output of all of them, having transformed the panel's kernel.
type shared struct {
	*pass
	total  int // tiles of the batch
	tiles  int // of a chunk
	rows   int // of a block, at most
	blocks int // of the stack whose sums a worker has at a time
	lines  int // of 16 channels, of the kernel that it has; 0 for few tiles

	call    conv.Call
	first   int // tile of the chunk
	stack   stack
	workers int
	parts   int       // pieces of work that a panel is
	own     []float32 // memory of the workers
	ownSize int
}

func (p *pass) planShared(batch int) shared {
	s := shared{pass: p, total: batch * p.grid.tiles()}
	rows := blockRows()
	chunks := 1 + (s.total*p.points()*p.depth*lanes-1)/sharedFloats
	s.tiles = max((s.total+chunks-1)/chunks, min(rows, s.total))
	s.lines = p.depth
	switch {
	case p.isFew(s.total):
		rows, s.tiles, s.lines = fewTiles, (s.total+fewTiles-1)/fewTiles*fewTiles, 0
	case s.total <= sharedTiles:
		parts := 1 + (p.kernelSize(p.depth)-1)/sharedKernel
		s.lines = max((p.depth+parts-1)/parts, 1)
	}
	s.rows = rows
	s.blocks = max(sharedSums/(p.sumsRow()*rows), 1)
	s.stack = newStack(s.tiles, rows, p.depth)
	s.ownSize = room(p.kernelSize(s.lines)) + room(s.blocks*rows*p.sumsRow()) + room(p.scratchSize())
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
			s.fetch(&s.stack, at, s.call.From, min(s.first+at, s.total-1), scratch)
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
	s.call, s.workers = c, team.Size()
	data := memory.take(s.stack.size(s.points()))
	s.own = memory
	for s.first = 0; s.first < s.total; s.first += s.tiles {
		if s.lines > 0 {
			s.stack = newStack(min(s.tiles, s.total-s.first), s.rows, s.depth)
		}
		s.stack.data = data
		grain := max(min(s.stack.tiles/sharedTasks, fetchTiles), 1)
		sharedFetch.Run(team, s.stack.tiles, grain, *s)
		s.parts = min((sharedTasks+s.panels-1)/s.panels, s.stack.blocks())
		sharedPanels.Run(team, s.panels*s.parts, 1, *s)
	}
}

// panel makes a panel of the output of the stack's blocks [first,last).
func (s *shared) panel(worker, number, first, last int) {
	memory := arena(s.own[worker*s.ownSize : (worker+1)*s.ownSize])
	kernel := memory.take(s.kernelSize(s.lines))
	sums := memory.take(s.blocks * s.stack.rows * s.sumsRow())
	scratch := memory.take(s.scratchSize())
	bias, scratch := scratch[:panel], scratch[panel:]
	t := newTarget(&s.call, s.to, number, bias)
	if s.lines == s.depth {
		s.makeKernel(kernel, s.call.Packed, number, 0, s.depth)
	}
	for ; first < last; first += s.blocks {
		to := min(first+s.blocks, last)
		s.makeSums(number, first, to, kernel, sums)
		lo, hi := first*s.stack.rows, min(to*s.stack.rows, s.stack.tiles, s.total-s.first)
		for at := lo; at < hi; at++ {
			s.put(&t, s.first+at, sums[(at-lo)*s.sumsRow():], scratch)
		}
	}
}

// makeSums multiplies the stack's blocks [first,last) with a panel of the kernel,
// which is transformed, or of which it transforms some channels at a time. The rows
// of sums are tiles.
func (s *shared) makeSums(number, first, last int, kernel, sums []float32) {
	if s.lines == 0 {
		for block := first; block < last; block++ {
			s.makeFew(number, block, sums[(block-first)*fewTiles*s.sumsRow():])
		}
		return
	}
	for line := 0; line < s.depth; line += s.lines {
		h := share{first, last, line, min(s.lines, s.depth-line)}
		if s.lines < s.depth {
			s.makeKernel(kernel, s.call.Packed, number, line, h.lines)
		}
		for point := range s.points() {
			s.stack.multiply(point, h, kernel[point*kernelPoint(h.lines):], sums[point*panel:],
				s.sumsRow())
			if s.total <= sharedTiles {
				s.ask(number, line+s.lines, point)
			}
		}
	}
}

// ask asks for the memory of the kernel's lines that a worker transforms next,
// those of a panel from one on or the first ones of another panel, as one of as
// many parts as there are points: memory works while the processor multiplies.
func (s *shared) ask(number, line, part int) {
	if line >= s.depth {
		number, line = number+max(s.workers/s.parts, 1), 0
	}
	if number >= s.panels {
		return
	}
	count := min(s.lines, s.depth-line) * lanes
	at, end := part*taps*count/s.points(), (part+1)*taps*count/s.points()
	for at < end {
		tap, channel := at/count, at%count
		n := min(end-at, count-channel)
		place := (number*taps+tap)*s.depth*lanes + line*lanes + channel
		askRows(s.call.Packed[place*panel:], 0, 1, n*panel)
		at += n
	}
}
