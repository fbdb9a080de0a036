package main

import (
	"context"
	"io"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pack"
)

func benchLoaderCommand() *cli.Command {
	return &cli.Command{
		Name:  "loader",
		Usage: "measure how fast training batches are loaded",
		Description: `Loads the training split of the data set in --dir, or all pictures of the folder
--from, for several epochs and discards the batches. Reports the fastest epoch after
the first, and how long the workers spent in each stage. The pipeline plain takes a
random crop of each picture, resizes it to --size, flips it at random and normalises
it; jitter changes the colours as well. With --pack, pictures are read from the pack
of the data set, or from one made of the folder before the measurement; with --cache
they are decoded only once.

Examples:
   dsbuild bench loader --from photos --workers 1
   dsbuild bench loader --from photos --pack
   dsbuild bench loader --dir pets --augment jitter --cache`,
		Flags: benchLoaderFlags(),
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

// benchLoaderFlags say what is loaded, how, and how often.
func benchLoaderFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "from", DefaultText: "the data set",
			Usage: "`FOLDER` of pictures, with one folder per class"},
		&cli.IntFlag{Name: "workers", DefaultText: "one per processor",
			Usage: "work on `N` pictures at a time"},
		&cli.IntFlag{Name: "batch", Value: 64, Usage: "`N` pictures per batch"},
		&cli.StringFlag{Name: "augment", Value: "plain", Usage: "`PIPELINE`: plain or jitter"},
		&cli.IntFlag{Name: "size", Value: 224, Usage: "output width and height in `PIXELS`"},
		&cli.IntFlag{Name: "epochs", Value: 3, Usage: "load everything `N` times"},
		&cli.BoolFlag{Name: "pack", DisableDefaultText: true, Usage: "read from a pack"},
		&cli.BoolFlag{Name: "cache", DisableDefaultText: true,
			Usage: "keep decoded pictures in memory, reduced to --reduce pixels"},
		&cli.IntFlag{Name: "reduce", DefaultText: "8/7 of --size",
			Usage: "shorter side of cached pictures in `PIXELS`"},
		&cli.IntFlag{Name: "cache-mb", Value: 4096, Usage: "memory limit of the cache in `MB`"},
	}
}

// A loaderBench says what is loaded, and how often.
type loaderBench struct {
	from    string // or empty for the data set
	pack    bool
	options loader.TrainOptions
	epochs  int
}

// newLoaderBench reads and checks the flags.
func newLoaderBench(c *cli.Context, seed uint64) (loaderBench, error) {
	const name, most = "bench loader", 1 << 14
	size, batch := c.Int("size"), c.Int("batch")
	b := loaderBench{from: c.String("from"), epochs: c.Int("epochs"), pack: c.Bool("pack")}
	pipeline := augment.Pipeline{augment.RandomResizedCrop(size), augment.HorizontalFlip(0.5)}
	switch kind := c.String("augment"); kind {
	case "plain":
	case "jitter":
		pipeline = append(pipeline, augment.ColorJitter(0.4, 0.4, 0.4, 0.1))
	default:
		return b, usagef(name, "--augment is %q, but must be plain or jitter", kind)
	}
	workers := runtime.GOMAXPROCS(0)
	bind(c, "workers", &workers, c.Int)
	if err := checkThreads(name, "workers", workers); err != nil {
		return b, err
	}
	switch {
	case b.from != "" && nearest(c, "dir").IsSet("dir"):
		return b, usagef(name, "--from and --dir exclude each other: give only one")
	case b.epochs < 2:
		return b, usagef(name, "--epochs is %d, but must be at least 2: the first one warms up", b.epochs)
	case size < 1 || size > most:
		return b, usagef(name, "--size is %d, but must be from 1 to %d", size, most)
	case batch < 1 || batch > most:
		return b, usagef(name, "--batch is %d, but must be from 1 to %d", batch, most)
	}
	b.options = loader.TrainOptions{
		Input: loader.Input{Width: size, Height: size}, Augment: pipeline, Seed: seed,
		BatchSize: batch, Workers: workers, Packs: loader.Off,
	}
	if b.pack {
		b.options.Packs = loader.Auto
	}
	return b, b.cache(c, name, size)
}

// cache sets the options of the cache.
func (b *loaderBench) cache(c *cli.Context, name string, size int) error {
	const most = 1 << 20 // MB
	reduce, mb := max(1, size*8/7), c.Int("cache-mb")
	bind(c, "reduce", &reduce, c.Int)
	switch {
	case !c.Bool("cache") && (c.IsSet("reduce") || c.IsSet("cache-mb")):
		return usagef(name, "--reduce and --cache-mb need --cache")
	case reduce < 1:
		return usagef(name, "--reduce is %d, but must be 1 or more", reduce)
	case mb < 1 || mb > most:
		return usagef(name, "--cache-mb is %d, but must be from 1 to %d", mb, most)
	}
	if c.Bool("cache") {
		b.options.Reduce, b.options.CacheBytes = reduce, int64(mb)*1e6
	}
	return nil
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
	return withSet(ctx, b.from, func(dir dataset.Dir) error {
		if b.pack {
			if _, err := pack.Run(ctx, dir, dataset.Train, pack.Options{}); err != nil {
				return err
			}
		}
		return measure(dir)
	})
}
