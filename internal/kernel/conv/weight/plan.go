package weight

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

const (
	panelColumns = 32 // channels of the output in a tile
	lineFloats   = 16 // of a line of the cache

	maxChannels = 64      // of the input, in a block
	maxPointed  = 256     // the same of kernels of one pixel
	minColumns  = 128     // of the output, in a block
	bandFloats  = 1 << 16 // of padded pixels that a chunk may have, where a row allows it
	chunkPixels = 448     // of the output, in a chunk
	fewRows     = 64      // of tiles, that are too few to be worth packing lines for

	jointChannels = 16 // which groups are joined to: fewer take a tile as long

	wantedUnits = 16      // into which the work is cut, where it can be
	partFloats  = 1 << 21 // which the sums of all parts may take
	partPixels  = 1 << 9  // that a part has at least
)

// A shape is what follows from a geometry alone: how pixels are laid out in
// memory, and how they are cut.
type shape struct {
	given, geometry   conv.Geometry // the latter with small groups joined
	isJoint           bool
	height, width     int    // of the output
	groupIn, groupOut int    // channels of a group
	take, step        [2]int // pixels from one copied to the next, and from one used to the next
	isPointed         bool   // the kernel is one pixel that meets all others
	isPaired          bool   // products are of bfloat16, of two images at a time
}

func newShape(g conv.Geometry, isPaired bool) shape {
	joint, times := g.Join(jointChannels)
	s := shape{given: g, geometry: joint, isJoint: times > 1, isPaired: isPaired}
	g = joint
	s.groupIn, s.groupOut = g.In/g.Groups, g.Out/g.Groups
	s.height, s.width = g.Output()
	for i := range 2 {
		s.take[i], s.step[i] = 1, g.Stride[i]
		if g.Kernel[i] == 1 {
			s.take[i], s.step[i] = g.Stride[i], 1
		}
	}
	s.isPointed = g.Kernel == [2]int{1, 1} && g.Stride == [2]int{1, 1} && g.Pad == [2]int{} &&
		g.Crop == [2]int{}
	return s
}

// fold is how many images are taken for one where products are of pairs.
const fold = 2

func (s *shape) fold() int {
	if s.isPaired {
		return fold
	}
	return 1
}

// copied returns the rows and columns of padded pixels that rows of the output meet.
func (s *shape) copied(rows int) (height, width int) {
	g := &s.geometry
	return (rows-1)*s.step[0] + (g.Kernel[0]-1)*g.Dilation[0] + 1,
		(s.width-1)*s.step[1] + (g.Kernel[1]-1)*g.Dilation[1] + 1
}

// partSize returns the floats of the gradients of weights and bias.
func (s *shape) partSize() int { return s.geometry.WeightSize() + s.geometry.Out }

// A plan is how the work on a batch is cut: into blocks of channels and parts of
// the pixels, which are units of work, and these into chunks.
type plan struct {
	*shape
	channels, inBlocks int  // of a group's input, channels of a block and blocks
	columns, outBlocks int  // the same of its output
	inPlace            bool // the input needs no copy
	linesInPlace       bool // the output needs none
	bandRows, bands    int  // of an image's output that are taken at a time
	together           int  // images that are taken at a time
	images             int  // or pairs of them
	chunks             int  // into which the pixels are cut
	parts              int  // groups of chunks whose sums are of their own
}

// plan cuts the work on a batch, which is the same for any number of workers.
func (s *shape) plan(batch int) plan {
	p := plan{shape: s, channels: s.groupIn, inBlocks: 1, columns: s.groupOut, outBlocks: 1}
	limit := maxChannels
	if s.geometry.Kernel == [2]int{1, 1} {
		limit = maxPointed
	}
	p.channels, p.inBlocks = cut(s.groupIn, limit, 1)
	p.images = (batch + s.fold() - 1) / s.fold()
	p.parts = 1
	if blocks := p.blocks(); blocks < wantedUnits {
		p.parts = min((wantedUnits+blocks-1)/blocks, max(partFloats/s.partSize(), 1),
			max(batch*s.height*s.width/partPixels, 1))
		p.cutChannels()
	}
	p.inPlace = s.isPointed && p.channels == s.geometry.In && !s.isPaired
	rows := s.geometry.Kernel[0] * s.geometry.Kernel[1] * p.channels
	p.linesInPlace = rows <= fewRows && s.groupOut%lineFloats == 0 && !s.isPaired &&
		(current == isa.AVX512 || p.columns <= panelColumns)
	p.cutPixels()
	p.chunks = (p.images + p.together - 1) / p.together * p.bands
	p.parts = min(p.parts, p.chunks)
	return p
}

func (p *plan) blocks() int { return p.geometry.Groups * p.inBlocks * p.outBlocks }

func (p *plan) units() int { return p.blocks() * p.parts }

// cutChannels cuts them further where there are too few units.
func (p *plan) cutChannels() {
	if missing := wantedUnits / p.units(); missing > 1 && p.columns > minColumns {
		limit := max(p.groupOut/missing, minColumns)
		p.columns, p.outBlocks = cut(p.groupOut, limit, panelColumns)
	}
	if missing := wantedUnits / p.units(); missing > 1 && p.channels > maxChannels/2 {
		limit := max(p.channels/missing, maxChannels/2)
		p.channels, p.inBlocks = cut(p.groupIn, limit, 1)
	}
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
func (p *plan) cutPixels() {
	fits := func(rows int) int { // how often
		pixels := rows * p.width
		n := min(chunkPixels/pixels, bandFloats/p.copySize(rows))
		if p.linesInPlace {
			n = min(n, bandFloats/(pixels*p.columns))
		}
		return n
	}
	rows := p.height
	for rows > 1 && fits(rows) < 1 {
		rows--
	}
	p.bands = (p.height + rows - 1) / rows
	p.bandRows = (p.height + p.bands - 1) / p.bands
	p.bands = (p.height + p.bandRows - 1) / p.bandRows
	p.together = 1
	if p.bands == 1 {
		p.together = max(fits(p.height), 1)
	}
}

// copySize returns the floats of the padded pixels that rows of the output meet.
func (p *plan) copySize(rows int) int {
	height, width := p.copied(rows)
	return height * width * p.channels
}

// sumsSize returns the floats of all parts, or 0 where the only one's sums are what
// is wanted.
func (p *plan) sumsSize() int {
	if p.parts == 1 && !p.isJoint {
		return 0
	}
	return p.parts * p.partSize()
}

// panelSize returns the floats of a packed panel.
func (p *plan) panelSize() int {
	if p.linesInPlace {
		return 0
	}
	return p.together * p.bandRows * p.width * panelColumns
}

// copiesSize returns the floats of the copies that a chunk needs.
func (p *plan) copiesSize() int {
	if p.inPlace {
		return 0
	}
	return p.together * p.copySize(p.bandRows)
}

// scratchSize returns the floats of a worker.
func (p *plan) scratchSize() int {
	size := p.panelSize() + p.copiesSize() + lineFloats
	return (size + lineFloats - 1) / lineFloats * lineFloats
}
