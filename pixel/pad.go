package pixel

import "fmt"

// A Padding is what an image continues with beyond its edges.
type Padding string

// The paddings, by torchvision's names.
const (
	PadConstant  Padding = "constant"  // one gray value
	PadEdge      Padding = "edge"      // the outermost pixel
	PadReflect   Padding = "reflect"   // mirrored, the outermost pixel once
	PadSymmetric Padding = "symmetric" // mirrored, the outermost pixel twice
)

// Pad adds so many pixels on the sides of an image, with the gray value Fill
// where Mode is PadConstant or empty. Masks get 0 there.
type Pad struct {
	Left, Top, Right, Bottom int
	Mode                     Padding
	Fill                     uint8
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
	defer s.Free(m)
	out := s.New(width, height, m.Channels)
	c := m.Channels
	for y := range height {
		row, fromY := out.Row(y), p.from(y-p.Top, m.Height)
		for x := range width {
			dst, fromX := row[x*c:x*c+c], p.from(x-p.Left, m.Width)
			if fromX >= 0 && fromY >= 0 {
				copy(dst, m.Row(fromY)[fromX*c:])
				continue
			}
			for k := range dst {
				dst[k] = p.Fill
			}
		}
	}
	return out
}

// from returns which of n pixels shows at i, or -1 for the fill.
func (p Pad) from(i, n int) int {
	if i >= 0 && i < n {
		return i
	}
	switch p.Mode {
	case PadEdge:
		return min(max(i, 0), n-1)
	case PadReflect:
		return mirror(i, n)
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
