package train

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/split"
)

var ctx = context.Background()

// makeSet writes a data set that is easy to learn: n gray images of each of
// two classes, with bars that lie or stand, split with the given shares.
func makeSet(t testing.TB, n int, shares split.Shares) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	files := store.Open(dir)
	rng := rand.New(rand.NewPCG(1, 2))
	var samples []dataset.Sample
	for i := range 2 * n {
		m := image.NewGray(image.Rect(0, 0, 16, 16))
		for k := range m.Pix {
			m.Pix[k] = uint8(rng.IntN(90))
		}
		bar := 3 + rng.IntN(10)
		for k := range 16 {
			if i%2 == 0 {
				m.Pix[bar*16+k] += 120
			} else {
				m.Pix[k*16+bar] += 120
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		header, err := codec.Probe(b.Bytes(), codec.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := files.Put([]string{"lying", "standing"}[i%2], b.Bytes(), header)
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, s)
	}
	dataset.Sort(samples)
	err := dataset.WriteManifest(dir.Collected(), func(yield func(dataset.Sample) bool) {
		for _, s := range samples {
			if !yield(s) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := split.Run(ctx, dir, split.Options{Shares: shares, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// usual are options of short runs with all that is random in them.
func usual() Options {
	o := Options{
		Seed: 3, Epochs: 3, BatchSize: 16, AugmentText: "crops",
		Augment: func(in loader.Input) (loader.Transform, error) {
			return augment.Pipeline{augment.HorizontalFlip(0.5), augment.RandomErasing(0.3)}.
				For(in.Width, in.Height), nil
		},
	}
	o.Model.CDims, o.Model.HDims, o.Model.Dropout = []int{8, 8}, []int{16}, 0.1
	return o
}

func run(t testing.TB, dir dataset.Dir, o Options) Report {
	t.Helper()
	report, err := Run(ctx, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// stopEvery trains with a stop after every so many training batches, and tells
// how many stops there were.
func stopEvery(t testing.TB, dir dataset.Dir, o Options, batches int) (report Report, stops int) {
	t.Helper()
	for stops = 0; stops < 100; stops++ {
		ctx, cancel := context.WithCancel(ctx)
		done, training := 0, 0
		o.OnStart = func(s Start) { training = s.Train }
		o.Progress = func(_, images, _ int) {
			if done++; done == batches && images <= training {
				cancel()
			}
		}
		report, err := Run(ctx, dir, o)
		cancel()
		if err == nil {
			return report, stops
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		o.Resume = true
	}
	t.Fatal("the run makes no progress")
	return report, stops
}

// checkpoints returns the bytes of a run's two checkpoints.
func checkpoints(t testing.TB, dir dataset.Dir, run string) (best, last []byte) {
	t.Helper()
	best, err := os.ReadFile(bestPath(dir, run))
	if err != nil {
		t.Fatal(err)
	}
	last, err = os.ReadFile(lastPath(dir, run))
	if err != nil {
		t.Fatal(err)
	}
	return best, last
}
