package loader

import (
	"runtime"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
)

// underRace tells that the race detector runs, which allocates, too.
var underRace bool

// The images of all epochs after the first take no memory of their own: an
// epoch of many costs as few allocations as one of few.
func TestNoAllocationPerImage(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	dir := makePhotos(t, 60)
	for name, o := range map[string]TrainOptions{
		"files": {}, "cache": {Reduce: 64, CacheBytes: 1 << 20},
		"bytes": {Input: Input{Width: 32, Height: 32, Layout: NCHW, Type: Uint8}},
		"mixed": {Input: Input{Width: 32, Height: 32, Boxes: true}},
		"twice": {Sampling: Sampling{Repeats: 2, Balanced: true}},
	} {
		if o.Input.Width == 0 {
			o.Input = Input{Width: 32, Height: 32}
		}
		o.BatchSize, o.Workers, o.DropLast = 4, 2, true
		pipeline := augment.Pipeline{
			augment.RandomResizedCrop(32), augment.HorizontalFlip(0.5),
			augment.ColorJitter(0.4, 0.4, 0.4, 0.1),
		}
		if name == "mixed" {
			pipeline = append(pipeline, augment.Mosaic(0.5), augment.CutMix(1), augment.MixUp(1))
		}
		o.Augment = pipeline
		train := newTrain(t, dir, o)
		allocations := func(from State) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b, err := range train.EpochFrom(ctx, from) {
				if err != nil {
					t.Fatal(err)
				}
				b.Release()
			}
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		for epoch := range 3 {
			allocations(train.State(epoch, 0))
		}
		least := func(steps int) uint64 {
			n := allocations(train.State(3, steps))
			for range 4 { // others allocate at times: the runtime, and tests
				n = min(n, allocations(train.State(3, steps)))
			}
			return n
		}
		few, many := least(train.Batches()-2), least(0)
		const slack = 20 // half an allocation for each batch
		if images := train.Len() - 8; many > few+slack {
			t.Errorf("%s: %d images more take %d allocations more", name, images, many-few)
		}
	}
}

func TestNoMoreBatchesThanPrefetchAndOne(t *testing.T) {
	dir := makePhotos(t, 20)
	for _, prefetch := range []int{1, 2, 3} {
		train := newTrain(t, dir, TrainOptions{BatchSize: 2, Prefetch: prefetch, Workers: 3})
		for epoch := range 2 {
			for b, err := range train.Epoch(ctx, epoch) {
				if err != nil {
					t.Fatal(err)
				}
				b.Release()
			}
			for b, err := range train.Epoch(ctx, epoch) { // what is left behind is used again
				if err != nil {
					t.Fatal(err)
				}
				b.Release()
				break
			}
		}
		if got := train.pool.made; got > prefetch+1 {
			t.Errorf("prefetch %d: %d batches were made", prefetch, got)
		}
	}
}
