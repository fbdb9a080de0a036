package loader

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
)

// makePhotos writes a data set of JPEG photos of several sizes, with boxes and
// masks: the training split has n of each of three classes, the test split one.
func makePhotos(t testing.TB, n int) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	files, masks := store.Open(dir), store.OpenFolder(dir, "masks")
	all := map[dataset.Split][]dataset.Sample{}
	for c, label := range []string{"cat", "dog", "owl"} {
		for i := range n + 1 {
			width, height := 70+13*(i%7), 64+11*(i%5)
			s := put(t, files, label, photo(t, width, height, uint64(1000*c+i)))
			s.Boxes = []dataset.Box{
				{X: 5, Y: 6, Width: 30, Height: 20, Label: label},
				{X: 40, Y: 30, Width: float64(width - 40), Height: 25, Label: label},
			}
			s.Mask = put(t, masks, label, mask(t, width, height, i)).FileName
			s.Split = dataset.Train
			if i == n {
				s.Split = dataset.Test
			}
			all[s.Split] = append(all[s.Split], s)
		}
	}
	writeSplits(t, dir, all)
	return dir
}

func put(t testing.TB, files *store.Store, label string, data []byte) dataset.Sample {
	t.Helper()
	header, err := codec.Probe(data, codec.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := files.Put(label, data, header)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// photo returns a JPEG file of blobs and noise.
func photo(t testing.TB, width, height int, seed uint64) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	cx, cy := rng.IntN(width), rng.IntN(height)
	for y := range height {
		for x := range width {
			d := (x-cx)*(x-cx) + (y-cy)*(y-cy)
			m.SetNRGBA(x, y, color.NRGBA{
				uint8(d / 16), uint8(3*x + rng.IntN(20)), uint8(2*y + rng.IntN(20)), 255,
			})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85 + int(seed%10)}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mask returns a PNG file of two regions, and of a mark that no other has.
func mask(t testing.TB, width, height, mark int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width / 2 {
			m.SetGray(x, y, color.Gray{Y: 1})
		}
	}
	m.SetGray(mark%width, mark/width, color.Gray{Y: 2})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
