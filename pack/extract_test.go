package pack

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

func TestExtract(t *testing.T) {
	files := makeFiles(t)
	files["raw/dog/4.tif"] = tiffOf(t, picture(90, 30, 5))
	dir := makeSet(t, files)
	run(t, dir, Options{Longest: 60})
	out := filepath.Join(t.TempDir(), "out")
	report, err := Extract(ctx, dir, dataset.Train, out, nil)
	check(t, err)
	if report.Images != len(files) || report.Written != len(files) {
		t.Errorf("report %+v", report)
	}
	got := filesIn(t, out)
	want := slices.Collect(maps.Keys(files))
	want[slices.Index(want, "raw/dog/4.tif")] += ".png"
	slices.Sort(want)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
	if got["raw/dog/3.jpg"] != string(files["raw/dog/3.jpg"]) {
		t.Error("a plain file has other bytes")
	}

	check(t, os.Remove(filepath.Join(out, "raw/cat/0.jpg")))
	report, err = Extract(ctx, dir, dataset.Train, out, nil)
	check(t, err)
	if report.Images != len(files) || report.Written != 1 {
		t.Errorf("again: report %+v", report)
	}
	check(t, os.WriteFile(filepath.Join(out, "raw/cat/0.jpg"), []byte("mine"), 0o666))
	_, err = Extract(ctx, dir, dataset.Train, out, nil)
	if err == nil || !strings.Contains(err.Error(), "0.jpg already exists") {
		t.Errorf("error %v", err)
	}
	if filesIn(t, out)["raw/cat/0.jpg"] != "mine" {
		t.Error("a file was overwritten")
	}
}

func TestExtractStaysInItsFolder(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	run(t, dir, Options{})
	away := t.TempDir()
	for name, link := range map[string]func(out string) error{
		"a folder": func(out string) error { return os.Symlink(away, filepath.Join(out, "raw")) },
		"a file": func(out string) error {
			return errors.Join(os.MkdirAll(filepath.Join(out, "raw/cat"), 0o777),
				os.Symlink(filepath.Join(away, "0.jpg"), filepath.Join(out, "raw/cat/0.jpg")))
		},
		"a file in the folder": func(out string) error {
			return errors.Join(os.MkdirAll(filepath.Join(out, "raw/cat"), 0o777),
				os.Symlink("mine.jpg", filepath.Join(out, "raw/cat/0.jpg")))
		},
	} {
		out := t.TempDir()
		if err := link(out); err != nil {
			t.Skip(err)
		}
		_, err := Extract(ctx, dir, dataset.Train, out, nil)
		if err == nil || !strings.Contains(err.Error(), filepath.Join(out, "raw/cat/0.jpg")) {
			t.Errorf("a link instead of %s: error %v", name, err)
		}
		if got := filesIn(t, away); len(got) > 0 {
			t.Errorf("a link instead of %s led to %v", name, slices.Collect(maps.Keys(got)))
		}
	}
}

// spoil changes the bytes of raw/dog/3.jpg in its pack.
func spoil(t *testing.T, folder string) {
	t.Helper()
	for name, data := range filesIn(t, folder) {
		if strings.HasSuffix(name, shardEnding) {
			at := strings.Index(data, "<html>")
			check(t, os.WriteFile(filepath.Join(folder, name), []byte(data[:at]+"?"+data[at+1:]), 0o666))
		}
	}
}

func TestExtractRefusesDamagedImages(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	run(t, dir, Options{})
	spoil(t, pack.Folder(dir, dataset.Train))
	out := filepath.Join(t.TempDir(), "out")
	_, err := Extract(ctx, dir, dataset.Train, out, nil)
	if err == nil || !strings.Contains(err.Error(), "raw/dog/3.jpg has not the bytes") {
		t.Errorf("error %v", err)
	}
	if got := filesIn(t, out); got["raw/dog/3.jpg"] != "" || got["raw/cat/0.jpg"] == "" {
		t.Errorf("files %v", slices.Collect(maps.Keys(got)))
	}
}

func TestVerifyFindsTheDamagedImage(t *testing.T) {
	dir := makeSet(t, makeFiles(t))
	run(t, dir, Options{})
	report, err := Verify(ctx, dir, dataset.Train, nil)
	check(t, err)
	if report.Images != 9 || len(report.Damaged) > 0 {
		t.Errorf("report %+v", report)
	}
	spoil(t, pack.Folder(dir, dataset.Train))
	report, err = Verify(ctx, dir, dataset.Train, nil)
	check(t, err)
	if !slices.Equal(report.Damaged, []string{"raw/dog/3.jpg"}) {
		t.Errorf("report %+v", report)
	}
}
