package pixel

import (
	"math"
	"slices"
)

// MotionBlur smears an image as a moving camera does: each pixel becomes the
// mean along a line of Length pixels with its middle there, at Degrees
// counter-clockwise to the rows. Beyond its edges the image is taken to be
// mirrored.
type MotionBlur struct{ Length, Degrees float64 }

// Size implements Step.
func (*MotionBlur) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (b *MotionBlur) Apply(m *Image, s *Scratch) *Image {
	if b.Length <= 1 {
		return m
	}
	defer s.Free(m)
	out := s.New(m.Width, m.Height, m.Channels)
	sums := make([]float32, m.Width*m.Channels)
	line := b.line()
	c := m.Channels
	for y := range m.Height {
		for i := range sums {
			sums[i] = 0.5
		}
		for _, t := range line {
			src := m.Row(mirror(y+t.dy, m.Height))
			addShifted(sums, src, t.dx, c, t.weight)
		}
		dst := out.Row(y)
		for i, v := range sums {
			dst[i] = uint8(min(v, 255))
		}
	}
	return out
}

// addShifted adds to the sum of each pixel of a row the one dx further right.
func addShifted(sums []float32, src []uint8, dx, channels int, weight float32) {
	width := len(src) / channels
	first, last := min(max(-dx, 0), width), max(min(width-dx, width), 0)
	if first < last {
		to := sums[first*channels : last*channels]
		for i, v := range src[(first+dx)*channels : (last+dx)*channels] {
			to[i] += weight * float32(v)
		}
	} else {
		first, last = width, width
	}
	add := func(x int) {
		from := mirror(x+dx, width) * channels
		for k := range channels {
			sums[x*channels+k] += weight * float32(src[from+k])
		}
	}
	for x := range first {
		add(x)
	}
	for x := last; x < width; x++ {
		add(x)
	}
}

// A dab is the weight of one pixel of a line.
type dab struct {
	dx, dy int
	weight float32
}

// line returns the line's pixels, weights that sum to 1: points close to each
// other, each shared out among the four pixels around it.
func (b MotionBlur) line() []dab {
	sin, cos := math.Sincos(b.Degrees * math.Pi / 180)
	n := 4 * int(math.Ceil(b.Length))
	weights := map[[2]int]float64{}
	for i := range n {
		along := b.Length * ((float64(i)+0.5)/float64(n) - 0.5)
		x, y := along*cos, -along*sin
		x0, y0 := math.Floor(x), math.Floor(y)
		wx, wy := x-x0, y-y0
		at := [2]int{int(x0), int(y0)}
		weights[at] += (1 - wx) * (1 - wy) / float64(n)
		weights[[2]int{at[0] + 1, at[1]}] += wx * (1 - wy) / float64(n)
		weights[[2]int{at[0], at[1] + 1}] += (1 - wx) * wy / float64(n)
		weights[[2]int{at[0] + 1, at[1] + 1}] += wx * wy / float64(n)
	}
	var line []dab
	for at, w := range weights {
		if w > 1e-6 {
			line = append(line, dab{at[0], at[1], float32(w)})
		}
	}
	slices.SortFunc(line, func(a, b dab) int {
		if a.dy != b.dy {
			return a.dy - b.dy
		}
		return a.dx - b.dx
	})
	return line
}

func (b *MotionBlur) String() string {
	return "motion blur " + number(b.Length) + " at " + number(b.Degrees) + "°"
}
