package split

import (
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// carrying returns n samples of a class that carry a split.
func carrying(label string, first, n int, split dataset.Split) []dataset.Sample {
	samples := images(label, first, n)
	for i := range samples {
		samples[i].Split = split
	}
	return samples
}

// all joins lists of samples.
func all(lists ...[]dataset.Sample) []dataset.Sample {
	var joined []dataset.Sample
	for _, list := range lists {
		joined = append(joined, list...)
	}
	return joined
}

func TestGivenSplits(t *testing.T) {
	const train, val, test = dataset.Train, dataset.Val, dataset.Test
	for _, c := range []struct {
		name    string
		samples []dataset.Sample
		want    map[string]Counts
	}{
		{"val out of a given train",
			all(carrying("a", 0, 90, train), carrying("a", 90, 60, test)),
			map[string]Counts{"a": {80, 10, 60}}},
		{"test out of a given train",
			all(carrying("a", 0, 90, train), carrying("a", 90, 60, val)),
			map[string]Counts{"a": {80, 60, 10}}},
		{"both out of a given train", carrying("a", 0, 100, train),
			map[string]Counts{"a": {80, 10, 10}}},
		{"all three given: nothing is drawn, the rest trains",
			all(carrying("a", 0, 5, train), carrying("a", 5, 50, val), carrying("a", 55, 7, test),
				images("a", 62, 30)),
			map[string]Counts{"a": {35, 50, 7}}},
		{"only test given", all(carrying("a", 0, 3, test), images("a", 3, 90)),
			map[string]Counts{"a": {80, 10, 3}}},
		{"a class without given splits is drawn whole",
			all(carrying("a", 0, 90, train), carrying("a", 90, 1, test), images("b", 0, 100)),
			map[string]Counts{"a": {80, 10, 1}, "b": {80, 10, 10}}},
		{"what the archive gives one class only stays missing in another",
			all(carrying("a", 0, 90, train), carrying("a", 90, 1, test), carrying("b", 0, 90, train)),
			map[string]Counts{"a": {80, 10, 1}, "b": {80, 10, 0}}},
		{"a class that is all test", all(carrying("a", 0, 9, train), carrying("b", 0, 5, test)),
			map[string]Counts{"a": {8, 1, 0}, "b": {0, 0, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			assigned, err := Stratified(c.samples, usual, 1)
			if err != nil {
				t.Fatal(err)
			}
			for label, got := range tally(c.samples, assigned) {
				if got != c.want[label] {
					t.Errorf("class %s got %+v, want %+v", label, got, c.want[label])
				}
			}
			for i, s := range c.samples {
				if s.Split != "" && s.Split != train && assigned[i] != s.Split {
					t.Errorf("%s was given to %s and is in %s", s.FileName, s.Split, assigned[i])
				}
			}
		})
	}
}

// What nobody marked is drawn before what somebody marked for training.
func TestGivenTrainStaysWhereOthersSuffice(t *testing.T) {
	samples := all(carrying("a", 0, 60, dataset.Train), images("a", 60, 40))
	assigned, err := Stratified(samples, usual, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range samples {
		if s.Split == dataset.Train && assigned[i] != dataset.Train {
			t.Errorf("%s was given to train and is in %s", s.FileName, assigned[i])
		}
	}
	if got, want := tally(samples, assigned)["a"], (Counts{80, 10, 10}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestContradictingGroupsGoFurthestFromTraining(t *testing.T) {
	samples := all(carrying("a", 0, 90, dataset.Train), carrying("a", 90, 10, dataset.Test),
		carrying("a", 100, 10, dataset.Val))
	samples[0].Group, samples[1].Group, samples[95].Group = "g", "g", "g"
	samples[2].Group, samples[105].Group = "h", "h"
	assigned, overruled, err := draw(samples, usual, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkGroups(t, samples, assigned)
	if assigned[0] != dataset.Test || assigned[1] != dataset.Test || assigned[2] != dataset.Val {
		t.Errorf("the groups went to %s, %s and %s, want test, test and val",
			assigned[0], assigned[1], assigned[2])
	}
	if overruled != 3 {
		t.Errorf("%d samples were overruled, want 3", overruled)
	}
}
