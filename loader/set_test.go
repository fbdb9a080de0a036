package loader

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
)

// makeSet writes a data set of cats and dogs whose images all differ: the
// training split has n of each class, the test split 3.
func makeSet(t testing.TB, n int) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	files := store.Open(dir)
	all := map[dataset.Split][]dataset.Sample{}
	for c, label := range []string{"cat", "dog"} {
		for i := range n + 3 {
			data := encodePNG(t, draw(40+i, 30+c, uint8(7*i), uint8(100*c+i)))
			header, err := codec.Probe(data, codec.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			s, err := files.Put(label, data, header)
			if err != nil {
				t.Fatal(err)
			}
			s.Split = dataset.Train
			if i >= n {
				s.Split = dataset.Test
			}
			all[s.Split] = append(all[s.Split], s)
		}
	}
	writeSplits(t, dir, all)
	return dir
}

func writeSplits(t testing.TB, dir dataset.Dir, all map[dataset.Split][]dataset.Sample) {
	t.Helper()
	var whole []dataset.Sample
	for split, samples := range all {
		dataset.Sort(samples)
		if err := dataset.WriteManifest(dir.Split(split), slices.Values(samples)); err != nil {
			t.Fatal(err)
		}
		whole = append(whole, samples...)
	}
	dataset.Sort(whole)
	info := dataset.Info{Classes: dataset.ClassesOf(whole), Fingerprint: dataset.Fingerprint(whole)}
	if err := dataset.WriteInfo(dir, info); err != nil {
		t.Fatal(err)
	}
}

// draw makes a gradient that begins with the given values.
func draw(width, height int, r, g uint8) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, color.NRGBA{r + uint8(x), g + uint8(2*y), uint8(x * y), 255})
		}
	}
	return m
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A record is a batch as it was, kept after its release.
type record struct {
	index  int
	shape  string
	images []float32
	labels []int32
	names  []string
}

// collect ranges over an epoch and releases every batch.
func collect(t testing.TB, epoch func(func(*Batch, error) bool)) []record {
	t.Helper()
	var all []record
	for b, err := range epoch {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, record{
			b.Index, fmt.Sprint(b.Images().Shape()),
			slices.Clone(b.Images().Data().([]float32)),
			slices.Clone(b.Labels()), slices.Clone(b.FileNames()),
		})
		b.Release()
	}
	return all
}

// firstError ranges over an epoch until an error comes.
func firstError(epoch func(func(*Batch, error) bool)) error {
	for b, err := range epoch {
		if err != nil {
			return err
		}
		b.Release()
	}
	return nil
}

// spoil overwrites the file of a sample with something that is no image.
func spoil(t testing.TB, dir dataset.Dir, name string) {
	t.Helper()
	if err := os.WriteFile(dir.Path(name), []byte("<html>"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func small() Input { return Input{Width: 12, Height: 10} }

var ctx = context.Background()

// appendLine adds a line to a manifest.
func appendLine(t testing.TB, path, line string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, line+"\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
}
