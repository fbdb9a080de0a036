package pixel

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// An Image is an 8-bit picture in memory: Height rows of Width pixels of
// Channels interleaved bytes, without padding. Channels is 1 (gray) or 3
// (RGB).
type Image struct {
	Pix      []uint8
	Width    int
	Height   int
	Channels int
}

// New returns a black image. It panics on sizes that no image has.
func New(width, height, channels int) *Image {
	checkImage(width, height, channels)
	return &Image{make([]uint8, width*height*channels), width, height, channels}
}

func checkImage(width, height, channels int) {
	if width <= 0 || height <= 0 || (channels != 1 && channels != 3) {
		panic(fmt.Sprintf("pixel: no image has size %dx%dx%d", width, height, channels))
	}
}

// Bounds returns the image's rectangle; its upper left corner is (0, 0).
func (m *Image) Bounds() image.Rectangle { return image.Rect(0, 0, m.Width, m.Height) }

// Row returns the bytes of row y, sharing memory with the image.
func (m *Image) Row(y int) []uint8 {
	stride := m.Width * m.Channels
	return m.Pix[y*stride : (y+1)*stride : (y+1)*stride]
}

// FromImage copies src into a new image. Gray sources have one channel,
// all others three. What is transparent shows white.
func FromImage(src image.Image) *Image {
	b := src.Bounds()
	switch src := src.(type) {
	case *image.Gray:
		return fromRows(b, 1, 1, func(y int) []uint8 { return src.Pix[src.PixOffset(b.Min.X, y):] })
	case *image.Gray16:
		return fromRows(b, 1, 2, func(y int) []uint8 { return src.Pix[src.PixOffset(b.Min.X, y):] })
	case *image.YCbCr:
		return fromYCbCr(src)
	case *image.RGBA:
		if src.Opaque() {
			return fromRows(b, 3, 4, func(y int) []uint8 { return src.Pix[src.PixOffset(b.Min.X, y):] })
		}
	case *image.NRGBA:
		if src.Opaque() {
			return fromRows(b, 3, 4, func(y int) []uint8 { return src.Pix[src.PixOffset(b.Min.X, y):] })
		}
	}
	canvas := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(canvas, canvas.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(canvas, canvas.Rect, src, b.Min, draw.Over)
	return fromRows(canvas.Rect, 3, 4, func(y int) []uint8 {
		return canvas.Pix[canvas.PixOffset(0, y):]
	})
}

// fromYCbCr converts with the standard library's formula (JFIF 1.02).
func fromYCbCr(src *image.YCbCr) *Image {
	m := New(src.Rect.Dx(), src.Rect.Dy(), 3)
	for y := range m.Height {
		dst := m.Row(y)
		luma := src.Y[src.YOffset(src.Rect.Min.X, src.Rect.Min.Y+y):]
		for x := range m.Width {
			c := src.COffset(src.Rect.Min.X+x, src.Rect.Min.Y+y)
			d := dst[x*3 : x*3+3 : x*3+3]
			d[0], d[1], d[2] = color.YCbCrToRGB(luma[x], src.Cb[c], src.Cr[c])
		}
	}
	return m
}

// fromRows copies the first channels bytes of every step bytes of each row.
// Of 16-bit samples, which are big endian, that keeps the high byte.
func fromRows(b image.Rectangle, channels, step int, row func(y int) []uint8) *Image {
	m := New(b.Dx(), b.Dy(), channels)
	for y := range m.Height {
		src, dst := row(b.Min.Y+y), m.Row(y)
		switch {
		case channels == step:
			copy(dst, src)
		case channels == 1:
			for x := range dst {
				dst[x] = src[x*step]
			}
		default:
			for x := range m.Width {
				s, d := src[x*4:x*4+3:x*4+3], dst[x*3:x*3+3:x*3+3]
				d[0], d[1], d[2] = s[0], s[1], s[2]
			}
		}
	}
	return m
}

// Std returns a copy as an image of the standard library: *image.Gray for one
// channel, opaque *image.NRGBA for three.
func (m *Image) Std() image.Image {
	if m.Channels == 1 {
		gray := image.NewGray(m.Bounds())
		copy(gray.Pix, m.Pix)
		return gray
	}
	out := image.NewNRGBA(m.Bounds())
	for i := range m.Width * m.Height {
		s, d := m.Pix[i*3:i*3+3:i*3+3], out.Pix[i*4:i*4+4:i*4+4]
		d[0], d[1], d[2], d[3] = s[0], s[1], s[2], 255
	}
	return out
}

// RGB returns the image with three channels: itself, or a copy of a gray one.
func (m *Image) RGB() *Image {
	if m.Channels == 3 {
		return m
	}
	out := New(m.Width, m.Height, 3)
	for i, v := range m.Pix {
		d := out.Pix[i*3 : i*3+3 : i*3+3]
		d[0], d[1], d[2] = v, v, v
	}
	return out
}

// Gray returns the image with one channel: itself, or the luma of a colour
// one, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) in 16-bit fixed point.
func (m *Image) Gray() *Image {
	if m.Channels == 1 {
		return m
	}
	out := New(m.Width, m.Height, 1)
	m.luma(out)
	return out
}

// luma puts the luma of a colour image into out.
func (m *Image) luma(out *Image) {
	for i := range out.Pix {
		s := m.Pix[i*3 : i*3+3 : i*3+3]
		out.Pix[i] = uint8((19595*uint32(s[0]) + 38470*uint32(s[1]) + 7471*uint32(s[2]) + 1<<15) >> 16)
	}
}

// Clone returns a copy.
func (m *Image) Clone() *Image {
	out := *m
	out.Pix = slices.Clone(m.Pix)
	return &out
}

// WithChannels returns the image in gray for 1 and in RGB for 3 channels.
func (m *Image) WithChannels(channels int) *Image {
	if channels == 1 {
		return m.Gray()
	}
	return m.RGB()
}

// Crop returns a copy of the part of the image within r, which must not be
// empty and must lie in the image.
func (m *Image) Crop(r image.Rectangle) *Image {
	if r.Empty() || !r.In(m.Bounds()) {
		panic(fmt.Sprintf("pixel: crop %v of an image of %v", r, m.Bounds()))
	}
	out := New(r.Dx(), r.Dy(), m.Channels)
	for y := range out.Height {
		copy(out.Row(y), m.Row(r.Min.Y + y)[r.Min.X*m.Channels:])
	}
	return out
}
