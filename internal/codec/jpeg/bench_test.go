package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// photos returns files of the sample data set of clothes, where it is there.
func photos(b *testing.B, n int) [][]byte {
	paths, _ := filepath.Glob("../../../../shared/data/clothing/train/*/*.jpg")
	if len(paths) == 0 {
		b.Skip("no sample photos here")
	}
	var files [][]byte
	for _, path := range paths[:min(n, len(paths))] {
		files = append(files, read(b, path))
	}
	return files
}

// benchmark decodes a part of each file, which region chooses.
func benchmark(b *testing.B, files [][]byte, scale int, region func(Header) image.Rectangle) {
	var d Decoder
	var pix []uint8
	next := 0
	for b.Loop() {
		data := files[next%len(files)]
		next++
		header, err := d.Open(data)
		if err != nil {
			b.Fatal(err)
		}
		part := region(header)
		bounds := d.Bounds(part, scale)
		stride := bounds.Dx() * header.Components
		if n := bounds.Dy() * stride; len(pix) < n {
			pix = make([]uint8, n)
		}
		if _, err := d.Decode(pix, stride, part, scale, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPhotos(b *testing.B) {
	files := photos(b, 300)
	middle := func(h Header) image.Rectangle {
		return image.Rect(h.Width/4, h.Height/4, h.Width*3/4, h.Height*3/4)
	}
	b.Run("whole", func(b *testing.B) { benchmark(b, files, 1, Header.whole) })
	b.Run("middle", func(b *testing.B) { benchmark(b, files, 1, middle) })
	b.Run("half", func(b *testing.B) { benchmark(b, files, 2, Header.whole) })
	b.Run("eighth", func(b *testing.B) { benchmark(b, files, 8, Header.whole) })
}

// drawn returns a file of a picture with soft and hard edges and some grain, as
// photos have them.
func drawn(b *testing.B, width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			fx, fy := float64(x)/97, float64(y)/61
			v := 120 + 60*math.Sin(fx+math.Sin(fy)) + 40*math.Sin(fx*fy/9)
			if (x/180+y/140)%3 == 0 {
				v = 255 - v
			}
			v += 12 * random.NormFloat64()
			m.SetRGBA(x, y, color.RGBA{clamp(v), clamp(v*0.8 + 20), clamp(230 - v/2), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

func BenchmarkDrawn(b *testing.B) {
	files := [][]byte{drawn(b, 2000, 1500)}
	middle := func(h Header) image.Rectangle {
		return image.Rect(h.Width/4, h.Height/4, h.Width*3/4, h.Height*3/4)
	}
	for _, scale := range scales {
		b.Run(fmt.Sprintf("whole/%d", scale), func(b *testing.B) {
			benchmark(b, files, scale, Header.whole)
		})
		b.Run(fmt.Sprintf("middle/%d", scale), func(b *testing.B) {
			benchmark(b, files, scale, middle)
		})
	}
}
