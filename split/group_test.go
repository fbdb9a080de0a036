package split

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// grouped returns n samples in groups of up to widest, some without a group.
func grouped(r *rand.Rand, label string, n, widest int) []dataset.Sample {
	samples := images(label, 0, n)
	for i := 0; i < n; {
		size := 1 + r.IntN(widest)
		for j := i; j < min(i+size, n); j++ {
			if size > 1 {
				samples[j].Group = fmt.Sprintf("%s-%d", label, i)
			}
		}
		i += size
	}
	return samples
}

func TestGroupsNeverLeak(t *testing.T) {
	for trial := range 200 {
		r := dataset.Key{Seed: 3, Epoch: trial}.Rand("trial")
		shares := randomShares(r)
		widest := 1 + r.IntN(12)
		samples := slices.Concat(grouped(r, "a", 300+r.IntN(300), widest),
			grouped(r, "b", 300+r.IntN(300), widest), images("c", 0, 100))
		assigned, err := Stratified(samples, shares, uint64(trial))
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		checkGroups(t, samples, assigned)
		for label, c := range tally(samples, assigned) {
			for i, exact := range shares.of(c.Total()) {
				if more := float64(c.list()[i]) - exact; more > float64(widest) {
					t.Errorf("trial %d: %s has %.1f too many in %s with groups of up to %d: %+v",
						trial, label, more, dataset.Splits()[i], widest, c)
				}
			}
		}
		for range 1 + r.IntN(10) {
			samples[r.IntN(len(samples))].Group = "over classes"
		}
		if assigned, err = Stratified(samples, shares, uint64(trial)); err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		checkGroups(t, samples, assigned)
	}
}

// checkGroups fails where a group is on two sides.
func checkGroups(t *testing.T, samples []dataset.Sample, assigned []dataset.Split) {
	t.Helper()
	side := map[string]dataset.Split{}
	for i, s := range samples {
		if s.Group == "" {
			continue
		}
		if other, ok := side[s.Group]; ok && other != assigned[i] {
			t.Fatalf("group %s is in %s and in %s", s.Group, other, assigned[i])
		}
		side[s.Group] = assigned[i]
	}
}

func TestFewLargeGroupsReachEverySplit(t *testing.T) {
	samples := images("a", 0, 120)
	for i := range samples {
		samples[i].Group = fmt.Sprint(i / 30)
	}
	assigned, err := Stratified(samples, usual, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tally(samples, assigned)["a"], (Counts{60, 30, 30}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestVariantsFollowTheirImageIntoTraining(t *testing.T) {
	samples := images("a", 0, 100)
	for i := range 200 {
		samples = append(samples, dataset.Sample{Label: "a", Parent: samples[i%40].FileName,
			FileName: fmt.Sprintf("augmented/a/%03d.png", i)})
	}
	assigned, err := Stratified(samples, usual, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range samples {
		if (i < 40 || s.Parent != "") && assigned[i] != dataset.Train {
			t.Fatalf("%s is in %s", s.FileName, assigned[i])
		}
	}
	samples[0].Split = dataset.Test
	if _, err := Stratified(samples, usual, 1); err == nil ||
		!strings.Contains(err.Error(), "can only be trained on") {
		t.Errorf("error %v, want one that names the variant of a test image", err)
	}
}
