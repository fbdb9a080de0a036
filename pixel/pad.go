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
	for y := range m.Height {
		copy(out.Row(p.Top + y)[p.Left*m.Channels:], m.Row(y))
	}
	p.sides(out, 0, p.Left, m.Width, m.Height)
	p.sides(out, p.Left+m.Width, width, m.Width, m.Height)
	for y := range height {
		if from := p.from(y-p.Top, m.Height); from < 0 {
			fillRow(out.Row(y), p.Fill, m.Channels)
		} else if y < p.Top || y >= p.Top+m.Height {
			copy(out.Row(y), out.Row(p.Top+from))
		}
	}
	return s.replaced(m, out)
}

// sides fills the columns from first to last beside an image of the given size.
func (p *Pad) sides(out *Image, first, last, width, height int) {
	c := out.Channels
	for x := first; x < last; x++ {
		from := p.from(x-p.Left, width)
		for y := p.Top; y < p.Top+height; y++ {
			row := out.Row(y)
			pixel := p.Fill[:c]
			if from >= 0 {
				pixel = row[(p.Left+from)*c:][:c]
			}
			for k, v := range pixel {
				row[x*c+k] = v
			}
		}
	}
}

// fillRow gives all pixels of a row one colour.
func fillRow(row []uint8, fill [3]uint8, channels int) {
	for n := copy(row, fill[:channels]); n < len(row); n *= 2 {
		copy(row[n:], row[:n])
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
