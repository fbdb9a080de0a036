package pack

import (
	"bytes"
	"context"
	"errors"
	"image"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/pack"
)

func run(t testing.TB, dir dataset.Dir, o Options) Report {
	t.Helper()
	report, err := Run(ctx, dir, dataset.Train, o)
	check(t, err)
	return report
}

func TestPackHasThePixelsOfTheFiles(t *testing.T) {
	files := makeFiles(t)
	dir := makeSet(t, files)
	report := run(t, dir, Options{})
	want := []Kind{{Kind: "marked", Format: "jpeg", Images: 6},
		{Kind: "plain", Format: "", Images: 1}, {Kind: "plain", Format: "jpeg", Images: 1},
		{Kind: "plain", Format: "png", Images: 1}}
	for i, k := range report.Kinds {
		k.SourceBytes, k.Bytes = 0, 0
		if i >= len(want) || k != want[i] {
			t.Errorf("kinds %+v, want %+v", report.Kinds, want)
			break
		}
	}
	if report.Images != len(files) || report.Written != len(files) || report.Shards != 1 {
		t.Errorf("report %+v", report)
	}
	p, err := pack.Open(dir, dataset.Train)
	check(t, err)
	defer p.Close()
	for name, source := range files {
		data, found, err := p.Lookup(name)
		if err != nil || !found {
			t.Errorf("%s: found %v, error %v", name, found, err)
			continue
		}
		m, header, err := codec.DecodeStrict(source, codec.Limits{})
		if err != nil || header.Format == "png" {
			if !bytes.Equal(data, source) {
				t.Errorf("%s has other bytes", name)
			}
			continue
		}
		got, _, err := codec.DecodeStrict(data, codec.Limits{})
		if err != nil || !bytes.Equal(got.Pix, m.Pix) {
			t.Errorf("%s has other pixels (%v)", name, err)
		}
		if !bytes.Contains(data, []byte("RSTIDX")) {
			t.Errorf("%s has no index", name)
		}
		if w, h, reduced := p.Size(name); w != m.Width || h != m.Height || reduced {
			t.Errorf("%s: size %dx%d, reduced %v", name, w, h, reduced)
		}
	}
}

func TestPacksDoNotDependOnWorkers(t *testing.T) {
	files := makeFiles(t)
	var first map[string]string
	for _, workers := range []int{1, 2, 7} {
		dir := makeSet(t, files)
		run(t, dir, Options{Workers: workers, ShardBytes: 9000})
		got := filesIn(t, pack.Folder(dir, dataset.Train))
		if len(got) < 3 {
			t.Fatalf("files %v", slices.Sorted(maps.Keys(got)))
		}
		if first == nil {
			first = got
		}
		if !maps.Equal(got, first) {
			t.Errorf("%d workers write other files", workers)
		}
	}
}

func TestAnotherRunDoesNothing(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	first := run(t, dir, Options{})
	path := pack.IndexPath(dir, dataset.Train)
	before, err := os.Stat(path)
	check(t, err)
	second := run(t, dir, Options{Progress: func(int, int) { t.Error("an image was written") }})
	after, err := os.Stat(path)
	check(t, err)
	if !os.SameFile(before, after) || second.Written != 0 {
		t.Errorf("the index was written again, or %d images", second.Written)
	}
	if second.Written = first.Written; !slices.Equal(first.Kinds, second.Kinds) ||
		first.Bytes != second.Bytes || first.SourceBytes != second.SourceBytes {
		t.Errorf("reports %+v and %+v", first, second)
	}
}

