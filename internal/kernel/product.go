// Package kernel holds the numeric loops of the networks.
//
// Slices of float32 flow in and out; nothing here allocates, starts goroutines
// or knows what a layer is. Convolutions, their gradients and linear layers
// all are one strided matrix product, Multiply, computed in tiles of few rows
// and 16 columns. Every tile has a generic Go twin that says what it does.
// DSBUILD_KERNEL=avx2 or generic lets a machine run slower tiles than it could.
package kernel

import "fmt"

// PanelColumns is how many columns of B lie side by side: the width of a tile.
const PanelColumns = 16

// A Matrix is a strided view: its element (row, depth) of a segment lies at
// Data[row*Row + depth*Depth + segment*Segment].
type Matrix struct {
	Data                []float32
	Row, Depth, Segment int
}

// Panels are the right side of a product, in blocks of PanelColumns columns:
// element (depth, column) of a segment lies at
// Data[column/16*Panel + depth*Depth + segment*Segment + column%16]. The last
// block must be readable in its whole width.
type Panels struct {
	Data                  []float32
	Panel, Depth, Segment int
}

// A Product is the task
//
//	C[i*CRow+j] (+)= sum over s < Segments, k < Depth of A(i,k,s) * B(k,j,s)
//
// for i < Rows and j < Columns. It adds to C where Accumulate is set and
// overwrites it otherwise.
type Product struct {
	Rows, Columns, Depth, Segments int
	A                              Matrix
	B                              Panels
	C                              []float32
	CRow                           int
	Accumulate                     bool
}

// tileArgs are what one tile reads: strides in floats.
type tileArgs struct {
	aRow, aDepth, aSegment   int
	bDepth, bSegment         int
	depth, segments, columns int
	cRow                     int
	accumulate               bool
}

// Multiply computes a product. It panics where a view leads out of its slice.
// The order of additions is fixed, so the bits depend on nothing but the
// operands and the variant of the kernel.
func Multiply(p Product) {
	if p.Rows <= 0 || p.Columns <= 0 {
		return
	}
	p.check()
	args := tileArgs{
		aRow: p.A.Row, aDepth: p.A.Depth, aSegment: p.A.Segment,
		bDepth: p.B.Depth, bSegment: p.B.Segment,
		depth: p.Depth, segments: p.Segments, cRow: p.CRow, accumulate: p.Accumulate,
	}
	for column := 0; column < p.Columns; column += PanelColumns {
		args.columns = min(PanelColumns, p.Columns-column)
		b := p.B.Data[column/PanelColumns*p.B.Panel:]
		for row := 0; row < p.Rows; {
			n := tileRows(p.Rows - row)
			tile(n, p.C[row*p.CRow+column:], p.A.Data[row*p.A.Row:], b, &args)
			row += n
		}
	}
}

// check panics where a view leads out of its slice: the assembly would read
// what lies behind it.
func (p *Product) check() {
	if p.Depth < 1 || p.Segments < 1 {
		panic(fmt.Sprintf("kernel: product of depth %d x %d", p.Depth, p.Segments))
	}
	lastPanel := (p.Columns - 1) / PanelColumns
	needs := func(name string, data []float32, last int) {
		if last >= len(data) {
			panic(fmt.Sprintf("kernel: %s has %d elements, the product reads number %d",
				name, len(data), last))
		}
	}
	needs("A", p.A.Data, (p.Rows-1)*p.A.Row+(p.Depth-1)*p.A.Depth+(p.Segments-1)*p.A.Segment)
	needs("B", p.B.Data, lastPanel*p.B.Panel+(p.Depth-1)*p.B.Depth+
		(p.Segments-1)*p.B.Segment+PanelColumns-1)
	needs("C", p.C, (p.Rows-1)*p.CRow+p.Columns-1)
}

// PanelsSize returns the floats that packing a depth x columns matrix takes.
func PanelsSize(depth, columns int) int {
	return (columns + PanelColumns - 1) / PanelColumns * depth * PanelColumns
}

// Pack copies a matrix, whose element (k, j) lies at src[k*row+j*column], into
// panels with zeros behind the last column. dst has PanelsSize elements.
func Pack(dst, src []float32, depth, columns, row, column int) Panels {
	for at := 0; at < columns; at += PanelColumns {
		width := min(PanelColumns, columns-at)
		panel := dst[at*depth : (at+PanelColumns)*depth]
		for k := range depth {
			line := panel[k*PanelColumns : (k+1)*PanelColumns]
			from := src[k*row+at*column:]
			if column == 1 {
				copy(line[:width], from)
			} else {
				for j := range width {
					line[j] = from[j*column]
				}
			}
			clear(line[width:])
		}
	}
	return Panels{Data: dst, Panel: depth * PanelColumns, Depth: PanelColumns}
}
