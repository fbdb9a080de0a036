package weight

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

const (
	panelColumns = 32 // channels of the output in a tile

	maxChannels = 64      // of the input, in a block
	bandFloats  = 1 << 16 // of padded pixels that a chunk may have, where a row allows it
	chunkPixels = 1 << 10 // of the output, in a chunk
	leastUnits  = 16      // into which the work is cut, where it can be
	partFloats  = 1 << 21 // which the sums of all parts may take
)

// A shape is what follows from a geometry alone: how channels are cut into
// blocks and how the pixels that a block meets are laid out.
type shape struct {
	geometry           conv.Geometry
	height, width      int    // of the output
	groupIn, groupOut  int    // channels of a group
	channels, inBlocks int    // of a group's input, channels of a block and blocks
	columns, outBlocks int    // the same of its output
	take, step         [2]int // pixels from one copied to the next, and from one used to the next
	inPlace            bool   // the input needs no copy
	bandRows, bands    int    // of an image's output that are taken at a time
	together           int    // images that are taken at a time
}

func newShape(g conv.Geometry) shape {
	s := shape{geometry: g, groupIn: g.In / g.Groups, groupOut: g.Out / g.Groups}
	s.height, s.width = g.Output()
	for i := range 2 {
		s.take[i], s.step[i] = 1, g.Stride[i]
		if g.Kernel[i] == 1 {
			s.take[i], s.step[i] = g.Stride[i], 1
		}
	}
	s.inPlace = g.Kernel == [2]int{1, 1} && g.Stride == [2]int{1, 1} && g.Pad == [2]int{}
	s.channels, s.inBlocks = cut(s.groupIn, maxChannels, 1)
	s.columns, s.outBlocks = s.groupOut, 1
	if blocks := g.Groups * s.inBlocks; blocks < leastUnits {
		s.columns, s.outBlocks = cut(s.groupOut, max(s.groupOut*blocks/leastUnits, 128), panelColumns)
	}
	s.cutPixels()
	return s
}

// cut returns a size of blocks, a multiple of unit that is not much more than
// limit, and how many of them n takes: as even as can be.
func cut(n, limit, unit int) (size, blocks int) {
	blocks = (n + limit - 1) / limit
	size = (n + blocks - 1) / blocks
	size = (size + unit - 1) / unit * unit
	return size, (n + size - 1) / size
}

// cutPixels sets how many pixels are taken at a time: rows of an image, or some
// images where these are small.
func (s *shape) cutPixels() {
	rows := s.height
	for rows > 1 && (rows*s.width > chunkPixels || s.copySize(rows) > bandFloats) {
		rows--
	}
	s.bands = (s.height + rows - 1) / rows
	s.bandRows = (s.height + s.bands - 1) / s.bands
	s.bands = (s.height + s.bandRows - 1) / s.bandRows
	s.together = 1
	if s.bands == 1 {
		s.together = min(chunkPixels/(s.height*s.width), bandFloats/s.copySize(s.height))
		s.together = max(s.together, 1)
	}
}

// copied returns the rows and columns of padded pixels that rows of the output meet.
func (s *shape) copied(rows int) (height, width int) {
	g := &s.geometry
	return (rows-1)*s.step[0] + (g.Kernel[0]-1)*g.Dilation[0] + 1,
		(s.width-1)*s.step[1] + (g.Kernel[1]-1)*g.Dilation[1] + 1
}

// copySize returns the floats of their copies.
func (s *shape) copySize(rows int) int {
	height, width := s.copied(rows)
	return height * width * s.channels
}

// A plan is what follows from a geometry and a batch.
type plan struct {
	*shape
	chunks int // into which the pixels are cut
	parts  int // groups of chunks whose sums are of their own
}

func (s *shape) plan(batch int) plan {
	p := plan{shape: s}
	p.chunks = (batch + s.together - 1) / s.together * s.bands
	blocks := s.geometry.Groups * s.inBlocks * s.outBlocks
	p.parts = min((leastUnits+blocks-1)/blocks, p.chunks, max(partFloats/p.partSize(), 1))
	p.parts = max(p.parts, 1)
	return p
}

func (p *plan) units() int {
	return p.geometry.Groups * p.inBlocks * p.outBlocks * p.parts
}

// partSize returns the floats of the gradients of weights and bias.
func (p *plan) partSize() int { return p.geometry.WeightSize() + p.geometry.Out }

// sumsSize returns the floats of all parts.
func (p *plan) sumsSize() int {
	if p.parts == 1 {
		return 0
	}
	return p.parts * p.partSize()
}

// scratchSize returns the floats of a worker.
func (p *plan) scratchSize() int {
	size := p.together*p.bandRows*p.width*panelColumns + lineFloats
	if !p.inPlace {
		size += p.together * p.copySize(p.bandRows)
	}
	return (size + lineFloats - 1) / lineFloats * lineFloats
}

// lineFloats are those of a line of the cache.
const lineFloats = 16
