package loader

import (
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/pixel"
)

func TestStateOfAnotherLoaderIsRefused(t *testing.T) {
	dir := makeSet(t, 8)
	usual := TrainOptions{Augment: &shifted{by: 1}, Seed: 4, BatchSize: 4}
	state := newTrain(t, dir, usual).State(1, 2)
	for what, change := range map[string]func(*TrainOptions){
		"":          func(o *TrainOptions) { o.Workers, o.BatchSize, o.Augment = 5, 3, &shifted{by: 1} },
		"seed 4":    func(o *TrainOptions) { o.Seed = 5 },
		"pipeline":  func(o *TrainOptions) { o.Augment = &shifted{by: 2} },
		"pipeline ": func(o *TrainOptions) { o.Sampling.Balanced = true },
		"pipeline:": func(o *TrainOptions) { o.Reduce = 20 },
		"pipeline: ": func(o *TrainOptions) {
			o.Input = small()
			o.Input.Normalization = &pixel.Normalization{
				Mean: []float32{0, 0, 0}, Std: []float32{1, 1, 1},
			}
		},
	} {
		o := usual
		change(&o)
		err := firstError(newTrain(t, dir, o).EpochFrom(ctx, state))
		if what == "" && err != nil || what != "" && (err == nil ||
			!strings.Contains(err.Error(), strings.TrimSpace(what))) {
			t.Errorf("error %v, want one that names %q", err, what)
		}
	}
	err := firstError(newTrain(t, makeSet(t, 9), usual).EpochFrom(ctx, state))
	if err == nil || !strings.Contains(err.Error(), "split") {
		t.Errorf("a state of another split: error %v", err)
	}
	state.Next = 17
	if err := firstError(newTrain(t, dir, usual).EpochFrom(ctx, state)); err == nil {
		t.Error("a state beyond the end of the epoch was taken")
	}
}
