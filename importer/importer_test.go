package importer

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// A file to be offered: its name, and its content or the target of a link.
type file struct {
	name    string
	content []byte
	link    string
}

// picture returns a small PNG; different numbers give different bytes.
func picture(number int) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 8, 6))
	m.Set(number%8, number/8%6, color.NRGBA{uint8(number), 90, 200, 255})
	m.Set(0, 0, color.NRGBA{uint8(number >> 8), uint8(number), 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pictures offers one different picture under each name.
func pictures(names ...string) []file {
	files := make([]file, len(names))
	for i, name := range names {
		files[i] = file{name: name, content: picture(i + 1)}
	}
	return files
}

// containers write files as each kind of source under folder and return its
// path. The folder cannot hold hostile names.
var containers = map[string]func(folder string, files []file) (string, error){
	"folder": writeFolder,
	"tar": func(folder string, files []file) (string, error) {
		data, err := tarOf(files)
		return writeFile(folder, "set.tar", data, err)
	},
	"tar.gz": func(folder string, files []file) (string, error) {
		data, err := tarOf(files)
		return writeFile(folder, "set.tgz", gzipOf(data), err)
	},
	"zip": func(folder string, files []file) (string, error) {
		data, err := zipOf(files)
		return writeFile(folder, "set.zip", data, err)
	},
}

func writeFile(folder, name string, data []byte, err error) (string, error) {
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	return path, os.WriteFile(path, data, 0o666)
}

func writeFolder(folder string, files []file) (string, error) {
	root := filepath.Join(folder, "set")
	for _, f := range files {
		path := filepath.Join(root, f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return "", err
		}
		var err error
		if f.link != "" {
			err = os.Symlink(f.link, path)
		} else {
			err = os.WriteFile(path, f.content, 0o666)
		}
		if err != nil {
			return "", err
		}
	}
	return root, nil
}

func tarOf(files []file) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.content)), Typeflag: tar.TypeReg}
		if f.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, f.link
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := w.Close() // writes what ends the archive
	return b.Bytes(), err
}

func gzipOf(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func zipOf(files []file) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		h.SetMode(0o644)
		content := f.content
		if f.link != "" {
			h.SetMode(0o777 | os.ModeSymlink)
			content = []byte(f.link)
		}
		out, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := out.Write(content); err != nil {
			return nil, err
		}
	}
	err := w.Close() // writes what ends the archive
	return b.Bytes(), err
}

// splitsOf returns "label/split" of every collected image, counted.
func splitsOf(t *testing.T, dir dataset.Dir) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for s, err := range dataset.ReadManifest(dir.Collected()) {
		if err != nil {
			t.Fatal(err)
		}
		counts[s.Label+"/"+string(s.Split)]++
		if _, err := os.Stat(dir.Path(s.FileName)); err != nil {
			t.Error(err)
		}
	}
	return counts
}

func TestLayoutsInEveryKindOfSource(t *testing.T) {
	cases := []struct {
		name  string
		files []file
		opts  Options
		want  map[string]int
	}{
		{"classes", pictures("cat/1.png", "cat/2.png", "dog/1.png"), Options{},
			map[string]int{"cat/": 2, "dog/": 1}},
		{"nested in one folder", pictures("pets/cat/1.png", "pets/dog/1.png", "pets/cover.png"),
			Options{}, map[string]int{"cat/": 1, "dog/": 1}},
		{"deeper files", pictures("cat/old/1.png", "cat/2.png", "dog/1.png"), Options{},
			map[string]int{"cat/": 2, "dog/": 1}},
		{"one class", pictures("cat/1.png", "cat/2.png"), Options{},
			map[string]int{"cat/": 2}},
		{"splits kept", pictures("p/train/cat/1.png", "p/valid/cat/1.png", "p/Test/dog/1.png"),
			Options{KeepSplits: true}, map[string]int{"cat/train": 1, "cat/val": 1, "dog/test": 1}},
		{"splits merged", pictures("train/cat/1.png", "test/cat/2.png"), Options{},
			map[string]int{"cat/": 2}},
		{"one split", pictures("train/cat/1.png", "train/cat/2.png"), Options{KeepSplits: true},
			map[string]int{"cat/train": 2}},
		{"class called test", pictures("test/1.png", "exam/1.png"), Options{KeepSplits: true},
			map[string]int{"test/": 1, "exam/": 1}},
		{"wordnet", pictures("n02085620-Chihuahua/1.png", "n02085782-Japanese_spaniel/1.png"), Options{},
			map[string]int{"Chihuahua/": 1, "Japanese_spaniel/": 1}},
		{"pattern", pictures("01.cat/1.png", "02.dog/1.png"), Options{ClassPattern: `^\d+\.(.*)$`},
			map[string]int{"cat/": 1, "dog/": 1}},
		{"flat", pictures("1.png", "2.png"), Options{Label: "cat"}, map[string]int{"cat/": 2}},
		{"flat splits", pictures("train/1.png", "test/2.png"), Options{Label: "cat", KeepSplits: true},
			map[string]int{"cat/train": 1, "cat/test": 1}},
	}
	for _, c := range cases {
		for kind, write := range containers {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				from, err := write(t.TempDir(), c.files)
				if err != nil {
					t.Fatal(err)
				}
				dir := dataset.Dir(t.TempDir())
				c.opts.From = from
				if _, err := Run(t.Context(), dir, c.opts); err != nil {
					t.Fatal(err)
				}
				if got := splitsOf(t, dir); !maps.Equal(got, c.want) {
					t.Errorf("collected %v, want %v", got, c.want)
				}
			})
		}
	}
}

