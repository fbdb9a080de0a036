package pixel

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Erase covers the region of W x H pixels at (X, Y): with the colour Fill, or
// with random values where Noise is not 0, which is then their seed.
type Erase struct {
	X, Y, W, H int
	Fill       [3]uint8
	Noise      uint64
}

// Size implements Step.
func (*Erase) Size(width, height int) (int, int) { return width, height }

// Apply implements Step. Parts of the region outside the image are ignored.
func (e *Erase) Apply(m *Image, _ *Scratch) *Image {
	x0, x1 := max(e.X, 0), min(e.X+e.W, m.Width)
	var noise rand.PCG
	noise.Seed(e.Noise, 0)
	for y := max(e.Y, 0); y < min(e.Y+e.H, m.Height) && x0 < x1; y++ {
		part := m.Row(y)[x0*m.Channels : x1*m.Channels]
		if e.Noise == 0 {
			fillRow(part, e.Fill, m.Channels)
			continue
		}
		for len(part) > 0 {
			var values [8]uint8
			binary.LittleEndian.PutUint64(values[:], noise.Uint64())
			part = part[copy(part, values[:]):]
		}
	}
	return m
}

func (e *Erase) String() string {
	return fmt.Sprintf("erase %d,%d %dx%d", e.X, e.Y, e.W, e.H)
}
