package apply

import (
	"image"
	"image/color"
	"math"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Picture is an image with what is marked in it.
type Picture struct {
	Image *pixel.Image
	Boxes []dataset.Box
	// Mask has the image's size, or is nil. What is not 0 is marked.
	Mask *pixel.Image
}

// colours are those of boxes and masks, one after the other by class.
var colours = []color.NRGBA{
	{0xff, 0x3b, 0x30, 0xff}, {0x00, 0xa6, 0xff, 0xff}, {0xff, 0xb3, 0x00, 0xff},
	{0x2e, 0xcc, 0x40, 0xff}, {0xd0, 0x4c, 0xff, 0xff}, {0x00, 0xd5, 0xc3, 0xff},
}

// Draw returns the picture scaled to fit a square, by a whole number where it
// gets larger, with its boxes and mask drawn on top: each class of boxes in a
// colour of its own, masks as a veil with a line around. The image is not
// changed.
func (p Picture) Draw(side int) *image.NRGBA {
	width, height := fit(p.Image.Width, p.Image.Height, side)
	filter := pixel.FilterBilinear
	if width > p.Image.Width {
		filter = pixel.FilterNearest
	}
	out := scale(p.Image.RGB(), width, height, filter)
	canvas := out.Std().(*image.NRGBA)
	if p.Mask != nil {
		veil(canvas, scale(p.Mask, width, height, pixel.FilterNearest))
	}
	sx := float64(width) / float64(p.Image.Width)
	sy := float64(height) / float64(p.Image.Height)
	for _, b := range p.Boxes {
		place := image.Rect(
			int(math.Round(b.X*sx)), int(math.Round(b.Y*sy)),
			int(math.Round((b.X+b.Width)*sx)), int(math.Round((b.Y+b.Height)*sy)),
		)
		frame(canvas, place, colourOf(b.Label))
	}
	return canvas
}

// scale returns a scaled copy of an image.
func scale(m *pixel.Image, width, height int, filter pixel.Filter) *pixel.Image {
	step := pixel.Resize(m.Width, m.Height, width, height)
	step.Filter = filter
	return step.Apply(m.Clone(), nil)
}

// fit returns the size at which an image fits a square.
func fit(width, height, side int) (int, int) {
	longer := max(width, height)
	if times := side / longer; times >= 1 {
		return times * width, times * height
	}
	return max(1, width*side/longer), max(1, height*side/longer)
}

// colourOf returns the colour of a class.
func colourOf(label string) color.NRGBA {
	sum := 0
	for _, r := range label {
		sum = sum*31 + int(r)
	}
	return colours[(sum%len(colours)+len(colours))%len(colours)]
}

// veil tints what a mask marks, the outermost pixels of it strongly.
func veil(dst *image.NRGBA, mask *pixel.Image) {
	marked := func(x, y int) bool {
		inside := x >= 0 && x < mask.Width && y >= 0 && y < mask.Height
		return inside && mask.Row(y)[x*mask.Channels] != 0
	}
	tint := colours[1]
	for y := range mask.Height {
		for x := range mask.Width {
			if !marked(x, y) {
				continue
			}
			share := 0.35
			if !marked(x-1, y) || !marked(x+1, y) || !marked(x, y-1) || !marked(x, y+1) {
				share = 0.9
			}
			blend(dst, x, y, tint, share)
		}
	}
}

// frame draws the two outermost pixels of a rectangle, within it.
func frame(dst *image.NRGBA, r image.Rectangle, c color.NRGBA) {
	inner := r.Inset(2)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if at := image.Pt(x, y); at.In(dst.Rect) && !at.In(inner) {
				blend(dst, x, y, c, 0.9)
			}
		}
	}
}

// blend moves a pixel towards a colour.
func blend(dst *image.NRGBA, x, y int, c color.NRGBA, share float64) {
	p := dst.Pix[dst.PixOffset(x, y):]
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		p[i] = uint8(float64(p[i])*(1-share) + float64(v)*share + 0.5)
	}
}
