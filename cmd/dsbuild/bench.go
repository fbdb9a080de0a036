package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/internal/codec"
)

func benchCommand() *cli.Command {
	return &cli.Command{
		Name:  "bench",
		Usage: "measure how fast this machine loads pictures and trains networks",
		Description: `decode, augment and loader measure with a folder of your pictures, which they do not
change. They report the shortest time of several runs, since other programs can
only make a run longer. train and infer need no pictures: they run a network on
random images and report the median time of a step.

Examples:
   dsbuild bench decode --from photos
   dsbuild bench augment --from photos --transform rand_augment
   dsbuild bench train --model cnn --batch 128
   dsbuild bench infer --model resnet18 --threads 2`,
		Subcommands: []*cli.Command{
			benchDecodeCommand(), benchAugmentCommand(), benchLoaderCommand(),
			benchTrainCommand(), benchInferCommand(),
		},
	}
}

// benchFlags say what is measured, and how often.
func benchFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "from", Usage: "`FOLDER` of pictures, subfolders included"},
		&cli.IntFlag{Name: "images", DefaultText: "all",
			Usage: "use only `N` of the pictures, evenly spread"},
		&cli.IntFlag{Name: "threads", DefaultText: "one per processor",
			Usage: "work on `N` pictures at a time"},
		&cli.IntFlag{Name: "runs", Value: 5, Usage: "repeat the measurement `N` times"},
	}
}

// A bench says what is measured, and how often.
type bench struct {
	name    string // of the command
	from    string
	images  int // 0 for all
	threads int
	runs    int
}

// newBench reads and checks the flags of benchFlags.
func newBench(c *cli.Context, name string) (bench, error) {
	b := bench{
		name: name, from: c.String("from"), images: c.Int("images"),
		threads: c.Int("threads"), runs: c.Int("runs"),
	}
	switch {
	case b.from == "":
		return b, usagef(name, "which pictures? give a folder with --from")
	case b.images < 0 || b.images == 0 && c.IsSet("images"):
		return b, usagef(name, "--images is %d, but must be 1 or more", b.images)
	case b.runs < 1:
		return b, usagef(name, "--runs is %d, but must be 1 or more", b.runs)
	}
	if !c.IsSet("threads") {
		b.threads = runtime.GOMAXPROCS(0)
	}
	return b, checkThreads(name, "threads", b.threads)
}

// checkThreads refuses a number of threads that no machine has.
func checkThreads(command, flag string, n int) error {
	const most = 1024
	if n < 1 || n > most {
		return usagef(command, "--%s is %d, but must be from 1 to %d", flag, n, most)
	}
	return nil
}

// A pictureFile is a file in memory.
type pictureFile struct {
	path string
	data []byte
}

// maxBenchBytes bounds the files that are held in memory.
const maxBenchBytes int64 = 4 << 30

// pictures reads the pictures to measure with.
func (b bench) pictures(ctx context.Context) ([]pictureFile, error) {
	paths, err := picturesIn(ctx, b.from)
	if err != nil {
		return nil, err
	}
	var read []pictureFile
	var total int64
	for _, path := range spread(paths, b.images) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if total += int64(len(data)); total > maxBenchBytes {
			return nil, fmt.Errorf("%s has more than 4 GiB of pictures, which is too much to "+
				"hold in memory: use fewer of them (--images)", b.from)
		}
		read = append(read, pictureFile{path, data})
	}
	return read, nil
}

// picturesIn returns the paths of all pictures below a folder, in order.
func picturesIn(ctx context.Context, folder string) ([]string, error) {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", folder)
	}
	if err != nil {
		return nil, err
	}
	var paths []string
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err := errors.Join(err, ctx.Err()); err != nil || entry.IsDir() {
			return err
		}
		is, err := isPicture(path)
		if is {
			paths = append(paths, path)
		}
		return err
	})
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("%s contains no pictures", folder)
	}
	return paths, err
}

// isPicture tells a picture by its first bytes.
func isPicture(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var start [12]byte
	n, err := f.Read(start[:])
	if n == 0 {
		return false, nil // empty, whatever the error is
	}
	return codec.Sniff(start[:n]) != "", err
}

// spread returns n of the items, evenly spread, or all for 0.
func spread[T any](items []T, n int) []T {
	if n == 0 || n >= len(items) {
		return items
	}
	some := make([]T, n)
	for i := range some {
		some[i] = items[i*len(items)/n]
	}
	return slices.Clip(some)
}

// A timing is the least that one of several runs took.
type timing struct {
	wall time.Duration
	cpu  time.Duration // of all threads; 0 where the system does not tell
}

// least does work so many times, once more before to warm up, and returns the
// least times of one run.
func least(ctx context.Context, runs int, work func() error) (timing, error) {
	var t timing
	for run := range runs + 1 {
		if err := ctx.Err(); err != nil {
			return t, err
		}
		start, before := time.Now(), taken()
		if err := work(); err != nil {
			return t, err
		}
		wall, cpu := time.Since(start), taken().cpu-before.cpu
		switch run {
		case 0:
		case 1:
			t = timing{wall, cpu}
		default:
			t = timing{min(t.wall, wall), min(t.cpu, cpu)}
		}
	}
	return t, nil
}

// onThreads does work for each number below n on so many threads. It stops at
// the first error and returns it.
func onThreads(threads, n int, work func(thread, i int) error) error {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, threads)
	for thread := range threads {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if errs[thread] = work(thread, int(i)); errs[thread] != nil {
					next.Store(int64(n))
					return
				}
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// perImage returns a time in milliseconds for each of n images.
func perImage(t time.Duration, n int) float64 {
	return t.Seconds() * 1000 / float64(n)
}
