package pack

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

var imageBytes = []string{"first", "", "third"}

// makePack writes a data set of three training samples and their pack, with
// the bytes of imageBytes in two shards.
func makePack(t *testing.T) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	samples := []dataset.Sample{
		{FileName: "raw/a/1.jpg", Label: "a", Split: dataset.Train},
		{FileName: "raw/a/2.jpg", Label: "a", Split: dataset.Train},
		{FileName: "raw/b/3.png", Label: "b", Split: dataset.Train},
	}
	check(t, dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples)))
	fingerprint := dataset.Fingerprint(samples)
	check(t, dataset.WriteInfo(dir, dataset.Info{
		Classes:      dataset.Classes{"a", "b"},
		Fingerprints: map[string]string{"manifests/train.jsonl": fingerprint},
	}))
	head := NewHead(dataset.Train, fingerprint, "test")
	head.Images, head.Shards = 3, []Shard{{"one", 5}, {"two", 5}}
	folder := Folder(dir, dataset.Train)
	check(t, os.MkdirAll(folder, 0o777))
	check(t, os.WriteFile(filepath.Join(folder, "one"), []byte("first"), 0o666))
	check(t, os.WriteFile(filepath.Join(folder, "two"), []byte("third"), 0o666))
	check(t, WriteIndex(IndexPath(dir, dataset.Train), head, []Entry{
		{FileName: samples[0].FileName, Shard: 0, Bytes: 5, Width: 40, Height: 30, Kind: Reduced},
		{FileName: samples[1].FileName, Shard: 0, Offset: 5, Kind: Plain},
		{FileName: samples[2].FileName, Shard: 1, Bytes: 5, Width: 7, Height: 65535, Kind: Plain},
	}))
	return dir
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLookup(t *testing.T) {
	dir := makePack(t)
	p, err := Open(dir, dataset.Train)
	check(t, err)
	for i, name := range []string{"raw/a/1.jpg", "raw/a/2.jpg", "raw/b/3.png"} {
		data, found, err := p.Lookup(name)
		if err != nil || !found || string(data) != imageBytes[i] {
			t.Errorf("%s holds %q (%v, %v), want %q", name, data, found, err, imageBytes[i])
		}
	}
	if _, found, err := p.Lookup("raw/a/4.jpg"); found || err != nil {
		t.Errorf("an image that is not there: found %v, error %v", found, err)
	}
	if w, h, reduced := p.Size("raw/a/1.jpg"); w != 40 || h != 30 || !reduced {
		t.Errorf("size %dx%d, reduced %v", w, h, reduced)
	}
	if w, h, reduced := p.Size("raw/b/3.png"); w != 7 || h != 65535 || reduced {
		t.Errorf("size %dx%d, reduced %v", w, h, reduced)
	}
	if p.Len() != 3 || p.Head().Encoding != "test" {
		t.Errorf("%d images, head %+v", p.Len(), p.Head())
	}
	check(t, p.Close())
}

func TestOpenTellsWhatIsMissing(t *testing.T) {
	if _, err := Open(makePack(t), dataset.Val); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no pack: error %v", err)
	}

	dir := makePack(t)
	info, err := dataset.ReadInfo(dir)
	check(t, err)
	info.Fingerprints["manifests/train.jsonl"] = "another"
	check(t, dataset.WriteInfo(dir, info))
	if _, err := Open(dir, dataset.Train); !errors.Is(err, ErrStale) {
		t.Errorf("another split: error %v", err)
	}

	dir = makePack(t)
	check(t, os.Truncate(filepath.Join(Folder(dir, dataset.Train), "two"), 4))
	if _, err := Open(dir, dataset.Train); err == nil || !strings.Contains(err.Error(), "two") {
		t.Errorf("a shard cut short: error %v", err)
	}
	check(t, os.Remove(filepath.Join(Folder(dir, dataset.Train), "one")))
	if _, err := Open(dir, dataset.Train); err == nil || !strings.Contains(err.Error(), "one") {
		t.Errorf("no shard: error %v", err)
	} else if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a pack without a shard is told as no pack: error %v", err)
	}
}

func TestShardCutShortAfterOpenIsAnError(t *testing.T) {
	dir := makePack(t)
	p, err := Open(dir, dataset.Train)
	check(t, err)
	defer func() { check(t, p.Close()) }()
	data, found, err := p.Read("raw/b/3.png", nil)
	if err != nil || !found || string(data) != "third" {
		t.Errorf("%q (%v, %v)", data, found, err)
	}
	check(t, os.Truncate(filepath.Join(Folder(dir, dataset.Train), "two"), 0))
	_, _, looked := p.Lookup("raw/b/3.png")
	_, _, read := p.Read("raw/b/3.png", nil)
	for _, err := range []error{looked, read} {
		if err == nil || !strings.Contains(err.Error(), "raw/b/3.png in two: ") ||
			!strings.Contains(err.Error(), "dsbuild pack --split train") {
			t.Errorf("error %v", err)
		}
	}
	if data, _, err := p.Lookup("raw/a/1.jpg"); err != nil || string(data) != "first" {
		t.Errorf("the other shard: %q, %v", data, err)
	}
}

