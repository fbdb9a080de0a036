package split

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// newSet returns a data set whose manifest at path has the samples.
func newSet(t *testing.T, path func(dataset.Dir) string, samples []dataset.Sample) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	write(t, path(dir), samples)
	return dir
}

func write(t *testing.T, path string, samples []dataset.Sample) {
	t.Helper()
	sorted := slices.Clone(samples)
	dataset.Sort(sorted)
	if err := dataset.WriteManifest(path, slices.Values(sorted)); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir dataset.Dir, o Options) Report {
	t.Helper()
	report, err := Run(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// contents returns what the files of the manifests folder hold.
func contents(t *testing.T, dir dataset.Dir) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := filepath.Dir(dir.Info())
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, root)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// checkWhole fails where the manifests are not those of dataset.json.
func checkWhole(t *testing.T, dir dataset.Dir) dataset.Info {
	t.Helper()
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		t.Fatal(err)
	}
	var union []dataset.Sample
	for _, split := range dataset.Splits() {
		samples, err := dataset.ReadAll(dir.Split(split))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range samples {
			if s.Split != split {
				t.Errorf("%s is in the manifest of %s with split %q", s.FileName, split, s.Split)
			}
		}
		if err := info.Verify(dir, dir.Split(split), samples); err != nil {
			t.Error(err)
		}
		union = append(union, samples...)
	}
	dataset.Sort(union)
	if info.Fingerprint != dataset.Fingerprint(union) {
		t.Error("the fingerprint of all samples is wrong")
	}
	return info
}

func TestRunWritesManifestsAndInfo(t *testing.T) {
	samples := all(images("cat", 0, 50), images("dog", 0, 20))
	samples[3].Extra = map[string]json.RawMessage{"camera": json.RawMessage(`"x"`)}
	dir := newSet(t, dataset.Dir.Curated, samples)
	report := run(t, dir, Options{Seed: 9, RecipeDigest: "abc"})
	data, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"splits":{"train":56,"val":7,"test":7},"classes":{` +
		`"cat":{"train":40,"val":5,"test":5},"dog":{"train":16,"val":2,"test":2}}}`
	if string(data) != want {
		t.Errorf("report %s, want %s", data, want)
	}
	rows := report.Rows()
	if len(rows) != 2 || rows[0].Label != "cat" || rows[1].Total() != 20 {
		t.Errorf("rows %+v, want cat and dog", rows)
	}
	info := checkWhole(t, dir)
	if !slices.Equal(info.Classes, dataset.Classes{"cat", "dog"}) || info.Seed != 9 ||
		info.RecipeDigest != "abc" || info.Counts["dog"][dataset.Val] != 2 {
		t.Errorf("dataset.json has %+v", info)
	}
	files := contents(t, dir)
	lines := ""
	for _, split := range dataset.Splits() {
		lines += files["/"+string(split)+".jsonl"]
	}
	if !strings.Contains(lines, `"camera":"x"`) {
		t.Error("a field that dsbuild does not know was lost")
	}
	run(t, dir, Options{Seed: 9, RecipeDigest: "abc"})
	if !maps.Equal(contents(t, dir), files) {
		t.Error("a second run wrote other bytes")
	}
}

func TestRunTakesWhatWasCollectedWhereNothingWasCurated(t *testing.T) {
	dir := newSet(t, dataset.Dir.Collected, images("a", 0, 20))
	if report := run(t, dir, Options{}); report.Splits != (Counts{16, 2, 2}) || report.Uncurated != 0 {
		t.Errorf("report %+v, want 16, 2 and 2 images", report)
	}
	write(t, dir.Curated(), images("a", 0, 10))
	rejected := images("a", 10, 4)
	for i := range rejected {
		rejected[i].Reasons = []dataset.Reason{{Name: "blurred"}}
	}
	write(t, dir.Rejected(), rejected)
	if report := run(t, dir, Options{}); report.Splits != (Counts{8, 1, 1}) || report.Uncurated != 6 ||
		!strings.Contains(strings.Join(report.Hints(), ""), "6 images were collected after") {
		t.Errorf("report %+v, want 8, 1 and 1 images and 6 that were not curated", report)
	}
}

func TestRunSaysWhatIsMissing(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	if _, err := Run(t.Context(), dir, Options{}); !errors.Is(err, fs.ErrNotExist) ||
		!strings.Contains(err.Error(), "dsbuild import") {
		t.Errorf("error %v, want one that says what to run", err)
	}
	write(t, dir.Curated(), nil)
	if _, err := Run(t.Context(), dir, Options{}); err == nil ||
		!strings.Contains(err.Error(), "no images") {
		t.Errorf("error %v, want one that says there are no images", err)
	}
	write(t, dir.Curated(), images("a", 0, 10))
	for want, o := range map[string]Options{
		"sum to 0.5":   {Shares: Shares{Train: 0.5}},
		"folds is 1":   {Folds: 1},
		"for 10 folds": {Folds: 10}, // 9 images are outside test
	} {
		if _, err := Run(t.Context(), dir, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("options %+v: error %v, want %q", o, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if _, err := os.Stat(dir.Info()); err == nil {
		t.Error("dataset.json was written all the same")
	}
}

func TestRunKeepsWhatWasSplitBefore(t *testing.T) {
	samples := images("a", 0, 100)
	dir := newSet(t, dataset.Dir.Curated, samples)
	run(t, dir, Options{Seed: 1})
	before := splitsIn(t, dir)
	samples = append(samples, images("a", 100, 60)...)
	write(t, dir.Curated(), samples)
	if report := run(t, dir, Options{Seed: 2, Keep: true}); report.Moved != 0 ||
		report.Splits != (Counts{128, 16, 16}) {
		t.Errorf("report %+v, want nothing moved", report)
	}
	after := splitsIn(t, dir)
	for name, split := range before {
		if after[name] != split {
			t.Errorf("%s moved from %s to %s", name, split, after[name])
		}
	}
	run(t, dir, Options{Seed: 2})
	if maps.Equal(splitsIn(t, dir), after) {
		t.Error("without Keep another seed changed nothing")
	}
}

func splitsIn(t *testing.T, dir dataset.Dir) map[string]dataset.Split {
	t.Helper()
	splits, err := readEarlier(dir)
	if err != nil {
		t.Fatal(err)
	}
	return splits
}
