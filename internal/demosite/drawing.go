package demosite

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite/sketch"
)

// A drawing is one picture that can be drawn, and spoiled in several ways.
type drawing struct {
	subject string
	key     dataset.Key
}

func (p *planner) drawing(name string) drawing {
	return drawing{p.class, dataset.Key{Seed: p.options.Seed, Sample: p.class + "/" + name}}
}

// spoil lists the i-th item of a kind that is made from a drawing of its own.
func (p *planner) spoil(kind Kind, i int, make func(drawing) image.Image) {
	name := fmt.Sprintf("%s-%d", kind, i+1)
	d := p.drawing(name)
	p.add(kind, p.class, name+".jpg", func() file { return encode(make(d), ".jpg", 90) })
}

// size draws the sides: 96 to 240 pixels, at most 4 to 3.
func (d drawing) size() image.Point {
	rng := d.key.Rand("size")
	long := 128 + rng.IntN(113)
	short := long * (75 + rng.IntN(26)) / 100
	if rng.IntN(3) == 0 {
		return image.Pt(short, long)
	}
	return image.Pt(long, short)
}

// quality draws what a JPEG of the picture is compressed with.
func (d drawing) quality() int { return 82 + d.key.Rand("quality").IntN(12) }

func (d drawing) picture() image.Image { return d.sized(d.size()) }

func (d drawing) sized(size image.Point) *image.RGBA {
	return sketch.Draw(d.subject, size, d.key.Rand("sketch"))
}

func (d drawing) blurred() image.Image {
	img := d.sized(d.size())
	radius := min(img.Rect.Dx(), img.Rect.Dy()) / 20
	for range 3 { // three boxes are close to a Gaussian
		blur(img, radius)
	}
	return img
}

func (d drawing) dark() image.Image {
	return mapValues(d.sized(d.size()), func(v float64) float64 { return v * 0.04 })
}

func (d drawing) bright() image.Image {
	return mapValues(d.sized(d.size()), func(v float64) float64 { return 255 - (255-v)*0.04 })
}

func (d drawing) tiny() image.Image {
	side := 14 + d.key.Rand("size").IntN(16)
	return d.sized(image.Pt(side, side))
}

func (d drawing) banner() image.Image {
	size := image.Pt(560, 70)
	if d.key.Rand("size").IntN(2) == 0 {
		size.X, size.Y = size.Y, size.X
	}
	return d.sized(size)
}

func (d drawing) flat() image.Image {
	gray := color.Gray{uint8(90 + d.key.Rand("gray").IntN(90))}
	img := image.NewRGBA(image.Rectangle{Max: d.size()})
	draw.Draw(img, img.Rect, image.NewUniform(gray), image.Point{}, draw.Src)
	return img
}

// mapValues changes each colour component of an opaque image in place.
func mapValues(img *image.RGBA, f func(float64) float64) image.Image {
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = uint8(math.Round(f(float64(img.Pix[i]))))
		}
	}
	return img
}

// blur averages each pixel of an opaque image with its neighbours up to
// radius away in both directions; the border counts as going on for ever.
func blur(img *image.RGBA, radius int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	line := make([]uint8, max(w, h))
	for y := range h {
		for channel := range 3 {
			blurLine(img.Pix[y*img.Stride+channel:], line[:w], 4, radius)
		}
	}
	for x := range w {
		for channel := range 3 {
			blurLine(img.Pix[x*4+channel:], line[:h], img.Stride, radius)
		}
	}
}

// blurLine averages values that lie stride apart; line is room for them.
func blurLine(pix, line []uint8, stride, radius int) {
	for i := range line {
		line[i] = pix[i*stride]
	}
	last, window := len(line)-1, 2*radius+1
	sum := 0
	for k := -radius; k <= radius; k++ {
		sum += int(line[min(max(k, 0), last)])
	}
	for i := range line {
		pix[i*stride] = uint8((sum + window/2) / window)
		sum += int(line[min(i+radius+1, last)]) - int(line[max(i-radius, 0)])
	}
}

// resize returns an image whose sides are share of those of img.
func resize(img image.Image, share float64) image.Image {
	if share == 1 {
		return img
	}
	b := img.Bounds()
	width := int(math.Round(float64(b.Dx()) * share))
	height := int(math.Round(float64(b.Dy()) * share))
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	scaler.Scale(out, out.Rect, img, b, draw.Src, nil)
	return out
}
