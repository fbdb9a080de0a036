package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
)

// A loaderFigures value tells how fast batches are made.
type loaderFigures struct {
	Images          int     `json:"images"` // in an epoch
	Workers         int     `json:"workers"`
	ImagesPerSecond float64 `json:"images_per_second"` // of the fastest epoch after the first
	FirstEpoch      float64 `json:"first_epoch"`       // images per second
	MsPerImage      float64 `json:"ms_per_image"`
	CPUMsPerImage   float64 `json:"cpu_ms_per_image,omitempty"`
	PeakRSSMB       float64 `json:"peak_rss_mb,omitempty"`
	// AllocsPerSample counts the allocations of all epochs after the first.
	AllocsPerSample float64    `json:"allocs_per_sample"`
	Stages          stageTimes `json:"stages"`
	BadImages       int        `json:"bad_images,omitempty"`
}

// stageTimes are what the stages take for an image, in milliseconds of one
// worker and, of the waiting, of the program that takes the batches: over all
// epochs after the first.
type stageTimes struct {
	Read     float64 `json:"read_ms"`
	Decode   float64 `json:"decode_ms"`
	Resample float64 `json:"resample_ms"`
	Colour   float64 `json:"colour_ms"`
	Collate  float64 `json:"collate_ms"`
	Waited   float64 `json:"waited_ms"`
}

// stagesBetween returns the times between two moments in the life of a loader.
func stagesBetween(from, to loader.Stats) stageTimes {
	n := int(to.Images - from.Images)
	per := func(from, to time.Duration) float64 { return perImage(to-from, n) }
	return stageTimes{
		Read: per(from.Read, to.Read), Decode: per(from.Decode, to.Decode),
		Resample: per(from.Resample, to.Resample), Colour: per(from.Colour, to.Colour),
		Collate: per(from.Collate, to.Collate), Waited: per(from.Waited, to.Waited),
	}
}

// measureLoader loads all epochs.
func measureLoader(ctx context.Context, dir dataset.Dir, b loaderBench) (loaderFigures, error) {
	var f loaderFigures
	bad := map[string]bool{}
	b.options.OnError = func(image loader.BadImage) { bad[image.FileName] = true }
	train, err := loader.NewTrain(dir, b.options)
	if err != nil {
		return f, err
	}
	first, err := timeEpoch(ctx, train, 0)
	if err != nil {
		return f, err
	}
	if b.pack && train.Stats().FromPack == 0 {
		return f, errors.New("the data set has no pack of its present split (run: dsbuild pack)")
	}
	f.Images, f.Workers = train.Len(), b.options.Workers
	f.FirstEpoch = float64(f.Images) / first.wall.Seconds()
	var warm, end runtime.MemStats
	runtime.ReadMemStats(&warm)
	before := train.Stats()
	var best timing
	for epoch := 1; epoch < b.epochs; epoch++ {
		t, err := timeEpoch(ctx, train, epoch)
		if err != nil {
			return f, err
		}
		if epoch == 1 {
			best = t
		}
		best = timing{min(best.wall, t.wall), min(best.cpu, t.cpu)}
	}
	runtime.ReadMemStats(&end)
	f.Stages = stagesBetween(before, train.Stats())
	f.ImagesPerSecond = float64(f.Images) / best.wall.Seconds()
	f.MsPerImage, f.CPUMsPerImage = perImage(best.wall, f.Images), perImage(best.cpu, f.Images)
	f.AllocsPerSample = float64(end.Mallocs-warm.Mallocs) / float64(f.Images*(b.epochs-1))
	f.PeakRSSMB = float64(taken().peakRSS) / 1e6
	f.BadImages = len(bad)
	return f, nil
}

// timeEpoch returns what an epoch takes whose batches are given back at once.
func timeEpoch(ctx context.Context, train *loader.Train, epoch int) (timing, error) {
	start, before := time.Now(), taken()
	for batch, err := range train.Epoch(ctx, epoch) {
		if err != nil {
			return timing{}, err
		}
		batch.Release()
	}
	return timing{time.Since(start), taken().cpu - before.cpu}, nil
}

func writeLoader(w io.Writer, f loaderFigures) {
	var t table
	t.row("images", "workers", "images/s", "first epoch", "ms/image", "allocations", "peak MB")
	t.row(f.Images, f.Workers, f.ImagesPerSecond, f.FirstEpoch, f.MsPerImage, f.AllocsPerSample,
		f.PeakRSSMB)
	t.write(w)
	fmt.Fprintln(w)
	var stages table
	stages.row("stage", "ms/image")
	stages.row("read", f.Stages.Read)
	stages.row("decode", f.Stages.Decode)
	stages.row("resample", f.Stages.Resample)
	stages.row("colour", f.Stages.Colour)
	stages.row("collate", f.Stages.Collate)
	stages.row("waited for", f.Stages.Waited)
	stages.write(w)
	if f.BadImages > 0 {
		fmt.Fprintf(w, "\n%s could not be decoded\n", plural(f.BadImages, "picture", "pictures"))
	}
}