func TestSourcesThatHoldNoClasses(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []file
		want  string
	}{
		{"flat", pictures("1.png", "2.png"), `--class "set"`},
		{"no pictures", []file{{name: "cat/notes.txt"}}, "holds no pictures"},
		{"bad label", pictures("cat*/1.png", "dog/1.png"), `folder "cat*"`},
		{"mixed", pictures("train/cat/1.png", "test/cat/1.png", "extra/cat/1.png"), "one by one"},
	} {
		for kind, write := range containers {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				from, err := write(t.TempDir(), c.files)
				if err != nil {
					t.Fatal(err)
				}
				dir := dataset.Dir(t.TempDir())
				_, err = Run(t.Context(), dir, Options{From: from})
				if err == nil || !strings.Contains(err.Error(), c.want) ||
					!strings.Contains(err.Error(), from) {
					t.Errorf("error %v, want one that names %s and says %q", err, from, c.want)
				}
				if _, err := os.Stat(dir.Raw()); err == nil {
					t.Error("files were stored all the same")
				}
			})
		}
	}
}

func TestReportCountsEveryFileOnce(t *testing.T) {
	same := picture(7)
	files := []file{
		{name: "cat/1.png", content: same},
		{name: "cat/2.png", content: same},
		{name: "dog/1.png", content: same},
		{name: "dog/2.jpg", content: []byte("<html>")},
		{name: "n00000001-dog/3.png", content: picture(8)},
		{name: "dog/Thumbs.db"}, {name: "dog/.hidden.png"},
		{name: "UPSTREAM_LICENSE"}, {name: "__MACOSX/dog/1.png"},
	}
	dir := dataset.Dir(t.TempDir())
	from, err := containers["tar.gz"](t.TempDir(), files)
	if err != nil {
		t.Fatal(err)
	}
	var done, total []int
	opts := Options{From: from, Progress: func(d, n int) {
		done, total = append(done, d), append(total, n)
	}}
	want := Report{
		Files: 5, Stored: 3, Copies: 1, Refused: map[string]int{"not_an_image": 1}, Skipped: 4,
		Classes: map[string]int{"cat": 2, "dog": 2},
		Merged:  map[string][]string{"dog": {"dog", "n00000001-dog"}},
	}
	got, err := Run(t.Context(), dir, opts)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("report %+v (%v), want %+v", got, err, want)
	}
	if !slices.Equal(done, []int{1, 2, 3, 4, 5}) || !slices.Equal(total, []int{5, 5, 5, 5, 5}) {
		t.Errorf("progress %v of %v, want 1 to 5 of 5", done, total)
	}

	before := manifests(t, dir)
	want.Stored, want.Known, want.Copies = 0, 4, 0
	if got, err = Run(t.Context(), dir, opts); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("second report %+v (%v), want %+v", got, err, want)
	}
	if after := manifests(t, dir); after != before {
		t.Errorf("a second run changed the manifests from\n%s\nto\n%s", before, after)
	}
	if !strings.Contains(before, `"copies":[{"original":"cat/2.png"}]`) {
		t.Errorf("the copy is not told of in\n%s", before)
	}
}

