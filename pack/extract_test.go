package pack

import (
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
	if err == nil || !strings.Contains(err.Error(), "0.jpg is there already") {
		t.Errorf("error %v", err)
	}
	if filesIn(t, out)["raw/cat/0.jpg"] != "mine" {
		t.Error("a file was overwritten")
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
	folder := pack.Folder(dir, dataset.Train)
	for name, data := range filesIn(t, folder) {
		if strings.HasSuffix(name, shardEnding) {
			at := strings.Index(data, "<html>")
			check(t, os.WriteFile(filepath.Join(folder, name), []byte(data[:at]+"?"+data[at+1:]), 0o666))
		}
	}
	report, err = Verify(ctx, dir, dataset.Train, nil)
	check(t, err)
	if !slices.Equal(report.Damaged, []string{"raw/dog/3.jpg"}) {
		t.Errorf("report %+v", report)
	}
}