func TestManifestVouchesWhereInfoDoesNot(t *testing.T) {
	dir := makePack(t)
	check(t, dataset.WriteInfo(dir, dataset.Info{Classes: dataset.Classes{"a", "b"}}))
	p, err := Open(dir, dataset.Train)
	check(t, err)
	check(t, p.Close())
	samples, err := dataset.ReadAll(dir.Split(dataset.Train))
	check(t, err)
	check(t, dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples[1:])))
	if _, err := Open(dir, dataset.Train); !errors.Is(err, ErrStale) {
		t.Errorf("a shorter manifest: error %v", err)
	}
}

// head is that of an index of one image.
const head = `{"format":"dsbuild pack","version":1,"images":1,` +
	`"shards":[{"name":"s","bytes":9}]}` + "\n"

// image is an entry of that file_name and more fields.
func image(name, more string) string {
	return `{"file_name":"` + name + `","kind":"plain"` + more + "}\n"
}

func TestIndexFaultsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                          "x:1: the index ends",
		"{}\n":                                      `x:1: its format is ""`,
		"no\n":                                      "x:1: ",
		head:                                        "x:2: the index ends after 0 of 1",
		head + "{":                                  "x:2: ",
		head + image("../a", ""):                    "x:2: file_name",
		head + image("", ""):                        "x:2: file_name",
		head + image("a", `,"shard":1`):             "x:2: shard 1",
		head + image("a", `,"shard":-1`):            "x:2: shard -1",
		head + image("a", `,"bytes":-1`):            `x:2: "a"`,
		head + image("a", `,"bytes":10`):            `x:2: "a"`,
		head + image("a", `,"width":65536`):         "x:2: width",
		head + image("a", `,"kind":"x"`):            `x:2: kind "x"`,
		head + image("a", `,"format":"/../x"`):      `x:2: kind "plain" or format "/../x"`,
		head + image("a", "") + image("a", ""):      `x:3: file_name "a" is in the index twice`,
		head + image("a", "") + image("b", ""):      "x:4: the index ends after 2 of 1",
		head + image("a", `,"offset":9,"bytes":1`):  `x:2: "a", 1 bytes from 9`,
		head + image("a", `,"offset":-1,"bytes":1`): `x:2: "a"`,
		strings.Replace(head, `"s"`, `"../s"`, 1):   "x:1: shard",
		strings.Replace(head, `9`, `-9`, 1):         "x:1: shard",
	} {
		_, err := readIndex("x", strings.NewReader(text), func(Entry) error { return nil })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func FuzzReadIndex(f *testing.F) {
	var b bytes.Buffer
	b.WriteString(head)
	b.WriteString(image("a", `,"shard":0,"offset":2,"bytes":7,"width":3,"height":2`))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		var entries []Entry
		head, err := readIndex("x", bytes.NewReader(data), func(e Entry) error {
			entries = append(entries, e)
			return nil
		})
		if err != nil {
			return
		}
		if len(entries) != head.Images {
			t.Fatalf("%d entries of %d", len(entries), head.Images)
		}
		for _, e := range entries {
			if e.Offset < 0 || e.Bytes < 0 || e.Offset+e.Bytes > head.Shards[e.Shard].Bytes {
				t.Fatalf("%+v is not within its shard", e)
			}
		}
	})
}

func TestFetchCopiesSmallImagesAlone(t *testing.T) {
	dir := makePack(t)
	large := make([]byte, maxCopied+1)
	shard := filepath.Join(Folder(dir, dataset.Train), "one")
	check(t, os.WriteFile(shard, large, 0o666))
	var entries []Entry
	head, err := ReadIndex(IndexPath(dir, dataset.Train), func(e Entry) error {
		if e.FileName == "raw/a/1.jpg" {
			e.Bytes = int64(len(large))
		}
		if e.FileName == "raw/a/2.jpg" {
			e.Offset = int64(len(large))
		}
		entries = append(entries, e)
		return nil
	})
	check(t, err)
	head.Shards[0].Bytes = int64(len(large))
	check(t, WriteIndex(IndexPath(dir, dataset.Train), head, entries))
	p, err := Open(dir, dataset.Train)
	check(t, err)
	defer p.Close()

	buf := make([]byte, 1)
	data, found, err := p.Fetch("raw/b/3.png", &buf)
	if string(data) != "third" || !found || err != nil || &buf[0] != &data[0] {
		t.Errorf("a small image: %q, %v, %v, or not in the buffer", data, found, err)
	}
	n := testing.AllocsPerRun(10, func() { _, _, _ = p.Fetch("raw/b/3.png", &buf) })
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	data, found, err = p.Fetch("raw/a/1.jpg", &buf)
	if len(data) != len(large) || !found || err != nil || len(buf) != 5 {
		t.Errorf("a large image: %d bytes, %v, %v, and %d in the buffer", len(data), found, err, len(buf))
	}
	if _, found, _ := p.Fetch("raw/c/4.jpg", &buf); found {
		t.Error("an image was found that is not there")
	}
}
