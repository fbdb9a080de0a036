package pixel

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/warp"
)

// An Interpolation is how a step that moves pixels by parts of a pixel finds
// the values between them.
type Interpolation string

// The interpolations, by torchvision's names. The zero Interpolation is
// Nearest, as torchvision's default is.
const (
	Nearest  Interpolation = "nearest"  // the value of the pixel there
	Bilinear Interpolation = "bilinear" // between the four pixels around
)

// details tells of parameters that are not the usual ones: nearest, and black.
func (i Interpolation) details(fill [3]uint8) string {
	text := ""
	if i == Bilinear {
		text = " bilinear"
	}
	if fill != [3]uint8{} {
		text += fmt.Sprintf(" on %d,%d,%d", fill[0], fill[1], fill[2])
	}
	return text
}

// about names the point that stays, where that is not the middle.
func about(center *[2]float64) string {
	if center == nil {
		return ""
	}
	return " about " + number(center[0]) + "," + number(center[1])
}

// GrayFill returns the colour of a gray value.
func GrayFill(v uint8) [3]uint8 { return [3]uint8{v, v, v} }

// warped returns what a map makes of an image, in the given size, with the
// colour fill where there is nothing. Gray images take the first channel of it.
func warped(
	m *Image, width, height int, move Map, between Interpolation, fill [3]uint8, s *Scratch,
) *Image {
	out := s.New(width, height, m.Channels)
	back, mode := move.inverse(), warp.Nearest
	if between == Bilinear {
		mode = warp.Linear
	}
	s.kernels().warp.Warp(
		warp.Picture{Pix: out.Pix, Width: width, Height: height, Channels: m.Channels},
		warp.Picture{Pix: m.Pix, Width: m.Width, Height: m.Height, Channels: m.Channels},
		[9]float64{back.A, back.B, back.C, back.D, back.E, back.F, back.G, back.H, back.I},
		mode, fill,
	)
	return s.replaced(m, out)
}
