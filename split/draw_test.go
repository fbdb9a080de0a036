package split

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

var usual = Shares{Train: 0.8, Val: 0.1, Test: 0.1}

// images returns n samples of a class, numbered on from first.
func images(label string, first, n int) []dataset.Sample {
	samples := make([]dataset.Sample, n)
	for i := range samples {
		samples[i] = dataset.Sample{Label: label,
			FileName: fmt.Sprintf("raw/%s/%06d.png", label, first+i)}
	}
	return samples
}

// tally counts the images of each class and split, variants aside.
func tally(samples []dataset.Sample, assigned []dataset.Split) map[string]Counts {
	counts := map[string]Counts{}
	for i, s := range samples {
		if s.Parent == "" {
			c := counts[s.Label]
			c.add(assigned[i])
			counts[s.Label] = c
		}
	}
	return counts
}

// randomShares returns three shares that sum to 1.
func randomShares(r *rand.Rand) Shares {
	val, test := 0.02+0.28*r.Float64(), 0.02+0.28*r.Float64()
	return Shares{Train: 1 - val - test, Val: val, Test: test}
}

func (s Shares) of(n int) [3]float64 {
	return [3]float64{s.Train * float64(n), s.Val * float64(n), s.Test * float64(n)}
}

func (c Counts) list() [3]int { return [3]int{c.Train, c.Val, c.Test} }

// withinOne tells whether each split has its share of the class, to within an
// image.
func withinOne(c Counts, s Shares) bool {
	for i, exact := range s.of(c.Total()) {
		if got := c.list()[i]; math.Abs(float64(got)-exact) > 1+1e-6 || got == 0 {
			return false
		}
	}
	return true
}

func TestEveryClassIsWithinOneImageOfItsShare(t *testing.T) {
	for trial := range 300 {
		r := dataset.Key{Seed: 1, Epoch: trial}.Rand("trial")
		shares := randomShares(r)
		var samples []dataset.Sample
		for c := range 1 + r.IntN(6) {
			samples = append(samples, images(fmt.Sprintf("class%d", c), 0, 60+r.IntN(400))...)
		}
		assigned, err := Stratified(samples, shares, uint64(trial))
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		for label, c := range tally(samples, assigned) {
			if !withinOne(c, shares) {
				t.Errorf("trial %d: %s got %+v of the shares %v", trial, label, c, shares)
			}
		}
	}
}

func TestLargestRemainderAndTies(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		want  []Counts
	}{
		{[]int{10}, []Counts{{8, 1, 1}}},
		{[]int{5}, []Counts{{3, 1, 1}}},
		{[]int{14}, []Counts{{11, 1, 2}}},                 // 11.2, 1.4, 1.4
		{[]int{14, 14}, []Counts{{11, 1, 2}, {11, 2, 1}}}, // a tie goes to who lags
		{[]int{15, 15}, []Counts{{12, 1, 2}, {12, 2, 1}}}, // 12, 1.5, 1.5
		{[]int{16}, []Counts{{13, 1, 2}}},                 // 12.8, 1.6, 1.6
		{[]int{1000, 100}, []Counts{{800, 100, 100}, {80, 10, 10}}},
	} {
		var samples []dataset.Sample
		for i, n := range c.sizes {
			samples = append(samples, images(fmt.Sprint(i), 0, n)...)
		}
		assigned, err := Stratified(samples, usual, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			got := tally(samples, assigned)[fmt.Sprint(i)]
			if got != want {
				t.Errorf("sizes %v: class %d got %+v, want %+v", c.sizes, i, got, want)
			}
		}
	}
}

func TestOrderOfSamplesPlaysNoPart(t *testing.T) {
	r := dataset.Key{Seed: 2}.Rand("trial")
	samples := append(grouped(r, "a", 200, 5), grouped(r, "b", 100, 3)...)
	want := byName(t, samples, usual, 7)
	for range 5 {
		r.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		if got := byName(t, samples, usual, 7); !reflect.DeepEqual(got, want) {
			t.Fatal("another order of the samples gave another split")
		}
	}
	if reflect.DeepEqual(byName(t, samples, usual, 8), want) {
		t.Error("another seed gave the same split")
	}
}

// byName returns the split of each file.
func byName(t *testing.T, samples []dataset.Sample, shares Shares,
	seed uint64) map[string]dataset.Split {
	t.Helper()
	assigned, err := Stratified(samples, shares, seed)
	if err != nil {
		t.Fatal(err)
	}
	splits := map[string]dataset.Split{}
	for i, s := range samples {
		splits[s.FileName] = assigned[i]
	}
	return splits
}

