package kernel

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// available are the variants of the tiles that this machine can run, current
// is the one in use.
var available, current = isa.Choose(cpu.X86.HasAVX2 && cpu.X86.HasFMA, cpu.X86.HasAVX512F)

// Variant returns the variant of the tiles in use.
func Variant() isa.Variant { return current }

// HasBF16 tells whether this machine multiplies pairs of bfloat16.
func HasBF16() bool { return current == isa.AVX512 && cpu.X86.HasAVX512BF16 }

// IsFastBF16 tells whether this machine multiplies pairs of bfloat16 faster than
// floats. Processors with AMX leave that to it: their AVX512_BF16 does half as much
// as their float32, where others do twice as much.
func IsFastBF16() bool { return HasBF16() && !cpu.X86.HasAMXBF16 }

// panels computes a product panel by panel, or across all of them.
func (p *Product) panels() {
	whole := p.Columns / PanelColumns
	if p.Across && whole > 1 && p.Bias == nil && len(p.Offsets) > 0 {
		s := strip{Product: p, width: PanelColumns, b: p.B.Data, across: whole}
		s.tiles()
		p.strips(whole * PanelColumns)
		return
	}
	p.strips(0)
}

// strips computes a product panel by panel, from a column on.
func (p *Product) strips(from int) {
	for column := from; column < p.Columns; column += PanelColumns {
		s := strip{Product: p, column: column, width: min(PanelColumns, p.Columns-column)}
		if len(p.Offsets) > 0 {
			s.b = p.B.Data[column/PanelColumns*p.B.Panel:]
		}
		if p.Bias != nil {
			s.bias = p.Bias[column:]
		}
		s.tiles()
	}
}

// A strip is the part of a product that is in one panel.
type strip struct {
	*Product
	column, width int
	b, bias       []float32
	across        int // panels, where each tile is followed by those of the next ones
}

// tiles cuts a strip into tiles, the rows of a line into ones as even as can be:
// those of few rows do not keep the multipliers busy.
func (s *strip) tiles() {
	lines, rows := s.Lines, s.Rows
	if s.A.Line == rows*s.A.Row && s.CLine == rows*s.CRow {
		lines, rows = 1, rows*lines
	}
	most := tileRows(s.Pairs)
	if rows == pairedRows && most >= 2*pairedRows && lines > 1 {
		s.run(bunch{rows: 2 * pairedRows, tiles: lines / 2, a: 2 * s.A.Line, c: 2 * s.CLine,
			aHalf: s.A.Line, cHalf: s.CLine}, 0, 0)
		if lines%2 == 1 {
			s.run(s.alike(pairedRows, 1), (lines-1)*s.A.Line, (lines-1)*s.CLine)
		}
		return
	}
	if rows <= most {
		b := s.alike(rows, lines)
		b.a, b.c = s.A.Line, s.CLine
		s.run(b, 0, 0)
		return
	}
	tiles := (rows + most - 1) / most
	low, larger := rows/tiles, rows%tiles
	if tiles <= fewTiles && s.steps() <= shortDepth {
		for row, i := 0, 0; i < tiles; i++ {
			b := s.alike(low+1-min(max(i-larger+1, 0), 1), lines)
			b.a, b.c = s.A.Line, s.CLine
			s.run(b, row*s.A.Row, row*s.CRow)
			row += b.rows
		}
		return
	}
	for l := range lines {
		a, c := l*s.A.Line, l*s.CLine
		s.run(s.alike(low+1, larger), a, c)
		s.run(s.alike(low, tiles-larger), a+larger*(low+1)*s.A.Row, c+larger*(low+1)*s.CRow)
	}
}

// Of lines of few tiles that take little time, each call computes one tile of all
// lines, since calls would take as long as what they do.
const (
	fewTiles   = 4
	shortDepth = 256
)

// pairedRows is the length of lines of which tiles with AVX-512 take two at a
// time. Their rows lie evenly spaced up to this one, too.
const pairedRows = 7

// A bunch is tiles of one form, one behind the other.
type bunch struct {
	rows, tiles  int
	a, b, c      int // from one tile to the next, in A, B and C
	aHalf, cHalf int // from row 0 to row pairedRows
}

// alike returns tiles of evenly spaced rows, each behind the other.
func (s *strip) alike(rows, tiles int) bunch {
	return bunch{rows: rows, tiles: tiles, a: rows * s.A.Row, c: rows * s.CRow,
		aHalf: pairedRows * s.A.Row, cHalf: pairedRows * s.CRow}
}

// maxMultiplies bounds the multiplications of vectors in one call of a tile.
// Two a cycle is what processors do, and this many take about 20 microseconds;
// slow ones, and what waits for memory, may take several times that.
const maxMultiplies = 1 << 17

// run computes a bunch whose first tile starts at the elements a of A and c of
// C, in calls that are short enough.
func (s *strip) run(b bunch, a, c int) {
	if b.tiles < 1 {
		return
	}
	if s.across > 0 {
		s.runAcross(b, a, c)
		return
	}
	most := s.mostTiles(b)
	for tiles := b.tiles; tiles > 0; tiles -= most {
		b.tiles = min(tiles, most)
		s.call(&b, a, c)
		a, c = a+b.tiles*b.a, c+b.tiles*b.c
	}
}

// mostTiles returns how many tiles one call may compute.
func (s *strip) mostTiles(b bunch) int {
	vectors := 2
	if s.width <= vectorColumns && current == isa.AVX512 {
		vectors = 1
	}
	return max(maxMultiplies/(max(s.steps(), 16)*b.rows*vectors), 1)
}

// maxLinesAcross bounds the lines of panels and of C in one call that goes across
// them: where they come from memory, that takes longer than to multiply.
const maxLinesAcross = 1 << 12

// runAcross computes each tile of a bunch for all panels before the next one.
func (s *strip) runAcross(b bunch, a, c int) {
	row := b
	row.a, row.b, row.c = 0, s.B.Panel, PanelColumns
	part := *s
	part.across = 0
	most := min(s.mostTiles(b), max(maxLinesAcross/(s.steps()+b.rows), 1))
	for range b.tiles {
		for panel := 0; panel < s.across; panel += most {
			row.tiles = min(most, s.across-panel)
			part.column, part.b = panel*PanelColumns, s.b[panel*s.B.Panel:]
			part.call(&row, a, c)
		}
		a, c = a+b.a, c+b.c
	}
}

// place returns where a row of a bunch's first tile starts in A and C.
func (s *strip) place(b *bunch, row int) (a, c int) {
	if row < pairedRows {
		return row * s.A.Row, row * s.CRow
	}
	return b.aHalf + (row-pairedRows)*s.A.Row, b.cHalf + (row-pairedRows)*s.CRow
}
