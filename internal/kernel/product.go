// Package kernel multiplies matrices, as networks need it.
//
// Slices of float32 flow in and out; nothing here allocates, starts goroutines
// or knows what a layer is. Convolutions, their gradients and linear layers
// all are products of matrices whose left side is looked at through strides
// and offsets, see Product. Multiply computes them in tiles of few rows and 32
// columns that stay in registers:
//
//	panels := kernel.Pack(packed, weights, depth, columns, columns, 1)
//	kernel.Multiply(kernel.Product{
//		Rows: n, Columns: columns, Depth: depth,
//		A: kernel.Matrix{Data: x, Row: depth, Depth: 1}, B: panels,
//		C: y, CRow: columns,
//	})
//
// Every tile has a generic Go twin that says what it does. DSBUILD_KERNEL=avx2
// or generic lets a machine run slower tiles than it could.
package kernel

import "fmt"

// PanelColumns is how many columns of B lie side by side: the width of a tile.
const PanelColumns = 32

// vectorColumns is the least number of columns that tiles read of B at a time.
const vectorColumns = 16

// A Matrix is a strided view: its element (line, row, depth) lies at
// Data[line*Line + row*Row + depth*Depth], and is followed by those that the
// offsets of the product tell.
type Matrix struct {
	Data             []float32
	Line, Row, Depth int
}

// Panels are the right side of a product, in blocks of PanelColumns columns:
// element (depth, column) lies at
// Data[column/32*Panel + depth*Depth + column%32]. So a matrix in plain order,
// a row of r floats for each depth, has the panels {Data, Panel: 32, Depth: r}.
// Each line must be readable up to a multiple of 16 columns.
type Panels struct {
	Data         []float32
	Panel, Depth int
}

// A Product is the task
//
//	C[l*CLine + i*CRow + j] = sum over s, k < Depth of
//		A.Data[l*A.Line + i*A.Row + Offsets[s] + k*A.Depth] * B(s*Depth+k, j)
//
// for l < Lines, i < Rows and j < Columns, and the epilogue. It works best
// where Columns is a multiple of 32 and Rows is one of 14, or 7, or Rows times
// Lines is one of 14 and lines follow one another as rows do.
type Product struct {
	Lines                int // of rows; default 1
	Rows, Columns, Depth int
	// Offsets are where in A the segments of the depth start, counted from the
	// start of a row, in floats and none below 0; default a single 0. Where it is
	// empty but not nil, there is nothing to be summed.
	Offsets     []int
	A           Matrix
	B           Panels
	C           []float32
	CLine, CRow int
	Epilogue
	// Across tells that a tile is followed by those to its right rather than by
	// those below it: where A has few rows or little depth. It is of no use
	// with a bias.
	Across bool
	// Ahead is what will be read next, elsewhere: it is brought into the second
	// cache, evenly while the product is computed.
	Ahead []float32
	// Stream lets C go past the caches, where it can: for what none of them holds.
	Stream bool
	// Pairs tells that A and B hold pairs of bfloat16 in place of floats: an
	// element of the depth is two, the first of which is in the lower half.
	Pairs bool

	aheadStep, aheadAt int // bytes for each step of a tile, and from the start of Ahead
}

// An Epilogue is done to each sum before it is stored: the bias of its column
// is added, then what lies at its place in Residual, and the result is held to
// [0, Ceiling] where ReLU is set.
type Epilogue struct {
	Bias     []float32 // by column, or nil
	Residual []float32 // laid out as C, or nil; C itself lets the product add to it
	ReLU     bool
	Ceiling  float32 // 0 stands for none
}

// noOffset is the default of a product's offsets.
var noOffset = []int{0}

