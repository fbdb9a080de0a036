package jpeg

import (
	"image"
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