func TestRunGoesOnWhereOneWasCut(t *testing.T) {
	files := makeFiles(t)
	whole := makeSet(t, files)
	o := Options{Workers: 1, ShardBytes: 9000}
	run(t, whole, o)
	want := filesIn(t, pack.Folder(whole, dataset.Train))
	for cut := 1; cut < len(files); cut++ {
		dir := makeSet(t, files)
		folder := pack.Folder(dir, dataset.Train)
		cutShort(t, dir, o, cut)
		if _, err := os.Stat(pack.IndexPath(dir, dataset.Train)); err == nil {
			t.Fatal("a pack that was cut short has an index")
		}
		if cut%2 == 0 { // as a kill leaves it
			tear(t, folder)
		}
		if report := run(t, dir, o); report.Written >= len(files) {
			t.Errorf("cut at %d: %d images were written again", cut, report.Written)
		}
		if got := filesIn(t, folder); !maps.Equal(got, want) {
			t.Errorf("cut at %d: files %v, want %v", cut,
				slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// cutShort starts a run and cancels it after some images.
func cutShort(t *testing.T, dir dataset.Dir, o Options, after int) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.Progress = func(done, _ int) {
		if done == after {
			cancel()
		}
	}
	if _, err := Run(ctx, dir, dataset.Train, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
}

// tear adds to the last shard and to the journal what was not committed.
func tear(t *testing.T, folder string) {
	t.Helper()
	files := slices.Sorted(maps.Keys(filesIn(t, folder)))
	for _, name := range []string{files[0], files[len(files)-1]} {
		f, err := os.OpenFile(filepath.Join(folder, name), os.O_APPEND|os.O_WRONLY, 0)
		check(t, err)
		_, err = f.WriteString(`{"entry":{"file_na`)
		check(t, errors.Join(err, f.Close()))
	}
}

func sizeOf(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	return strconv.FormatInt(info.Size(), 10)
}

// TestRunGoesOnAfterTwoCuts cuts the first run before there is anything to go
// on from.
func TestRunGoesOnAfterTwoCuts(t *testing.T) {
	files := makeFiles(t)
	dir := makeSet(t, files)
	check(t, os.Rename(dir.Path("raw/cat"), dir.Path("raw/away")))
	if _, err := Run(ctx, dir, dataset.Train, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
	check(t, os.Rename(dir.Path("raw/away"), dir.Path("raw/cat")))
	cutShort(t, dir, Options{Workers: 1}, 4)
	if report := run(t, dir, Options{}); report.Written >= len(files) {
		t.Errorf("%d images were written again", report.Written)
	}
}

func TestUnusableLeavingsAreWrittenAnew(t *testing.T) {
	files := makeFiles(t)
	whole := makeSet(t, files)
	run(t, whole, Options{Workers: 1})
	want := filesIn(t, pack.Folder(whole, dataset.Train))
	for name, spoil := range map[string]func(journal, shard string){
		"a shard cut short": func(_, shard string) { check(t, os.Truncate(shard, 10)) },
		"no shard":          func(_, shard string) { check(t, os.Remove(shard)) },
		"a faulty journal": func(journal, _ string) {
			check(t, os.WriteFile(journal, []byte("{}\n{}\n"), 0o666))
		},
		"another image": func(journal, _ string) {
			data, err := os.ReadFile(journal)
			check(t, err)
			data = bytes.Replace(data, []byte("cat/1.jpg"), []byte("cat/x.jpg"), 1)
			check(t, os.WriteFile(journal, data, 0o666))
		},
		"more images than there are": func(journal, shard string) {
			data, err := os.ReadFile(journal)
			check(t, err)
			entry := `{"entry":{"file_name":"raw/x.jpg","offset":` + sizeOf(t, shard) + `}}` + "\n"
			data = append(data, strings.Repeat(entry, len(files))...)
			check(t, os.WriteFile(journal, data, 0o666))
		},
		"an entry far away": func(journal, _ string) {
			data, err := os.ReadFile(journal)
			check(t, err)
			data = bytes.Replace(data, []byte(`"shard":0`), []byte(`"shard":99999999`), 1)
			check(t, os.WriteFile(journal, data, 0o666))
		},
	} {
		dir := makeSet(t, files)
		folder := pack.Folder(dir, dataset.Train)
		cutShort(t, dir, Options{Workers: 1}, 4)
		left := slices.Sorted(maps.Keys(filesIn(t, folder)))
		spoil(filepath.Join(folder, left[0]), filepath.Join(folder, left[1]))
		if report := run(t, dir, Options{Workers: 1}); report.Written != len(files) {
			t.Errorf("%s: %d images were written", name, report.Written)
		}
		if got := filesIn(t, folder); !maps.Equal(got, want) {
			t.Errorf("%s: other files", name)
		}
	}
}

func TestANewPackTakesThePlaceOfAnOldOne(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	run(t, dir, Options{ShardBytes: 9000})
	p, err := pack.Open(dir, dataset.Train)
	check(t, err)
	defer p.Close()
	samples, err := dataset.ReadAll(dir.Split(dataset.Train))
	check(t, err)
	setSplit(t, dir, samples[1:])
	if _, err := pack.Open(dir, dataset.Train); !errors.Is(err, pack.ErrStale) {
		t.Errorf("the old pack: error %v", err)
	}
	cutShort(t, dir, Options{Longest: 20}, 3) // leaves a journal of its own
	folder := pack.Folder(dir, dataset.Train)
	for range 2 {
		if report := run(t, dir, Options{}); report.Images != len(samples)-1 {
			t.Errorf("report %+v", report)
		}
		if got := filesIn(t, folder); len(got) != 2 {
			t.Errorf("files %v, want an index and a shard", slices.Sorted(maps.Keys(got)))
		}
		// As a kill leaves it before the old pack is deleted.
		for _, name := range []string{"old" + shardEnding, journalPrefix + "old.jsonl"} {
			check(t, os.WriteFile(filepath.Join(folder, name), nil, 0o666))
		}
	}
	if data, found, err := p.Lookup(samples[0].FileName); err != nil || !found || len(data) == 0 {
		t.Errorf("the old pack, still open: %d bytes, found %v, error %v", len(data), found, err)
	}
}

func TestDamagedShardIsWrittenAnew(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	run(t, dir, Options{})
	want := filesIn(t, pack.Folder(dir, dataset.Train))
	for name := range want {
		if strings.HasSuffix(name, shardEnding) {
			check(t, os.Truncate(filepath.Join(pack.Folder(dir, dataset.Train), name), 5))
		}
	}
	run(t, dir, Options{})
	if got := filesIn(t, pack.Folder(dir, dataset.Train)); !maps.Equal(got, want) {
		t.Error("other files")
	}
}

func TestLongestReduces(t *testing.T) {
	files := map[string][]byte{
		"raw/a/1.jpg": asJPEG(t, picture(200, 100, 1)),
		"raw/a/2.png": asPNG(t, picture(60, 120, 2)),
		"raw/a/3.jpg": asJPEG(t, picture(50, 40, 3)),
	}
	dir := makeSet(t, files)
	run(t, dir, Options{Longest: 50, Quality: 80})
	p, err := pack.Open(dir, dataset.Train)
	check(t, err)
	defer p.Close()
	if head := p.Head(); head.Longest != 50 || head.Quality != 80 {
		t.Errorf("head %+v", head)
	}
	for name, want := range map[string]image.Point{
		"raw/a/1.jpg": {50, 25}, "raw/a/2.png": {25, 50}, "raw/a/3.jpg": {50, 40},
	} {
		data, _, err := p.Lookup(name)
		check(t, err)
		header, err := codec.Probe(data, codec.Limits{})
		check(t, err)
		w, h, reduced := p.Size(name)
		if (image.Point{w, h}) != want || header.Width != w || header.Height != h ||
			reduced != (name != "raw/a/3.jpg") || header.Format != codec.Sniff(files[name]) {
			t.Errorf("%s: %dx%d, reduced %v, header %+v, want %v", name, w, h, reduced, header, want)
		}
	}
}

func TestLargeImagesAreBanded(t *testing.T) {
	files := map[string][]byte{
		"raw/a/1.jpg": asJPEG(t, picture(200, 100, 1)), "raw/a/2.jpg": asJPEG(t, picture(100, 100, 2)),
	}
	dir := makeSet(t, files)
	run(t, dir, Options{})
	report := run(t, dir, Options{BandedPixels: 200 * 100})
	if report.Written != 2 || len(report.Kinds) != 2 || report.Kinds[0].Kind != pack.Banded {
		t.Errorf("report %+v", report)
	}
	p, err := pack.Open(dir, dataset.Train)
	check(t, err)
	defer p.Close()
	for name, source := range files {
		data, _, err := p.Lookup(name)
		check(t, err)
		want, _, err := codec.DecodeStrict(source, codec.Limits{})
		check(t, err)
		got, _, err := codec.DecodeStrict(data, codec.Limits{})
		if err != nil || !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%s has other pixels (%v)", name, err)
		}
	}
}

func TestFilesThatAreNotThoseOfTheManifest(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	check(t, os.WriteFile(dir.Path("raw/cat/3.jpg"), []byte("other"), 0o666))
	if _, err := Run(ctx, dir, dataset.Train, Options{}); err == nil ||
		!strings.Contains(err.Error(), "3.jpg") {
		t.Errorf("a changed file: error %v", err)
	}
	check(t, os.Remove(dir.Path("raw/cat/3.jpg")))
	if _, err := Run(ctx, dir, dataset.Train, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
	if _, err := Run(ctx, dir, dataset.Val, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no split: error %v", err)
	}
	check(t, os.WriteFile(dir.Split(dataset.Train), nil, 0o666))
	if _, err := Run(ctx, dir, dataset.Train, Options{}); !errors.Is(err, dataset.ErrStale) {
		t.Errorf("another manifest: error %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Longest: -1}, {Quality: 101}, {Quality: -1}, {Workers: -1},
		{ShardBytes: -1}, {MaxPixels: -1}, {BandedPixels: -1}} {
		if _, err := Run(ctx, dataset.Dir(t.TempDir()), dataset.Train, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}
