package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
)

func benchLoaderCommand() *cli.Command {
	return &cli.Command{
		Name:  "loader",
		Usage: "measure how fast training batches are made",
		Description: `Loads the training split of the data set in --dir, or all pictures of the folder
--from, for some epochs, and does nothing with the batches. What is told of is
the fastest epoch after the first. The pipeline plain cuts a random part of each
picture, scales it to the size, flips it or not and normalises it; jitter changes
the colours as well.

Examples:
   dsbuild bench loader --from photos --workers 1
   dsbuild bench loader --dir pets --augment jitter`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "from", DefaultText: "the data set",
				Usage: "`FOLDER` of pictures, in folders for the classes"},
			&cli.IntFlag{Name: "workers", DefaultText: "one for each processor",
				Usage: "`N` pictures at a time"},
			&cli.IntFlag{Name: "batch", Value: 64, Usage: "`N` pictures in a batch"},
			&cli.StringFlag{Name: "augment", Value: "plain", Usage: "`PIPELINE`: plain or jitter"},
			&cli.IntFlag{Name: "size", Value: 224, Usage: "side of the outcome, in `PIXELS`"},
			&cli.IntFlag{Name: "epochs", Value: 3, Usage: "load everything `N` times"},
		},
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			b, err := newLoaderBench(c, s.recipe.Seed)
			if err != nil {
				return err
			}
			return runBenchLoader(c.Context, s, b)
		},
	}
}

// A loaderBench says what is loaded, and how often.
type loaderBench struct {
	from    string // or empty for the data set
	options loader.TrainOptions
	epochs  int
}

// newLoaderBench reads and checks the flags.
func newLoaderBench(c *cli.Context, seed uint64) (loaderBench, error) {
	const name = "bench loader"
	size, batch := c.Int("size"), c.Int("batch")
	b := loaderBench{from: c.String("from"), epochs: c.Int("epochs")}
	pipeline := augment.Pipeline{augment.RandomResizedCrop(size), augment.HorizontalFlip(0.5)}
	switch kind := c.String("augment"); kind {
	case "plain":
	case "jitter":
		pipeline = append(pipeline, augment.ColorJitter(0.4, 0.4, 0.4, 0.1))
	default:
		return b, usagef(name, "--augment is %q, and must be plain or jitter", kind)
	}
	workers := runtime.GOMAXPROCS(0)
	bind(c, "workers", &workers, c.Int)
	if err := checkThreads(name, "workers", workers); err != nil {
		return b, err
	}
	const most = 1 << 14
	switch {
	case b.from != "" && nearest(c, "dir").IsSet("dir"):
		return b, usagef(name, "--from and --dir both say what to load: give one of them")
	case b.epochs < 2:
		return b, usagef(name, "--epochs is %d, and must be 2 or more: the first warms up", b.epochs)
	case size < 1 || size > most:
		return b, usagef(name, "--size is %d, and must be from 1 to %d", size, most)
	case batch < 1 || batch > most:
		return b, usagef(name, "--batch is %d, and must be from 1 to %d", batch, most)
	}
	b.options = loader.TrainOptions{
		Input: loader.Input{Width: size, Height: size}, Augment: pipeline, Seed: seed,
		BatchSize: batch, Workers: workers,
	}
	return b, nil
}

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
	AllocsPerSample float64 `json:"allocs_per_sample"`
	BadImages       int     `json:"bad_images,omitempty"`
}

// runBenchLoader measures a loader and shows the figures.
func runBenchLoader(ctx context.Context, s setting, b loaderBench) error {
	measure := func(dir dataset.Dir) error {
		figures, err := measureLoader(ctx, dir, b)
		if err != nil {
			return err
		}
		return s.result(figures, func(w io.Writer) { writeLoader(w, figures) })
	}
	if b.from == "" {
		return measure(s.dir)
	}
	return withSet(ctx, b.from, measure)
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
	f.Images, f.Workers = train.Len(), b.options.Workers
	var best timing
	var warm, end runtime.MemStats
	for epoch := range b.epochs {
		t, err := timeEpoch(ctx, train, epoch)
		if err != nil {
			return f, err
		}
		switch epoch {
		case 0:
			f.FirstEpoch = float64(f.Images) / t.wall.Seconds()
			runtime.ReadMemStats(&warm)
		case 1:
			best = t
		default:
			best = timing{min(best.wall, t.wall), min(best.cpu, t.cpu)}
		}
	}
	runtime.ReadMemStats(&end)
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
	t.row("images", "workers", "images/s", "first epoch", "ms an image", "allocations", "peak MB")
	t.row(f.Images, f.Workers, f.ImagesPerSecond, f.FirstEpoch, f.MsPerImage, f.AllocsPerSample,
		f.PeakRSSMB)
	t.write(w)
	if f.BadImages > 0 {
		fmt.Fprintf(w, "\n%s could not be decoded\n", plural(f.BadImages, "picture", "pictures"))
	}
}
