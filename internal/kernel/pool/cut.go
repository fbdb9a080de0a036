package pool

const (
	// unitFloats is about how many floats a unit of work reads.
	unitFloats = 1 << 15
	// blockLanes is what blocks of channels are multiples of.
	blockLanes = 64
	// maxTaps is how many pixels the assembly goes over in one call. Where they are
	// so many, a block has blockLanes channels, and a call takes less than 100
	// microseconds.
	maxTaps = 1 << 12
)

// A cut says how a row is cut into blocks of channels, as the assembly may not
// work for long, and how many of those a unit of work has.
type cut struct {
	blocks, channels, grain int
}

// newCut cuts rows that read so many pixels.
func newCut(pixels, channels int) cut {
	blocks := min((pixels*channels-1)/unitFloats+1, (channels-1)/blockLanes+1)
	c := cut{channels: ((channels-1)/blocks/blockLanes + 1) * blockLanes}
	c.blocks = (channels-1)/c.channels + 1
	c.grain = max(unitFloats*c.blocks/(pixels*channels), 1)
	return c
}

// A block is the channels [first,last).
type block struct{ first, last int }

// block returns to which row a block belongs and which channels it has.
func (c *cut) block(unit, channels int) (row int, b block) {
	first := unit % c.blocks * c.channels
	return unit / c.blocks, block{first, min(first+c.channels, channels)}
}
