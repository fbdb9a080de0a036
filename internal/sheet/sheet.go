// Package sheet draws what people look at: contact sheets and confusion
// matrices, as PNG files.
//
// In go pictures with captions, or counts with labels; out comes one image:
//
//	tiles := []sheet.Tile{{Image: img, Caption: "blur 3.1 < 20"}}
//	err := sheet.Write("sheets/rejected.png", slices.Values(tiles), sheet.Options{
//		Title: "Rejected pictures",
//	})
package sheet

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"iter"

	"github.com/disintegration/imaging"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Tile is one picture of a contact sheet.
type Tile struct {
	// Image is shown whole, made smaller where it does not fit. Nil, for what
	// cannot be decoded, shows as a crossed box.
	Image image.Image
	// Caption goes below; what is longer than Options.CaptionLines ends in "…".
	Caption string
}

// Options say how a contact sheet looks.
type Options struct {
	// Columns of tiles; 0 means 8, or fewer where there are fewer tiles.
	Columns int
	// TileSide is the width and height that a picture may have, in pixels;
	// 0 means 128.
	TileSide int
	// Title stands above the tiles; an empty one takes no room.
	Title string
	// CaptionLines is how many lines a caption may have; 0 means 2.
	CaptionLines int
	// Enlarge shows images that fit several times at as many times their size.
	Enlarge bool
}

func (o Options) withDefaults(tiles int) Options {
	if o.Columns <= 0 {
		o.Columns = max(1, min(8, tiles))
	}
	if o.TileSide <= 0 {
		o.TileSide = 128
	}
	if o.CaptionLines <= 0 {
		o.CaptionLines = 2
	}
	return o
}

// Sizes in pixels.
const (
	margin      = 16
	gap         = 10
	titleSize   = 20
	captionSize = 11
)

var (
	ink    = color.RGBA{0x22, 0x26, 0x2b, 0xff}
	faint  = color.RGBA{0xd8, 0xdc, 0xe0, 0xff}
	ground = color.RGBA{0xf6, 0xf7, 0xf8, 0xff} // behind pictures that do not fill their tile
)

// Render returns a contact sheet: tiles in reading order on white.
func Render(tiles []Tile, o Options) *image.RGBA {
	o = o.withDefaults(len(tiles))
	title, small := newWriter(titleSize), newWriter(captionSize)
	captions, lines := make([][]string, len(tiles)), 0
	for i, tile := range tiles {
		captions[i] = small.wrap(tile.Caption, o.TileSide, o.CaptionLines)
		lines = max(lines, len(captions[i]))
	}
	top := margin
	if o.Title != "" {
		top += title.height + gap
	}
	stepX, stepY := o.TileSide+gap, o.TileSide+gap+lines*small.height
	rows := (len(tiles) + o.Columns - 1) / o.Columns
	out := blank(2*margin+o.Columns*stepX-gap, top+rows*stepY+margin-gap)
	title.draw(out, title.fit(o.Title, out.Rect.Dx()-2*margin), margin, margin, ink)
	for i, tile := range tiles {
		x, y := margin+i%o.Columns*stepX, top+i/o.Columns*stepY
		frame := image.Rect(x, y, x+o.TileSide, y+o.TileSide)
		if o.Enlarge && tile.Image != nil {
			tile.Image = enlarge(tile.Image, o.TileSide)
		}
		drawTile(out, frame, tile.Image)
		for k, line := range captions[i] {
			small.draw(out, line, x, frame.Max.Y+2+k*small.height, ink)
		}
	}
	return out
}

// Write renders a contact sheet into a PNG file, replacing it atomically. The
// tiles' images are scaled as they come, so full-size pictures may be yielded
// one at a time.
func Write(path string, tiles iter.Seq[Tile], o Options) error {
	side := o.withDefaults(0).TileSide
	var small []Tile
	for tile := range tiles {
		if tile.Image != nil {
			tile.Image = shrink(tile.Image, side)
		}
		small = append(small, tile)
	}
	return writePNG(path, Render(small, o))
}

// drawTile centres an image in a frame, or crosses the frame out.
func drawTile(dst *image.RGBA, frame image.Rectangle, img image.Image) {
	draw.Draw(dst, frame, image.NewUniform(ground), image.Point{}, draw.Src)
	if img == nil {
		for i := range frame.Dx() {
			y := i * frame.Dy() / frame.Dx()
			dst.SetRGBA(frame.Min.X+i, frame.Min.Y+y, faint)
			dst.SetRGBA(frame.Max.X-1-i, frame.Min.Y+y, faint)
		}
	} else {
		img = shrink(img, frame.Dx())
		at := frame.Min.Add(frame.Size().Sub(img.Bounds().Size()).Div(2))
		place := image.Rectangle{at, at.Add(img.Bounds().Size())}
		draw.Draw(dst, place, img, img.Bounds().Min, draw.Over)
	}
	border(dst, frame.Inset(-1), faint)
}

// shrink returns an image whose sides are at most side, the same one where
// that is so already.
func shrink(img image.Image, side int) image.Image {
	b := img.Bounds()
	if b.Dx() <= side && b.Dy() <= side {
		return img
	}
	if _, ok := img.(image.PalettedImage); ok {
		// imaging would average the indices of colours.
		rgba := image.NewNRGBA(image.Rectangle{Max: b.Size()})
		draw.Draw(rgba, rgba.Rect, img, b.Min, draw.Src)
		img = rgba
	}
	return imaging.Fit(img, side, side, imaging.CatmullRom)
}

// enlarge returns an image a whole number of times as large, as far as it then
// fits. Its pixels stay squares.
func enlarge(img image.Image, side int) image.Image {
	b := img.Bounds()
	times := side / max(b.Dx(), b.Dy(), 1)
	if times < 2 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, times*b.Dx(), times*b.Dy()))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(b.Min.X+x/times, b.Min.Y+y/times))
		}
	}
	return out
}

// border draws the outermost pixels of a frame.
func border(dst *image.RGBA, frame image.Rectangle, c color.RGBA) {
	for x := frame.Min.X; x < frame.Max.X; x++ {
		dst.SetRGBA(x, frame.Min.Y, c)
		dst.SetRGBA(x, frame.Max.Y-1, c)
	}
	for y := frame.Min.Y; y < frame.Max.Y; y++ {
		dst.SetRGBA(frame.Min.X, y, c)
		dst.SetRGBA(frame.Max.X-1, y, c)
	}
}

func blank(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	return img
}

func writePNG(path string, img image.Image) error {
	err := dataset.WriteFile(path, func(w io.Writer) error { return png.Encode(w, img) })
	if err != nil {
		return fmt.Errorf("picture %s: %w", path, err)
	}
	return nil
}
