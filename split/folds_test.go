package split

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestFoldsAreStratified(t *testing.T) {
	for trial := range 100 {
		r := dataset.Key{Seed: 6, Epoch: trial}.Rand("trial")
		k := 2 + r.IntN(9)
		samples := all(images("a", 0, k+r.IntN(200)), images("b", 0, k+r.IntN(200)))
		folds, err := KFold(samples, k, uint64(trial))
		if err != nil {
			t.Fatal(err)
		}
		ofClass, total := map[string][]int{"a": make([]int, k), "b": make([]int, k)}, make([]int, k)
		n := map[string]int{}
		for i, s := range samples {
			ofClass[s.Label][folds[i]]++
			total[folds[i]]++
			n[s.Label]++
		}
		for fold := range k {
			for label, counts := range ofClass {
				if c := counts[fold]; c != n[label]/k && c != n[label]/k+1 {
					t.Errorf("trial %d: fold %d has %d of %d %s, want a %dth", trial, fold, c, n[label], label, k)
				}
			}
			if c := total[fold]; c != len(samples)/k && c != len(samples)/k+1 {
				t.Errorf("trial %d: fold %d has %d of %d images, want a %dth", trial, fold, c, len(samples), k)
			}
		}
	}
}

func TestFoldsKeepGroupsTogether(t *testing.T) {
	for trial := range 100 {
		r := dataset.Key{Seed: 7, Epoch: trial}.Rand("trial")
		samples := all(grouped(r, "a", 200, 6), grouped(r, "b", 100, 9))
		folds, err := KFold(samples, 5, uint64(trial))
		if err != nil {
			t.Fatal(err)
		}
		of, count := map[string]int{}, map[string][]int{"a": make([]int, 5), "b": make([]int, 5)}
		for i, s := range samples {
			count[s.Label][folds[i]]++
			if s.Group == "" {
				continue
			}
			if other, ok := of[s.Group]; ok && other != folds[i] {
				t.Fatalf("trial %d: group %s is in the folds %d and %d", trial, s.Group, other, folds[i])
			}
			of[s.Group] = folds[i]
		}
		for fold := range 5 {
			if a, b := count["a"][fold], count["b"][fold]; a < 34 || a > 46 || b < 11 || b > 29 {
				t.Errorf("trial %d: fold %d has %d and %d images, want about 40 and 20", trial, fold, a, b)
			}
		}
	}
}

func TestVariantsHaveTheFoldOfTheirImage(t *testing.T) {
	samples := images("a", 0, 20)
	for i := range 10 {
		samples = append(samples, dataset.Sample{Label: "a", Parent: samples[i].FileName,
			FileName: fmt.Sprintf("augmented/a/%d.png", i)})
	}
	samples = append(samples, dataset.Sample{Label: "a", Parent: "raw/a/gone.png",
		FileName: "augmented/a/x.png"})
	folds, err := KFold(samples, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if folds[20+i] != folds[i] {
			t.Errorf("variant %d is in fold %d and its image in %d", i, folds[20+i], folds[i])
		}
	}
	if folds[30] != -1 {
		t.Errorf("a variant without its image has fold %d, want -1", folds[30])
	}
}

func TestTooManyFolds(t *testing.T) {
	samples := all(images("a", 0, 4), images("b", 0, 10))
	for i := range samples[4:] {
		samples[4+i].Group = fmt.Sprint(i / 4)
	}
	const want = `2 classes are too small for 5 folds: "a" has 4 images, needs 5; ` +
		`"b" has 10 images in 3 undividable groups, needs 5`
	if _, err := KFold(samples, 5, 1); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := KFold(samples, 1, 1); err == nil {
		t.Error("one fold was taken")
	}
}
