package direct

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

// A source is where products find the input's pixels: in a copy, or where the
// images are.
type source struct {
	isCopy      bool
	pixel, line int // floats from one pixel to the next, from one row to the next
	width       int // pixels of a row of the copy
	top, left   int // the least offsets of the axes
	bottom      int // the largest one of the rows
}

// aliasing is a distance in floats. Of rows that lie a multiple of it apart too
// few fit into the first cache at a time, whatever its size.
const (
	aliasing = 512
	spacing  = 16 // floats, a line of the cache
)

func newSource(p *pass) source {
	left, right := reach(p.columns)
	top, bottom := reach(p.rows)
	s := source{top: top, bottom: bottom, left: left}
	if p.step > 0 {
		s.isCopy, s.pixel, s.line = true, p.step, (p.pixels-1)*p.step+p.depth
		return s
	}
	stride := p.columns[0].stride
	end := (p.pixels-1)*stride + right
	s.isCopy = left < 0 || end >= p.from.width || p.isPaired ||
		stride*p.from.channels%(2*aliasing) == 0
	if !s.isCopy {
		s.pixel, s.line = p.from.channels, p.from.width*p.from.channels
		s.left = 0
		return s
	}
	s.pixel = p.depth
	if stride*s.pixel%aliasing == 0 {
		s.pixel += spacing
	}
	s.width = end - left + 1
	s.line = s.width * s.pixel
	return s
}

// rowsOf returns how many rows of the input so many lines of the output see.
func (p *pass) rowsOf(lines int) int {
	return (lines-1)*p.rows[0].stride + p.source.bottom - p.source.top + 1
}

// header is the floats before a worker's copy, the first of which tells what it
// is a copy of.
const header = 16

// scratch returns a worker's memory.
func (r *run) scratch(worker int) []float32 {
	return r.call.Workspace[worker*r.cut.scratch : (worker+1)*r.cut.scratch]
}

// forget lets a worker's copy be of nothing.
func (r *run) forget(worker int) {
	if r.source.isCopy {
		r.scratch(worker)[0] = 0
	}
}

// copied returns what a band sees of a group's channels, one image behind the
// other. A worker does not copy again what it has copied last.
func (r *run) copied(worker, number, group int, b *band) []float32 {
	scratch := r.scratch(worker)
	label := math.Float32frombits(uint32(number*r.g.Groups + group + 1))
	data := scratch[header:]
	if scratch[0] == label {
		return data
	}
	scratch[0] = label
	top := b.first*r.rows[0].stride + r.source.top
	rows := r.rowsOf(b.last - b.first)
	for i := range b.images {
		from := r.call.From[(b.image+i)*r.from.size():][:r.from.size()][group*r.from.group:]
		for y := max(top, 0); y < min(top+rows, r.from.height); y++ {
			to := data[i*r.cut.imageSize+(y-top)*r.source.line:][:r.source.line]
			r.copyRow(to, from[y*r.from.width*r.from.channels:])
		}
	}
	return data
}

// copyRow copies a row of the input with zeros on both sides.
func (p *pass) copyRow(to, from []float32) {
	if p.step > 0 {
		p.copyStrung(to, from)
		return
	}
	s := &p.source
	before := min(max(-s.left, 0), s.width)
	from = from[max(s.left, 0)*p.from.channels:]
	count := max(min(s.width-before, p.from.width-max(s.left, 0)), 0)
	clear(to[:before*s.pixel])
	clear(to[(before+count)*s.pixel:])
	to = to[before*s.pixel : (before+count)*s.pixel]
	perFloat := 1
	if p.isPaired {
		perFloat = 2
	}
	switch isWhole := p.g.Groups == 1 && perFloat*s.pixel == p.from.channels; {
	case p.isPaired && isWhole:
		kernel.PackPairs(to, from[:count*p.from.channels])
	case p.isPaired:
		for x := range count {
			kernel.PackPairs(to[x*s.pixel:][:p.depth], from[x*p.from.channels:][:p.from.group])
		}
	case isWhole:
		copy(to, from[:count*p.from.channels])
	case p.depth == jointChannels:
		for x := range count { // moves of a known size are faster than calls
			pixel := *(*[jointChannels]float32)(from[x*p.from.channels:])
			*(*[jointChannels]float32)(to[x*s.pixel:]) = pixel
		}
	default:
		for x := range count {
			copy(to[x*s.pixel:][:p.depth], from[x*p.from.channels:])
		}
	}
}
