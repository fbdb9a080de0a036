package winograd

import "unsafe"

// An arena is memory that is cut into pieces.
type arena []float32

// newArena returns an arena of so many floats, and panics where the memory has
// fewer, even if there is other memory behind it.
func newArena(memory []float32, size int) arena { return memory[:size:len(memory)] }

// take cuts off n floats, which start a line of the cache.
func (m *arena) take(n int) []float32 {
	address := uintptr(unsafe.Pointer(unsafe.SliceData(*m))) / 4
	start := int(-address % lanes)
	piece := (*m)[start : start+n]
	*m = (*m)[start+n:]
	return piece
}

// room returns the floats that taking n takes at most.
func room(n int) int { return n + lanes - 1 }

// A stack is where transformed tiles stand, for each interpolation point in
// blocks of rows. A block has a line of 16 channels of each of its tiles, then
// the next 16 channels of each, so that a product reads it from one end to the
// other.
type stack struct {
	data  []float32
	tiles int
	rows  int // tiles of each block but the last
	depth int // lines of a tile
	point int // floats from one interpolation point to the next
}

// newStack returns a stack, yet without memory, in as few blocks as the
// products' rows allow, all of about one size.
func newStack(tiles, rows, depth int) stack {
	blocks := (tiles + rows - 1) / rows
	s := stack{tiles: tiles, rows: (tiles + blocks - 1) / blocks, depth: depth}
	// An odd number of lines: points share no sets of the cache.
	s.point = (tiles*depth | 1) * lanes
	return s
}

func (s *stack) size(points int) int { return s.point * points }

func (s *stack) blocks() int { return (s.tiles + s.rows - 1) / s.rows }

// view returns where the points of a tile stand, side by side.
func (s *stack) view(tile, side int) view {
	block := tile / s.rows
	rows := min(s.rows, s.tiles-block*s.rows)
	at := (block*s.rows*s.depth + tile - block*s.rows) * lanes
	return view{data: s.data[at:], row: side * s.point, column: s.point, step: rows * lanes}
}

// callProducts bounds the multiplications of one call: assembly cannot be
// interrupted.
const callProducts = 1 << 21

// A share is lines of 16 channels of the blocks [first,last).
type share struct {
	first, last int
	line, lines int
}

// all returns all that a stack has.
func (s *stack) all() share { return share{last: s.blocks(), lines: s.depth} }

// multiply multiplies a share at a point with b, and puts the rows of its first
// block and those behind it into c, or, but for the first lines, adds them to what
// is there.
func (s *stack) multiply(point int, h share, b, c []float32, cRow int) {
	most := max(callProducts/(s.rows*h.lines*lanes*panel), 1)
	p := product{b: b, cRow: cRow, depth: h.lines, aBlock: s.rows * s.depth * lanes,
		adds: h.line > 0}
	for block := h.first; block < h.last; block += p.blocks {
		p.blocks, p.rows = 1, min(s.rows, s.tiles-block*s.rows)
		if whole := s.tiles / s.rows; block < whole {
			p.blocks = min(whole, h.last, block+most) - block
		}
		p.a = s.data[point*s.point+(block*s.rows*s.depth+h.line*p.rows)*lanes:]
		p.c = c[(block-h.first)*s.rows*cRow:]
		p.run()
	}
}
