package loader

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// makeUneven writes a data set of 20 cats and 5 dogs.
func makeUneven(t *testing.T) dataset.Dir {
	t.Helper()
	dir := makeSet(t, 20)
	samples, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	writeSplits(t, dir, map[dataset.Split][]dataset.Sample{dataset.Train: samples[:25]})
	return dir
}

// counts tells how often each class and each image came.
func counts(t *testing.T, train *Train, epoch int) (byClass [2]int, byName map[string]int) {
	t.Helper()
	byName = map[string]int{}
	for b, err := range train.Epoch(ctx, epoch) {
		if err != nil {
			t.Fatal(err)
		}
		for i, label := range b.Labels() {
			byClass[label]++
			byName[b.FileNames()[i]]++
		}
		b.Release()
	}
	return byClass, byName
}

func TestSamplingByClass(t *testing.T) {
	dir := makeUneven(t)
	for name, c := range map[string]struct {
		sampling Sampling
		want     [2]int // dogs may be one more or one fewer
	}{
		"balanced":      {Sampling{Balanced: true}, [2]int{12, 13}},
		"balanced, 100": {Sampling{Balanced: true, Length: 100}, [2]int{50, 50}},
		"weights": {Sampling{ClassWeights: map[string]float64{"cat": 1, "dog": 3}, Length: 80},
			[2]int{20, 60}},
		"one class": {Sampling{ClassWeights: map[string]float64{"cat": 0, "dog": 3}}, [2]int{0, 25}},
	} {
		train := newTrain(t, dir, TrainOptions{Sampling: c.sampling})
		got, byName := counts(t, train, 0)
		if d := got[1] - c.want[1]; d < -1 || d > 1 || got[0]+got[1] != c.want[0]+c.want[1] {
			t.Errorf("%s: %v images of the classes, want %v", name, got, c.want)
		}
		for image, n := range byName {
			label := 0
			if strings.HasPrefix(image, "raw/dog") {
				label = 1
			}
			share := float64(c.want[label]) / []float64{20, 5}[label]
			if float64(n) < math.Floor(share)-1 || float64(n) > math.Ceil(share)+1 {
				t.Errorf("%s: %s came %d times, and its share is %v", name, image, n, share)
			}
		}
	}
}

// Over many epochs every image comes as often as its weight says.
func TestSamplingByWeight(t *testing.T) {
	entries := make([]entry, 7)
	weights := []float64{0, 1, 2, 3, 4, 0.5, 1.5} // a sum of 12
	for i := range entries {
		entries[i].label = int32(i % 3)
	}
	var o order
	const epochs, length = 3000, 5
	var total [7]float64
	for epoch := range epochs {
		o.draw(dataset.Key{Epoch: epoch}.Rand("order"), entries, weights, length, 1)
		if len(o.entries) != length {
			t.Fatalf("an epoch of %d images has %d", length, len(o.entries))
		}
		for i, e := range o.entries {
			total[e]++
			if want := slices.Index(o.entries, e) < i; want != (o.times[i] > 0) {
				t.Fatalf("image %d of %v came %d times before", i, o.entries, o.times[i])
			}
		}
	}
	for i, w := range weights {
		want := w / 12 * length
		if got := total[i] / epochs; math.Abs(got-want) > 0.05 {
			t.Errorf("weight %v: %v an epoch, want %v", w, got, want)
		}
	}
}

func TestWeightOfSamples(t *testing.T) {
	train := newTrain(t, makeUneven(t), TrainOptions{Sampling: Sampling{
		Weight: func(s dataset.Sample) float64 { return float64(s.Width % 2) }, Length: 40,
	}})
	want := 0
	for _, w := range train.weights {
		want += int(w)
	}
	if _, byName := counts(t, train, 1); want == 0 || want == 25 || len(byName) != want {
		t.Errorf("%d different images, want the %d of odd width", len(byName), want)
	}
}

func TestRepeatedAugmentation(t *testing.T) {
	dir := makeUneven(t)
	train := newTrain(t, dir, TrainOptions{
		Sampling: Sampling{Repeats: 3}, BatchSize: 6, Augment: pipeline(),
	})
	all := collect(t, train.Epoch(ctx, 0))
	if len(all) != 5 {
		t.Fatalf("%d batches, want 5", len(all))
	}
	size := train.Input().values()
	for _, b := range all[:4] {
		for i := 0; i < 6; i += 3 {
			if b.names[i] != b.names[i+1] || b.names[i] != b.names[i+2] {
				t.Fatalf("batch of %v does not repeat each three times", b.names)
			}
			first, second := b.images[i*size:(i+1)*size], b.images[(i+1)*size:(i+2)*size]
			if slices.Equal(first, second) {
				t.Errorf("%s was augmented the same way twice", b.names[i])
			}
		}
		if b.names[0] == b.names[3] {
			t.Errorf("%v: an image comes in two groups", b.names)
		}
	}
}

func TestFaultySampling(t *testing.T) {
	dir := makeUneven(t)
	for name, s := range map[string]Sampling{
		"only one":      {Balanced: true, ClassWeights: map[string]float64{"cat": 1, "dog": 1}},
		`lacks "dog"`:   {ClassWeights: map[string]float64{"cat": 1}},
		`"dgo"`:         {ClassWeights: map[string]float64{"cat": 1, "dog": 1, "dgo": 1}},
		"add up to 0":   {ClassWeights: map[string]float64{"cat": 0, "dog": 0}},
		"weight of -1":  {ClassWeights: map[string]float64{"cat": -1, "dog": 1}},
		"weight of NaN": {Weight: func(dataset.Sample) float64 { return math.NaN() }},
		"epoch of 26":   {Length: 26},
		"negative":      {Repeats: -1},
	} {
		_, err := NewTrain(dir, TrainOptions{Input: small(), Sampling: s})
		if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(name, "lacks ", "")) {
			t.Errorf("error %v, want %s", err, name)
		}
	}
}
