package resample

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// transposeFrame is what the loop reads: blocks of 4 x 4 RGB pixels side by
// side.
type transposeFrame struct {
	dst, src             *uint8
	dstStride, srcStride int
	blocks               int
}

//go:noescape
func transposeAVX2(f *transposeFrame)

// blocks turns as much of an image of the given size as is made of whole
// blocks, and returns how many columns and rows of the source that is.
func (t *turn) blocks(width, height int) (columns, rows int) {
	const side, loaded = 4, 16 // pixels; bytes read for the 12 of a row of a block
	if current == isa.Generic || t.channels != 3 || 3*width < loaded {
		return 0, 0
	}
	blocks := (3*width-loaded)/(3*side) + 1
	rows = height &^ (side - 1)
	for y := 0; y < rows; y += side {
		transposeAVX2(&transposeFrame{
			dst: &t.dst[t.dstStart+3*y], src: &t.src[t.srcStart+y*t.srcStride],
			dstStride: t.dstStride, srcStride: t.srcStride, blocks: blocks,
		})
	}
	return blocks * side, rows
}
