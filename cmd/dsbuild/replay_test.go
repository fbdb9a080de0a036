package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/augment/apply"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
)

// importPictures makes a data set of drawn pictures and splits it.
func importPictures(t *testing.T) dataset.Dir {
	t.Helper()
	from, dir := t.TempDir(), t.TempDir()
	if code := mkimages([]string{from, "cat=12", "dog=12"}); code != 0 {
		t.Fatal("no pictures were drawn")
	}
	for _, args := range [][]string{
		{"import", "--quiet", "--from", from, "--dir", dir}, {"split", "--quiet", "--dir", dir},
	} {
		app := newApp(io.Discard, os.Stderr)
		if err := app.Run(append([]string{"dsbuild"}, args...)); err != nil {
			t.Fatal(err)
		}
	}
	return dataset.Dir(dir)
}

// TestReplayIsWhatTrainingSaw compares replays with the batches of whole epochs,
// bit for bit.
func TestReplayIsWhatTrainingSaw(t *testing.T) {
	dir := importPictures(t)
	pipeline := augment.Pipeline{
		augment.RandomResizedCrop(0), augment.RandomRotation(20), augment.ColorJitter(0.4, 0.4, 0.4, 0.1),
		augment.GaussianBlur(0.5), augment.RandomErasing(0.5),
	}
	for name, p := range map[string]augment.Pipeline{
		"alone": pipeline, "mixed": append(slices.Clone(pipeline), augment.Mosaic(0.6), augment.MixUp(1)),
	} {
		input := loader.Input{Width: 40, Height: 32, Type: loader.Uint8}
		sized := p.For(40, 32)
		train, err := loader.NewTrain(dir, loader.TrainOptions{
			Input: input, Augment: sized, Seed: 5, BatchSize: 7, Workers: 3,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, epoch := range []int{0, 3} {
			for batch, err := range train.Epoch(context.Background(), epoch) {
				if err != nil {
					t.Fatal(err)
				}
				checkReplays(t, name, dir, batch, epoch, loader.TrainOptions{Input: input, Seed: 5}, sized)
				batch.Release()
			}
		}
	}
}

// checkReplays replays all images of a batch.
func checkReplays(
	t *testing.T, name string, dir dataset.Dir, batch *loader.Batch, epoch int,
	o loader.TrainOptions, pipeline augment.Pipeline,
) {
	t.Helper()
	pixels, size := batch.Images().Data().([]uint8), 40*32*3
	targets := batch.Targets().Data().([]float32)
	classes := len(targets) / batch.Size()
	for i, file := range batch.FileNames() {
		o.Augment = &recorder{pipeline: pipeline}
		sample := dataset.Sample{FileName: file, Label: filepath.Base(filepath.Dir(file))}
		r, err := makeReplay(context.Background(), dir, sample, epoch, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.pixels.Pix, pixels[i*size:(i+1)*size]) {
			t.Errorf("%s: %s in epoch %d is not what training saw", name, file, epoch)
		}
		if len(r.Steps) == 0 || (len(r.Layers) > 0) != (len(r.Partners) > 0) {
			t.Errorf("%s: %d steps, %d layers, %d partners", name, len(r.Steps), len(r.Layers),
				len(r.Partners))
		}
		for class, share := range []string{"cat", "dog"} {
			want := targets[i*classes+class]
			if r.Targets != nil && r.Targets[share] != want {
				t.Errorf("%s: the share of %s is %v, want %v", name, share, r.Targets[share], want)
			}
		}
		var plan pixel.Plan
		pipeline.Draw(&plan, dataset.Key{Seed: o.Seed, Epoch: epoch, Sample: file}, 64, 48)
		if got, want := len(r.Steps), len(plan.Steps); got != want {
			t.Errorf("%s: the replay has %d steps, the plan %d", name, got, want)
		}
	}
}

// TestPreviewShowsWhatReplaySays compares what both say was drawn, partners
// included.
func TestPreviewShowsWhatReplaySays(t *testing.T) {
	dir := importPictures(t)
	pipeline := augment.Pipeline{
		augment.RandomResizedCrop(0), augment.HorizontalFlip(0.5), augment.Mosaic(1), augment.CutMix(1),
	}.For(40, 32)
	preview, err := apply.Preview(context.Background(), dir, apply.PreviewOptions{
		Pipeline: pipeline, Seed: 5, Epoch: 2, Images: 4, Draws: 2, Path: dir.Path("sheets/mixed.png"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(preview.Draws) != 8 {
		t.Fatalf("%d draws", len(preview.Draws))
	}
	for _, draw := range preview.Draws {
		r, err := makeReplay(context.Background(), dir, dataset.Sample{FileName: draw.FileName},
			draw.Epoch, loader.TrainOptions{
				Input: loader.Input{Width: 40, Height: 32}, Seed: 5, Augment: &recorder{pipeline: pipeline},
			})
		if err != nil {
			t.Fatal(err)
		}
		same := reflect.DeepEqual(r.Steps, draw.Steps) && reflect.DeepEqual(r.Layers, draw.Layers) &&
			reflect.DeepEqual(r.Partners, draw.Partners)
		if !same || len(r.Partners) < 3 {
			t.Errorf("the preview says %v\nthe replay  %v %v %v", draw, r.Steps, r.Layers, r.Partners)
		}
	}
}
