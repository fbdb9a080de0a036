package split

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestRunWritesFolds(t *testing.T) {
	samples := images("a", 0, 100)
	samples = append(samples, dataset.Sample{Label: "a", FileName: "augmented/a.png",
		Parent: samples[5].FileName})
	dir := newSet(t, dataset.Dir.Curated, samples)
	if report := run(t, dir, Options{Folds: 5}); report.Folds != 5 {
		t.Errorf("report %+v, want 5 folds", report)
	}
	info := checkWhole(t, dir)
	inVal := map[string]int{}
	for fold := 1; fold <= info.Folds; fold++ {
		seen := map[string]bool{}
		for _, split := range []dataset.Split{dataset.Train, dataset.Val} {
			part, err := dataset.ReadAll(dir.Fold(fold, split))
			if err != nil {
				t.Fatal(err)
			}
			if err := info.Verify(dir, dir.Fold(fold, split), part); err != nil {
				t.Error(err)
			}
			for _, s := range part {
				if s.Split != split || seen[s.FileName] || splitsIn(t, dir)[s.FileName] == dataset.Test {
					t.Errorf("fold %d has %s in %s with split %s", fold, s.FileName, split, s.Split)
				}
				if seen[s.FileName] = true; split == dataset.Val {
					inVal[s.FileName]++
				}
			}
		}
		// Where its image is val or held out in test, a variant may not train.
		if variant := samples[100].FileName; seen[variant] != trains(t, dir, fold, samples[5]) {
			t.Errorf("fold %d: the variant trains: %v, and its image the other way", fold, seen[variant])
		}
	}
	if len(inVal) != 90 || inVal[samples[100].FileName] != 0 {
		t.Errorf("%d images were in val, want each of the 90 outside test", len(inVal))
	}
	for name, n := range inVal {
		if n != 1 {
			t.Errorf("%s was in val %d times, want once", name, n)
		}
	}
	run(t, dir, Options{Folds: 3})
	if _, err := os.Stat(filepath.Dir(dir.Fold(4, dataset.Val))); err == nil {
		t.Error("the fourth of five folds is there beside three new ones")
	}
	run(t, dir, Options{})
	if _, err := os.Stat(dir.Folds()); err == nil {
		t.Error("folds are there after a run that wrote none")
	}
}

// trains tells whether a sample is in the training manifest of a fold.
func trains(t *testing.T, dir dataset.Dir, fold int, sample dataset.Sample) bool {
	t.Helper()
	train, err := dataset.ReadAll(dir.Fold(fold, dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(train, func(s dataset.Sample) bool {
		return s.FileName == sample.FileName
	})
}
