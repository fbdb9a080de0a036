package split

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// again splits samples that were split before and returns the new splits by
// name and how many samples moved.
func again(t *testing.T, samples []dataset.Sample, shares Shares, seed uint64,
	earlier map[string]dataset.Split) (now map[string]dataset.Split, moved int) {
	t.Helper()
	assigned, _, err := draw(samples, shares, seed, earlier)
	if err != nil {
		t.Fatal(err)
	}
	now = map[string]dataset.Split{}
	for i, s := range samples {
		now[s.FileName] = assigned[i]
		if was := earlier[s.FileName]; was != "" && was != assigned[i] {
			moved++
		}
	}
	return now, moved
}

func TestKeepMovesNothingWhenClassesGrow(t *testing.T) {
	for trial := range 60 {
		r := dataset.Key{Seed: 4, Epoch: trial}.Rand("trial")
		shares := randomShares(r)
		n := 100 + r.IntN(200)
		samples := images("a", 0, n)
		earlier := byName(t, samples, shares, 1)
		for _, more := range []int{0, 1, 1, n / 10, n} {
			samples = append(samples, images("a", len(samples), more)...)
			now, moved := again(t, samples, shares, uint64(trial), earlier)
			if moved > 0 {
				t.Errorf("trial %d: %d of %d images moved when %d were added",
					trial, moved, len(samples)-more, more)
			}
			var c Counts
			for _, split := range now {
				c.add(split)
			}
			if !withinOne(c, shares) {
				t.Errorf("trial %d: got %+v of the shares %v", trial, c, shares)
			}
			earlier = now
		}
	}
}

func TestKeepMovesAsFewAsTheSharesAllow(t *testing.T) {
	samples := images("a", 0, 100)
	earlier := byName(t, samples, usual, 1)
	var left []dataset.Sample // without half of the training images
	for i, s := range samples {
		if earlier[s.FileName] != dataset.Train || i%2 == 0 {
			left = append(left, s)
		}
	}
	now, moved := again(t, left, usual, 1, earlier)
	var c Counts
	for _, split := range now {
		c.add(split)
	}
	// Train needs no more than one image less than its share.
	least := int(math.Ceil(0.8*float64(len(left)) - 1))
	if want := least - (len(left) - 20); moved != want || !withinOne(c, usual) {
		t.Errorf("%d images moved and the split is %+v, want %d moved", moved, c, want)
	}
	_, moved = again(t, samples, Shares{Train: 0.6, Val: 0.2, Test: 0.2}, 1, earlier)
	if moved != 19 { // 80 images of train are to become 60, and 61 will do
		t.Errorf("%d images moved for the new shares, want 19", moved)
	}
}

func TestGroupsOverruleKeep(t *testing.T) {
	samples := images("a", 0, 100)
	earlier := byName(t, samples, usual, 1)
	byBin := map[dataset.Split]int{}
	for i, s := range samples {
		byBin[earlier[s.FileName]] = i
	}
	samples[byBin[dataset.Train]].Group, samples[byBin[dataset.Test]].Group = "g", "g"
	now, moved := again(t, samples, usual, 1, earlier)
	if now[samples[byBin[dataset.Train]].FileName] != dataset.Test || moved != 1 {
		t.Errorf("the training image of the group is in %s and %d moved, want it alone in test",
			now[samples[byBin[dataset.Train]].FileName], moved)
	}
}

// Nothing new, nothing moves: so a run that was killed after its split was
// decided can be run again.
func TestKeepIsIdempotent(t *testing.T) {
	for trial := range 200 {
		r := dataset.Key{Seed: 5, Epoch: trial}.Rand("trial")
		shares := randomShares(r)
		widest := 1 + r.IntN(15)
		samples := all(grouped(r, "a", 200+r.IntN(300), widest), grouped(r, "b", 300, widest),
			images("c", 0, 80+r.IntN(50)))
		for i := range r.IntN(40) { // groups across classes
			samples[r.IntN(len(samples))].Group = string(rune('A' + i/4))
		}
		for range r.IntN(30) {
			samples[r.IntN(len(samples))].Split = dataset.Splits()[r.IntN(1+r.IntN(3))]
		}
		r.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		earlier := byName(t, samples[:len(samples)/2], shares, 1)
		now, _ := again(t, samples, shares, 2, earlier)
		twice, moved := again(t, samples, shares, 2, now)
		if moved != 0 || len(twice) != len(now) {
			t.Errorf("trial %d: %d images moved although nothing changed", trial, moved)
		}
	}
}