// An added image shifts few others even where nothing is kept.
func TestOneMoreImageMovesFew(t *testing.T) {
	samples := images("a", 0, 1000)
	before := byName(t, samples, usual, 3)
	moved := 0
	for name, split := range byName(t, append(samples, images("a", 1000, 1)...), usual, 3) {
		if was, ok := before[name]; ok && was != split {
			moved++
		}
	}
	if moved > 2 {
		t.Errorf("%d images moved, want at most 2", moved)
	}
}

func TestTooSmallClassesAreNamedTogether(t *testing.T) {
	samples := slices.Concat(images("ape", 0, 4), images("bee", 0, 50), images("cat", 0, 1),
		images("dog", 0, 20))
	for i := range samples {
		if samples[i].Label == "dog" {
			samples[i].Group = fmt.Sprint("dog", i%2)
		}
	}
	_, err := Stratified(samples[:55], usual, 1)
	small, ok := errors.AsType[*TooSmallError](err)
	want := []Shortage{{"ape", 4, 5, 0}, {"cat", 1, 5, 0}}
	if !ok || !slices.Equal(small.Classes, want) {
		t.Fatalf("error %v, want the classes %v", err, want)
	}
	const text = `2 classes are too small for the shares 0.8/0.1/0.1: "ape" has 4 images, needs 5; ` +
		`"cat" has 1 image, needs 5 (add images, refuse those of the class with dsbuild ` +
		`curate --refuse, or choose other shares or fewer folds)`
	if err.Error() != text {
		t.Errorf("error\n%s\nwant\n%s", err, text)
	}
	given := append(carrying("ape", 0, 9, dataset.Test), images("ape", 9, 1)...)
	_, err = Stratified(given, usual, 1)
	if err == nil || !strings.Contains(err.Error(), "aside from the images whose splits were given: "+
		`"ape" has 1 image, needs 2`) {
		t.Errorf("error %v, want one that tells which images it counts", err)
	}
	_, err = Stratified(samples[55:], usual, 1)
	if err == nil || !strings.Contains(err.Error(),
		`"dog" has 20 images in 2 undividable groups, needs 3`) {
		t.Errorf("error %v, want one that counts groups", err)
	}
}

func TestSharesAreChecked(t *testing.T) {
	for want, shares := range map[string]Shares{
		"sum to 0.7":       {Train: 0.7},
		"sum to 1.1":       {Train: 0.8, Val: 0.2, Test: 0.1},
		"from 0 to 1":      {Train: 1.2, Val: -0.1, Test: -0.1},
		"val is NaN":       {Train: 0.8, Val: math.NaN(), Test: 0.2},
		"at least 0.0001":  {Train: 0.9, Val: 1e-7, Test: 0.1},
		"nothing to learn": {Val: 0.5, Test: 0.5},
	} {
		if _, err := Stratified(images("a", 0, 9), shares, 1); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("shares %v: error %v, want %q", shares, err, want)
		}
	}
	samples := images("a", 0, 10)
	assigned, err := Stratified(samples, Shares{Train: 0.9, Val: 0.1}, 1)
	if got, want := tally(samples, assigned)["a"], (Counts{9, 1, 0}); err != nil || got != want {
		t.Errorf("without test: %+v (%v), want %+v", got, err, want)
	}
	if _, err := Stratified(append(samples, samples[3]), usual, 1); err == nil ||
		!strings.Contains(err.Error(), "comes twice") {
		t.Errorf("error %v, want one that names the repeated file", err)
	}
	samples[4].Split = "dev"
	if _, err := Stratified(samples, usual, 1); err == nil ||
		!strings.Contains(err.Error(), `000004.png: split "dev" is not one of`) {
		t.Errorf("error %v, want one that names the unknown split", err)
	}
}

// The draw is uniform: over many seeds every image is in test about as often.
func TestEveryImageHasTheSameChance(t *testing.T) {
	const seeds = 2000
	samples := images("a", 0, 20)
	times := make([]int, len(samples))
	for seed := range uint64(seeds) {
		assigned, err := Stratified(samples, usual, seed)
		if err != nil {
			t.Fatal(err)
		}
		for i, split := range assigned {
			if split == dataset.Test {
				times[i]++
			}
		}
	}
	for i, n := range times { // 200 expected, with a deviation of 13
		if n < 130 || n > 270 {
			t.Errorf("image %d was in test %d of %d times, want about 200", i, n, seeds)
		}
	}
}