func manifests(t *testing.T, dir dataset.Dir) string {
	t.Helper()
	var all []byte
	for _, path := range []string{dir.Collected(), dir.Refused()} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	return string(all)
}

func TestSameBytesInTrainAndTestStayInTest(t *testing.T) {
	files := []file{
		{name: "train/cat/1.png", content: picture(1)},
		{name: "test/cat/9.png", content: picture(1)},
	}
	for kind, write := range containers {
		dir := dataset.Dir(t.TempDir())
		from, err := write(t.TempDir(), files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), dir, Options{From: from, KeepSplits: true}); err != nil {
			t.Fatal(err)
		}
		if got, want := splitsOf(t, dir), map[string]int{"cat/test": 1}; !maps.Equal(got, want) {
			t.Errorf("%s: collected %v, want %v", kind, got, want)
		}
	}
}

func TestRefusalsOfOthersStay(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	scraped := dataset.Sample{
		FileName: "refused/cat/0011", Label: "cat", Source: &dataset.Source{URL: "http://example.org/1"},
		Reasons: []dataset.Reason{{Name: "not_found"}},
	}
	lines := slices.Values([]dataset.Sample{scraped})
	if err := dataset.WriteManifest(dir.Refused(), lines); err != nil {
		t.Fatal(err)
	}
	root, err := writeFolder(t.TempDir(), []file{{name: "cat/1.png", content: []byte("no")}})
	if err != nil {
		t.Fatal(err)
	}
	for i, content := range [][]byte{[]byte("no"), picture(1)} { // refused, then mended
		if err := os.WriteFile(filepath.Join(root, "cat/1.png"), content, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), dir, Options{From: root}); err != nil {
			t.Fatal(err)
		}
		got, err := dataset.ReadAll(dir.Refused())
		if err != nil || len(got) != 2-i || got[0].FileName != scraped.FileName {
			t.Errorf("run %d: refused %+v (%v), want the scraped one and %d more", i+1, got, err, 1-i)
		}
	}
}

func TestImportIntoTheSameFolder(t *testing.T) {
	root, err := writeFolder(t.TempDir(), pictures("cat/1.png", "dog/1.png"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		report, err := Run(t.Context(), dataset.Dir(root), Options{From: root})
		if err != nil || report.Files != 2 {
			t.Fatalf("report %+v (%v), want 2 files", report, err)
		}
	}
}

func TestCancelledImportLeavesNoManifest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := dataset.Dir(t.TempDir())
	from, err := containers["tar.gz"](t.TempDir(), pictures("cat/1.png", "cat/2.png", "dog/1.png"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(ctx, dir, Options{From: from, Progress: func(int, int) { cancel() }})
	if _, statErr := os.Stat(dir.Collected()); err == nil || statErr == nil {
		t.Errorf("error %v and a manifest (%v), want an error and none", err, statErr)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{
		{}, {From: "x", Label: "a/b"}, {From: "x", ClassPattern: "("}, {From: "x", MaxBytes: -1},
		{From: filepath.Join(t.TempDir(), "none")},
	} {
		if _, err := Run(t.Context(), dataset.Dir(t.TempDir()), o); err == nil {
			t.Errorf("options %+v were taken", o)
		}
	}
}

func TestSharedSignsAreAllTaken(t *testing.T) {
	const signs = "../../shared/data/signs"
	if _, err := os.Stat(signs); err != nil {
		t.Skip("the shared data sets are not here")
	}
	report, err := Run(t.Context(), dataset.Dir(t.TempDir()), Options{From: signs})
	if err != nil || report.Stored != 2062 || len(report.Classes) != 10 || len(report.Refused) != 0 {
		t.Errorf("report %+v (%v), want 2062 pictures of 10 classes", report, err)
	}
}

func ExampleRun() {
	folder, err := os.MkdirTemp("", "dsbuild")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	from, err := writeFolder(folder,
		pictures("n02085620-Chihuahua/a.png", "n02124075-Egyptian_cat/b.png"))
	if err != nil {
		fmt.Println(err)
		return
	}
	dir := dataset.Dir(filepath.Join(folder, "pets"))
	report, err := Run(context.Background(), dir, Options{From: from})
	fmt.Println(report.Stored, report.Classes, err)
	// Output: 2 map[Chihuahua:1 Egyptian_cat:1] <nil>
}
