package loader

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

func pipeline() augment.Pipeline {
	return augment.Pipeline{
		augment.RandomResizedCrop(0), augment.HorizontalFlip(0.5), augment.RandomRotation(20),
		augment.ColorJitter(0.4, 0.4, 0.4, 0.1), augment.GaussianBlur(0.3),
		augment.RandomErasing(0.5),
	}.For(12, 10)
}

func newTrain(t testing.TB, dir dataset.Dir, o TrainOptions) *Train {
	t.Helper()
	if o.Input.Width == 0 {
		o.Input = small()
	}
	train, err := NewTrain(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return train
}

func TestBatchesDoNotDependOnWorkers(t *testing.T) {
	dir := makeSet(t, 21)
	load := func(workers, prefetch, epoch int) []record {
		train := newTrain(t, dir, TrainOptions{
			Augment: pipeline(), Seed: 5, BatchSize: 8, Workers: workers, Prefetch: prefetch,
		})
		return collect(t, train.Epoch(ctx, epoch))
	}
	want := load(1, 1, 3)
	if len(want) != 6 || want[5].shape != "(2, 10, 12, 3)" {
		t.Fatalf("an epoch of 42 images in batches of 8 has %d, the last of shape %s",
			len(want), want[len(want)-1].shape)
	}
	for _, workers := range []int{2, 8} {
		for _, prefetch := range []int{1, 4} {
			if got := load(workers, prefetch, 3); !reflect.DeepEqual(got, want) {
				t.Errorf("%d workers and prefetch %d give other batches than one", workers, prefetch)
			}
		}
	}
	if reflect.DeepEqual(load(2, 2, 4), want) {
		t.Error("two epochs are the same")
	}
}

func TestEpochHasEveryImageOnce(t *testing.T) {
	dir := makeSet(t, 9)
	train := newTrain(t, dir, TrainOptions{BatchSize: 4, Seed: 1})
	var names []string
	for _, b := range collect(t, train.Epoch(ctx, 0)) {
		names = append(names, b.names...)
		for i, label := range b.labels {
			if want := []string{"cat", "dog"}[label]; !strings.HasPrefix(b.names[i], "raw/"+want+"/") {
				t.Errorf("%s has label %d", b.names[i], label)
			}
		}
	}
	if slices.IsSorted(names) {
		t.Error("an epoch is not shuffled")
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != 18 || len(names) != 18 {
		t.Errorf("an epoch has %d images, %d different ones, of 18", len(names), n)
	}
}

func TestEpochFromGivesTheRest(t *testing.T) {
	dir := makeSet(t, 9)
	train := newTrain(t, dir, TrainOptions{BatchSize: 4, Seed: 1, Augment: pipeline()})
	whole := collect(t, train.Epoch(ctx, 2))
	for first := range len(whole) + 1 {
		if rest := collect(t, train.EpochFrom(ctx, train.State(2, first))); !slices.EqualFunc(rest, whole[first:],
			func(a, b record) bool { return reflect.DeepEqual(a, b) }) {
			t.Errorf("an epoch from batch %d on differs", first)
		}
	}
}

func TestDropLast(t *testing.T) {
	train := newTrain(t, makeSet(t, 9), TrainOptions{BatchSize: 4, DropLast: true})
	if got := len(collect(t, train.Epoch(ctx, 0))); got != 4 || train.Batches() != 4 || train.Len() != 16 {
		t.Errorf("18 images give %d full batches of 4 (Batches %d, Len %d)",
			got, train.Batches(), train.Len())
	}
}

func TestLayoutAndNormalization(t *testing.T) {
	dir := makeSet(t, 1)
	n := pixel.Normalization{Mean: []float32{0.5, 0.25, 0}, Std: []float32{2, 1, 0.5}}
	eval, err := NewEval(dir, dataset.Test, EvalOptions{
		Input: Input{Width: 41, Height: 30, Normalization: &n}, Whole: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	first := collect(t, eval.Epoch(ctx, 0))[0]
	at := slices.IndexFunc(first.names, func(name string) bool {
		m, err := readImage(dir, name)
		return err == nil && m.Width == 41 && m.Height == 30
	})
	if at < 0 {
		t.Fatal("the set lacks the image of 41x30 pixels")
	}
	m, err := readImage(dir, first.names[at])
	if err != nil {
		t.Fatal(err)
	}
	got := first.images[at*41*30*3:]
	for y := range 30 {
		for x := range 41 {
			for c := range 3 {
				v := float32(m.Pix[(y*41+x)*3+c])
				want := (v/255 - n.Mean[c]) / n.Std[c]
				if diff := got[(y*41+x)*3+c] - want; max(diff, -diff) > 1e-6 {
					t.Fatalf("pixel (%d,%d,%d) is %v, want %v", x, y, c, got[(y*41+x)*3+c], want)
				}
			}
		}
	}
}

func TestLoadersTellWhatTheyGive(t *testing.T) {
	dir := makeSet(t, 9)
	train := newTrain(t, dir, TrainOptions{BatchSize: 4})
	eval, err := NewEval(dir, dataset.Test, EvalOptions{Input: small(), BatchSize: 4})
	if err != nil {
		t.Fatal(err)
	}
	if want := (dataset.Classes{"cat", "dog"}); !slices.Equal(train.Classes(), want) ||
		!slices.Equal(eval.Classes(), want) {
		t.Errorf("classes %v and %v, want %v", train.Classes(), eval.Classes(), want)
	}
	if train.Len() != 18 || train.Batches() != 5 || eval.Len() != 6 || eval.Batches() != 2 {
		t.Errorf("%d and %d images in %d and %d batches, want 18 and 6 in 5 and 2",
			train.Len(), eval.Len(), train.Batches(), eval.Batches())
	}
	if got := len(collect(t, eval.Epoch(ctx, 0))); got != eval.Batches() {
		t.Errorf("%d batches came of %d", got, eval.Batches())
	}
	for _, in := range []Input{train.Input(), eval.Input()} {
		if in.Channels != 3 || in.Width != 12 || len(in.Normalization.Mean) != 3 {
			t.Errorf("input %+v without defaults", in)
		}
	}
}

func TestGrayInput(t *testing.T) {
	train := newTrain(t, makeSet(t, 2), TrainOptions{Input: Input{Width: 8, Height: 8, Channels: 1}})
	if got := collect(t, train.Epoch(ctx, 0))[0].shape; got != "(4, 8, 8, 1)" {
		t.Errorf("shape %s", got)
	}
}

func TestLeavingTheLoopEndsAllGoroutines(t *testing.T) {
	dir := makeSet(t, 30)
	train := newTrain(t, dir, TrainOptions{BatchSize: 2, Workers: 4})
	for b, err := range train.Epoch(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		b.Release()
		if running() == "" {
			t.Error("goroutines that make batches are not seen")
		}
		break
	}
	if left := running(); left != "" {
		t.Error(left)
	}
}

func TestCancelledContext(t *testing.T) {
	train := newTrain(t, makeSet(t, 30), TrainOptions{BatchSize: 2})
	ctx, cancel := context.WithCancel(ctx)
	n := 0
	var last error
	for b, err := range train.Epoch(ctx, 0) {
		if err != nil {
			last = err
			break
		}
		b.Release()
		if n++; n == 3 {
			cancel()
		}
	}
	cancel()
	if !errors.Is(last, context.Canceled) {
		t.Errorf("a cancelled epoch ended with %v after %d batches", last, n)
	}
	if left := running(); left != "" {
		t.Error(left)
	}
}

// A batch that lacks images must never look ready: a consumer that is told of
// both the end of the context and a ready batch may take the batch.
func TestInterruptedBatchIsNeverReady(t *testing.T) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := Input{Width: 1, Height: 1, Channels: 1}
	e := &engine{config: config{input: in}, pool: &pool{input: in, images: 3}}
	f := &feed{engine: e, jobs: make(chan job, 1)}
	f.fill = func(*worker, *Batch, int, int) error {
		cancel()
		return nil
	}
	b := e.pool.get(3)
	b.pending.Store(1)
	f.jobs <- job{batch: b, hi: 3}
	close(f.jobs)
	if err := f.work(ctx, &worker{engine: e}); !errors.Is(err, context.Canceled) {
		t.Errorf("the worker ended with %v", err)
	}
	select {
	case <-b.done:
		t.Error("a batch of which one image in three is filled is ready")
	default:
	}
}

func TestReleaseTwicePanics(t *testing.T) {
	train := newTrain(t, makeSet(t, 2), TrainOptions{})
	defer func() {
		if recover() == nil {
			t.Error("a second Release went unnoticed")
		}
	}()
	for b, err := range train.Epoch(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		b.Release()
		b.Release()
	}
}
