package transcode

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
)

// blockSize is the number of coefficients of a block.
const blockSize = 64

// A component is one plane of coefficients.
type component struct {
	id, h, v, quant int
	wide, high      int // in blocks that show something of the image
	stride          int // blocks from one row to the next
	blocks          []int16
}

// A frame is an image as coefficients.
type frame struct {
	width, height      int
	mcusWide, mcusHigh int
	components         []component
	quant              [4][blockSize]uint16 // natural order
	segments           [][]byte             // with their markers and lengths
}

// newFrame returns the frame of what a decoder read, of which it keeps parts.
// Segments with a restart index are left out.
func newFrame(c *jpeg.Coefficients) (*frame, error) {
	f := &frame{width: c.Header.Width, height: c.Header.Height, quant: c.Quant}
	hMax, vMax := 1, 1
	for _, from := range c.Components {
		hMax, vMax = max(hMax, from.H), max(vMax, from.V)
	}
	f.mcusWide, f.mcusHigh = ceilDiv(f.width, 8*hMax), ceilDiv(f.height, 8*vMax)
	for _, from := range c.Components {
		if slices.Max(f.quant[from.QuantIndex][:]) > math.MaxUint8 {
			return nil, fmt.Errorf("%w: divisors of 16 bits", jpeg.ErrUnsupported)
		}
		f.components = append(f.components, component{
			id: int(from.ID), h: from.H, v: from.V, quant: from.QuantIndex,
			wide:   ceilDiv(f.width*from.H, 8*hMax),
			high:   ceilDiv(f.height*from.V, 8*vMax),
			stride: from.BlocksWide, blocks: from.Blocks,
		})
	}
	for _, s := range c.Segments {
		if s[1] != markerAPP9 || !bytes.HasPrefix(s[4:], []byte(indexName)) {
			f.segments = append(f.segments, s)
		}
	}
	return f, nil
}

// block returns the coefficients of a block, or nil for one beyond the image
// that only fills up an MCU.
func (c *component) block(x, y int) []int16 {
	if x >= c.wide || y >= c.high {
		return nil
	}
	at := (y*c.stride + x) * blockSize
	return c.blocks[at : at+blockSize : at+blockSize]
}

// same tells whether two frames show the same: whether all is equal but the
// blocks beyond the image.
func (f *frame) same(g *frame) bool {
	if f.width != g.width || f.height != g.height || len(f.components) != len(g.components) ||
		!slices.EqualFunc(f.segments, g.segments, bytes.Equal) {
		return false
	}
	for i := range f.components {
		a, b := &f.components[i], &g.components[i]
		if a.id != b.id || a.h != b.h || a.v != b.v || f.quant[a.quant] != g.quant[b.quant] {
			return false
		}
		for y := range a.high {
			if !slices.Equal(a.row(y), b.row(y)) {
				return false
			}
		}
	}
	return true
}

// row returns the coefficients of the blocks of a row that show something.
func (c *component) row(y int) []int16 {
	return c.blocks[y*c.stride*blockSize:][:c.wide*blockSize]
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
