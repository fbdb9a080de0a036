package demosite

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/draw"
)

// scaler is smooth and, unlike an approximation, the same in every direction.
var scaler = draw.CatmullRom

// A file is what a request for an item is answered with.
type file struct {
	data          []byte
	mime          string
	width, height int // 0 where it is no image
}

// encode writes an image in the format of an extension.
func encode(img image.Image, extension string, quality int) file {
	var b bytes.Buffer
	var err error
	f := file{width: img.Bounds().Dx(), height: img.Bounds().Dy()}
	switch extension {
	case ".png":
		f.mime, err = "image/png", png.Encode(&b, img)
	case ".gif":
		options := gif.Options{NumColors: 256, Quantizer: ownColours{}, Drawer: stddraw.Src}
		f.mime, err = "image/gif", gif.Encode(&b, img, &options)
	default:
		f.mime, err = "image/jpeg", jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	}
	if err != nil {
		panic(fmt.Sprintf("demosite: a drawing cannot be encoded: %v", err))
	}
	f.data = b.Bytes()
	return f
}

// ownColours chooses colours for a GIF from its picture: the most frequent
// shades, from dark to bright, get the most.
type ownColours struct{}

func (ownColours) Quantize(p color.Palette, img image.Image) color.Palette {
	var pixels []color.RGBA
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			pixels = append(pixels, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA))
		}
	}
	shade := func(c color.RGBA) int { return 299*int(c.R) + 587*int(c.G) + 114*int(c.B) }
	slices.SortStableFunc(pixels, func(a, b color.RGBA) int { return shade(a) - shade(b) })
	for n, i := cap(p)-len(p), 0; i < n; i++ {
		p = append(p, pixels[(2*i+1)*len(pixels)/(2*n)])
	}
	return p
}

// decode returns the picture that encode was given, as far as the format kept
// it.
func (f file) decode() image.Image {
	img, _, err := image.Decode(bytes.NewReader(f.data))
	if err != nil {
		panic(fmt.Sprintf("demosite: a drawing cannot be decoded: %v", err))
	}
	return img
}

// cut returns the first share of a file.
func (f file) cut(share float64) file {
	f.data = f.data[:int(float64(len(f.data))*share)]
	return f
}

// notAnImage is a page that says that there is none.
func notAnImage() file {
	const page = "<!doctype html>\n<title>Sorry</title>\n<p>Please log in to see this picture.</p>\n"
	return file{data: []byte(page), mime: "image/jpeg"}
}
