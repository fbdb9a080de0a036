package imaging

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/pixel"
)

// Brightness adds a share of the range of values to all of them: Percentage is
// from -100, which makes all black, to 100, which makes all white.
type Brightness struct{ Percentage float64 }

// Size implements pixel.Step.
func (*Brightness) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step.
func (b *Brightness) Apply(m *pixel.Image, _ *pixel.Scratch) *pixel.Image {
	shift := 255 * limit(b.Percentage) / 100
	exchange(m, func(v float64) float64 { return v + shift })
	return m
}

func (b *Brightness) String() string { return text("brightness", b.Percentage) }

// Contrast moves all values away from the middle of their range: Percentage is
// from -100, which makes all gray, over 0, which changes nothing, to 100, which
// leaves only extremes.
type Contrast struct{ Percentage float64 }

// Size implements pixel.Step.
func (*Contrast) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step. Beyond 0 the factor is 1 / (1 - Percentage/100).
func (c *Contrast) Apply(m *pixel.Image, _ *pixel.Scratch) *pixel.Image {
	factor := (100 + limit(c.Percentage)) / 100
	if factor > 1 {
		factor = 1 / (2 - factor)
	}
	exchange(m, func(v float64) float64 {
		if v == 127.5 || math.IsInf(factor, 1) {
			return 255 * math.Round(v/255)
		}
		return (0.5 + (v/255-0.5)*factor) * 255
	})
	return m
}

func (c *Contrast) String() string { return text("contrast", c.Percentage) }

// Saturation multiplies the saturation of HSL: Percentage is from -100, which
// leaves gray, to 100, which doubles it. Gray images have none.
type Saturation struct{ Percentage float64 }

// Size implements pixel.Step.
func (*Saturation) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step.
func (s *Saturation) Apply(m *pixel.Image, _ *pixel.Scratch) *pixel.Image {
	if m.Channels == 1 {
		return m
	}
	factor := 1 + limit(s.Percentage)/100
	for i := 0; i < len(m.Pix); i += 3 {
		saturate((*[3]uint8)(m.Pix[i:i+3]), factor)
	}
	return m
}

func (s *Saturation) String() string { return text("saturation", s.Percentage) }

// saturate changes one pixel. Its lightness, the middle between its greatest
// and its least value, stays, and so does where each value lies between them.
func saturate(p *[3]uint8, factor float64) {
	low, high := float64(min(p[0], p[1], p[2]))/255, float64(max(p[0], p[1], p[2]))/255
	if low == high {
		return
	}
	lightness := (high + low) / 2
	room := min(lightness, 1-lightness) // half the spread at saturation 1
	spread := 2 * room * min((high-low)/(2*room)*factor, 1)
	for i, v := range p {
		place := (float64(v)/255-low)/(high-low) - 0.5
		p[i] = clamp((lightness + place*spread) * 255)
	}
}

// Gray takes the colours out of an image: 0.299 R + 0.587 G + 0.114 B, rounded
// to the nearest; its channels stay.
type Gray struct{}

// Size implements pixel.Step.
func (*Gray) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step.
func (*Gray) Apply(m *pixel.Image, _ *pixel.Scratch) *pixel.Image {
	if m.Channels == 1 {
		return m
	}
	for i := 0; i < len(m.Pix); i += 3 {
		p := (*[3]uint8)(m.Pix[i : i+3])
		v := clamp(0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2]))
		p[0], p[1], p[2] = v, v, v
	}
	return m
}

func (*Gray) String() string { return "gray (imaging)" }

// exchange gives every value the one that to returns for it.
func exchange(m *pixel.Image, to func(v float64) float64) {
	var table [256]uint8
	for v := range table {
		table[v] = clamp(to(float64(v)))
	}
	for i, v := range m.Pix {
		m.Pix[i] = table[v]
	}
}

// clamp rounds a value to one that a byte holds.
func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255) + 0.5) }

// limit bounds a percentage.
func limit(percentage float64) float64 { return min(max(percentage, -100), 100) }

func text(name string, percentage float64) string {
	return fmt.Sprintf("%s %+.3g %% (imaging)", name, percentage)
}