// Multiply computes a product. It panics where a view leads out of its slice.
// The order of additions is fixed by the depth, so the bits of an element depend
// on nothing but the operands that go into it and the variant of the kernel,
// however a matrix is cut into products.
func Multiply(p Product) {
	if p.Rows <= 0 || p.Columns <= 0 {
		return
	}
	p.Lines = max(p.Lines, 1)
	if p.Offsets == nil {
		p.Offsets = noOffset
	}
	p.check()
	p.pace()
	if p.steps() <= maxSteps {
		p.panels()
		return
	}
	p.pieces()
}

// pace spreads what is to be brought into the cache over the product.
func (p *Product) pace() {
	if len(p.Ahead) == 0 || p.steps() == 0 {
		return
	}
	most := tileRows(p.Pairs)
	tiles := p.Lines * ((p.Rows + most - 1) / most)
	if p.A.Line == p.Rows*p.A.Row {
		tiles = (p.Rows*p.Lines + most - 1) / most
	}
	steps := tiles * p.steps() * ((p.Columns + tileColumns() - 1) / tileColumns())
	p.aheadStep = (len(p.Ahead)*4 + steps - 1) / steps
}

// maxSteps bounds the depth that one call of a tile goes through, since it
// cannot be interrupted: see maxMultiplies. It is that of 3 x 3 elements of 512
// channels.
const maxSteps = 4608

// steps returns the whole depth.
func (p *Product) steps() int { return len(p.Offsets) * p.Depth }

// pieces computes a product whose depth is too large for one call, piece by
// piece. The first adds the bias and the residual, each other one adds to what
// is there, and the last one holds to the bounds.
func (p *Product) pieces() {
	depth := min(p.Depth, maxSteps)
	segments := maxSteps / depth
	if depth < p.Depth {
		segments = 1
	}
	piece := *p
	piece.ReLU = false
	for s := 0; s < len(p.Offsets); s += segments {
		piece.Offsets = p.Offsets[s:min(s+segments, len(p.Offsets))]
		for k := 0; k < p.Depth; k += depth {
			piece.Depth = min(depth, p.Depth-k)
			piece.A.Data = p.A.Data[k*p.A.Depth:]
			piece.B.Data = p.B.Data[(s*p.Depth+k)*p.B.Depth:]
			if s+segments >= len(p.Offsets) && k+depth >= p.Depth {
				piece.ReLU = p.ReLU
			}
			piece.panels()
			piece.Bias, piece.Residual = nil, p.C
		}
	}
}

// check panics where a view leads out of its slice: the assembly would read
// what lies behind it.
func (p *Product) check() {
	needs := func(name string, data []float32, last int) {
		if last >= len(data) {
			panic(fmt.Sprintf("kernel: %s has %d elements, the product reads number %d",
				name, len(data), last))
		}
	}
	least := min(p.CLine, p.CRow, p.A.Line, p.A.Row, p.A.Depth, p.B.Panel, p.B.Depth)
	if least < 0 || p.Depth < 1 && len(p.Offsets) > 0 {
		panic(fmt.Sprintf("kernel: product of depth %d, least stride %d", p.Depth, least))
	}
	lastC := (p.Lines-1)*p.CLine + (p.Rows-1)*p.CRow + p.Columns - 1
	needs("C", p.C, lastC)
	if p.Residual != nil {
		needs("the residual", p.Residual, lastC)
	}
	if p.Bias != nil {
		needs("the bias", p.Bias, p.Columns-1)
	}
	if len(p.Offsets) == 0 {
		return
	}
	offset := 0
	for _, o := range p.Offsets {
		if o < 0 {
			panic(fmt.Sprintf("kernel: product with an offset of %d", o))
		}
		offset = max(offset, o)
	}
	needs("A", p.A.Data,
		(p.Lines-1)*p.A.Line+(p.Rows-1)*p.A.Row+(p.Depth-1)*p.A.Depth+offset)
	lastPanel := (p.Columns - 1) / PanelColumns
	width := roundUp(p.Columns-lastPanel*PanelColumns, vectorColumns)
	needs("B", p.B.Data, lastPanel*p.B.Panel+(p.steps()-1)*p.B.Depth+width-1)
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
