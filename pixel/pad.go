package pixel

import "fmt"

// A Padding is what an image continues with beyond its edges.
type Padding string

// The paddings, by torchvision's names.
const (
	PadConstant  Padding = "constant"  // one colour
	PadEdge      Padding = "edge"      // the outermost pixel
	PadReflect   Padding = "reflect"   // mirrored, the outermost pixel once
	PadSymmetric Padding = "symmetric" // mirrored, the outermost pixel twice
)

// Pad adds so many pixels on the sides of an image, with the colour Fill where
// Mode is PadConstant or empty. Masks get 0 there.
type Pad struct {
	Left, Top, Right, Bottom int
	Mode                     Padding
	Fill                     [3]uint8
}

// Size implements Step.
func (p *Pad) Size(width, height int) (int, int) {
	return width + p.Left + p.Right, height + p.Top + p.Bottom
}

// Map implements Mover.
func (p *Pad) Map(int, int) Map { return affine(1, 0, float64(p.Left), 0, 1, float64(p.Top)) }

// Apply implements Step.
func (p *Pad) Apply(m *Image, s *Scratch) *Image {
	width, height := p.Size(m.Width, m.Height)
	out := s.New(width, height, m.Channels)
	for y := range height {
		row, from := out.Row(y), p.from(y-p.Top, m.Height)
		if from < 0 {
			fillRow(row, p.Fill, m.Channels)
			continue
		}
		src := m.Row(from)
		copy(row[p.Left*m.Channels:], src)
		p.side(row, src, 0, p.Left, m.Channels)
		p.side(row, src, p.Left+m.Width, width, m.Channels)
	}
	return s.replaced(m, out)
}

// side fills the pixels of a row from column first to column last.
func (p *Pad) side(row, src []uint8, first, last, channels int) {
	part := row[first*channels : last*channels]
	if p.from(-1, 1) < 0 {
		fillRow(part, p.Fill, channels)
		return
	}
	for x := first; x < last; x++ {
		from := p.from(x-p.Left, len(src)/channels) * channels
		copy(part[(x-first)*channels:][:channels], src[from:])
	}
}

// fillRow gives all pixels of a row one colour.
func fillRow(row []uint8, fill [3]uint8, channels int) {
	for i := 0; i < len(row); i += channels {
		copy(row[i:i+channels], fill[:])
	}
}

// from returns which of n pixels shows at i, or -1 for the fill.
func (p *Pad) from(i, n int) int {
	if i >= 0 && i < n {
		return i
	}
	switch p.Mode {
	case PadEdge:
		return min(max(i, 0), n-1)
	case PadReflect:
		if n == 1 {
			return 0
		}
		i = ((i % (2*n - 2)) + 2*n - 2) % (2*n - 2)
		return min(i, 2*n-2-i)
	case PadSymmetric:
		i = ((i % (2 * n)) + 2*n) % (2 * n)
		return min(i, 2*n-1-i)
	}
	return -1
}

func (p *Pad) String() string {
	mode := p.Mode
	if mode == "" {
		mode = PadConstant
	}
	return fmt.Sprintf("pad %d,%d,%d,%d %s", p.Left, p.Top, p.Right, p.Bottom, mode)
}
