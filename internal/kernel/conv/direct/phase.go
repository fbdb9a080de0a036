package direct

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// An axis is what happens along the height or the width to the pixels of one
// phase of the output. Its pixel i lies at first + i*apart of the output, and
// is summed over elements of the kernel: element taps[k] meets the pixel
// i*stride + offsets[k] of the input. The offsets grow evenly.
type axis struct {
	first, apart, count int
	stride              int
	taps, offsets       []int
}

// forwardAxis returns the only phase of a forward pass.
func forwardAxis(g *conv.Geometry, i, count int) []axis {
	a := axis{apart: 1, count: count, stride: g.Stride[i]}
	for k := range g.Kernel[i] {
		a.taps = append(a.taps, k)
		a.offsets = append(a.offsets, k*g.Dilation[i]-g.Pad[i])
	}
	return []axis{a}
}

// gradientAxis returns the phases of the gradient of an input of the given
// size. Element k of the kernel leads from pixel o of the output's gradient to
// pixel o*stride + k*dilation - pad.
func gradientAxis(g *conv.Geometry, i, size int) []axis {
	var phases []axis
	stride := g.Stride[i]
	for first := range min(stride, size) {
		a := axis{first: first, apart: stride, count: (size - first + stride - 1) / stride,
			stride: 1}
		for k := g.Kernel[i] - 1; k >= 0; k-- {
			if at := first + g.Pad[i] - k*g.Dilation[i]; at%stride == 0 {
				a.taps = append(a.taps, k)
				a.offsets = append(a.offsets, at/stride)
			}
		}
		phases = append(phases, a)
	}
	return phases
}

// valid returns which of the offsets lie in an input of the given size for
// pixel i.
func (a *axis) valid(i, size int) (from, to int) {
	to = len(a.offsets)
	for from < to && i*a.stride+a.offsets[from] < 0 {
		from++
	}
	for to > from && i*a.stride+a.offsets[to-1] >= size {
		to--
	}
	return from, to
}

// reach returns the least and the largest offset of axes.
func reach(axes []axis) (least, most int) {
	isFirst := true
	for _, a := range axes {
		for _, o := range a.offsets {
			if isFirst {
				least, most, isFirst = o, o, false
			}
			least, most = min(least, o), max(most, o)
		}
	}
	return least, most
}

// mostPixels returns the pixels of the largest phase.
func mostPixels(axes []axis) int {
	most := 0
	for _, a := range axes {
		most = max(most, a.count)
	}
	return most
}

// A phase is the pixels of the output that meet the same elements of the
// kernel: one phase of the height by one of the width.
type phase struct {
	rows, columns *axis
	before        int // elements of the kernel that are packed before this phase's
	// offsets are those of the segments of one product, counted from the first
	// element that a pixel meets; perRow of them belong to a row of the kernel.
	offsets []int
	perRow  int
	depth   int // of a segment
}

// work returns a measure of what a line takes.
func (p *phase) work() int { return p.columns.count * len(p.offsets) * p.depth }

// phases returns all pairs of axes, and sets the segments for pixels of the
// source that lie pixel floats apart, its rows line floats, of which channels
// are summed.
func phases(rows, columns []axis, pixel, line, channels int) []phase {
	var list []phase
	before := 0
	for r := range rows {
		for c := range columns {
			p := phase{rows: &rows[r], columns: &columns[c], before: before}
			p.segment(pixel, line, channels)
			list = append(list, p)
			before += len(rows[r].taps) * len(columns[c].taps)
		}
	}
	return list
}

// segment sets the segments. Elements of the kernel's row whose pixels lie side
// by side without a gap are one segment.
func (p *phase) segment(pixel, line, channels int) {
	rows, columns := p.rows.offsets, p.columns.offsets
	p.depth, p.perRow = channels, len(columns)
	isOne := pixel == channels && len(columns) > 1 && columns[1] == columns[0]+1
	if isOne {
		p.depth, p.perRow = len(columns)*channels, 1
	}
	p.offsets = []int{}
	for r := range rows {
		for c := range p.perRow {
			p.offsets = append(p.offsets,
				(rows[r]-rows[0])*line+(columns[c]-columns[0])*pixel)
		}
	}
}
