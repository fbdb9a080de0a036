package store

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
)

func picture(t *testing.T, width int) ([]byte, codec.Header) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 4))); err != nil {
		t.Fatal(err)
	}
	header, err := codec.Probe(b.Bytes(), codec.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), header
}

func TestPutTwiceFromManyGoroutines(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	s := Open(dir)
	data, header := picture(t, 5)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			sample, err := s.Put("pug", data, header)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := os.ReadFile(dir.Path(sample.FileName)); err != nil || !bytes.Equal(got, data) {
				t.Errorf("stored %d bytes (%v), want %d", len(got), err, len(data))
			}
			if err := s.Sync(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	entries, err := os.ReadDir(dir.Path("raw/pug"))
	if err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v (%v), want one file", entries, err)
	}
}

func TestPutRepairsAndCleans(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	data, header := picture(t, 5)
	sample, err := Open(dir).Put("pug", data, header)
	if err != nil {
		t.Fatal(err)
	}
	path := dir.Path(sample.FileName)
	if err := os.WriteFile(path, data[:7], 0o644); err != nil { // as after a power cut
		t.Fatal(err)
	}
	leaving := filepath.Join(filepath.Dir(path), dataset.TempPrefix+"1")
	if err := os.WriteFile(leaving, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir).Put("pug", data, header); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
		t.Errorf("file has %d bytes (%v), want it whole again", len(got), err)
	}
	if _, err := os.Stat(leaving); err == nil {
		t.Error("the leavings of a killed run are still there")
	}
}

func TestPutRefusesLabelsThatAreNoFolder(t *testing.T) {
	dir := dataset.Dir(filepath.Join(t.TempDir(), "inner"))
	data, header := picture(t, 5)
	for _, label := range []string{"", "..", "../pug", "a/b", `a\b`, "pug\x00"} {
		if _, err := Open(dir).Put(label, data, header); err == nil {
			t.Errorf("label %q was taken", label)
		}
	}
}

func TestMerge(t *testing.T) {
	at := func(url string) *dataset.Source { return &dataset.Source{URL: url} }
	first := dataset.Sample{FileName: "raw/a/1.png", Label: "a", Split: dataset.Train, Source: at("u1")}
	again := dataset.Sample{FileName: "raw/a/1.png", Label: "a", Split: dataset.Test, Source: at("u2")}
	other := dataset.Sample{FileName: "raw/a/0.png", Label: "a", Source: at("u3")}

	want := []dataset.Sample{other, {
		FileName: "raw/a/1.png", Label: "a", Split: dataset.Test, Source: at("u1"),
		Copies: []dataset.Origin{{Split: dataset.Test, Source: at("u2")}},
	}}
	got := Merge([]dataset.Sample{first}, []dataset.Sample{again, other})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("merged\n%+v\nwant\n%+v", got, want)
	}
	if twice := Merge(got, []dataset.Sample{first, again, other}); !reflect.DeepEqual(twice, want) {
		t.Errorf("merging again gave\n%+v\nwant\n%+v", twice, want)
	}
	if first.Copies != nil {
		t.Error("Merge changed its argument")
	}
}
