package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	recipes "github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/pixel"
)

func benchAugmentCommand() *cli.Command {
	return &cli.Command{
		Name:  "augment",
		Usage: "measure the time that transforms take per picture",
		Description: `Decodes the pictures, crops the centre of each to a square of --size pixels, and
measures how long the transforms take on copies of these squares, random draws
included. Write a transform as in the section "augment" of a recipe. Without
--transform, those of the recipe in --dir are measured, or else the default ones.

Example:
   dsbuild bench augment --from photos --transform "gaussian_blur: {p: 1}"`,
		Flags: append(benchFlags(),
			&cli.StringSliceFlag{Name: "transform", DefaultText: "the recipe's",
				Usage: "a transform in `YAML` (repeatable; applied in this order)"},
			&cli.IntFlag{Name: "size", Value: 224, Usage: "side of the square, in `PIXELS`"},
		),
		Action: func(c *cli.Context) error {
			b, err := newBench(c, "bench augment")
			if err != nil {
				return err
			}
			const most = 1 << 14
			size := c.Int("size")
			if size < 1 || size > most {
				return usagef("bench augment", "--size is %d, but must be from 1 to %d", size, most)
			}
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			pipeline, err := benchPipeline(s.recipe, c.StringSlice("transform"), size)
			if err != nil {
				return invalid("bench augment", err)
			}
			return runBenchAugment(c.Context, s, b, pipeline, size)
		},
	}
}

// benchPipeline reads transforms, or takes those of the recipe where there are
// none, for squares of a size.
func benchPipeline(r recipe, texts []string, size int) (augment.Pipeline, error) {
	if len(texts) == 0 {
		return sized(r.pipeline(3), size)
	}
	var p augment.Pipeline
	for _, text := range texts {
		item := "- " + strings.ReplaceAll(text, "\n", "\n  ")
		var one augment.Pipeline
		if err := recipes.Decode("--transform", []byte(item), &one); err != nil {
			return nil, err
		}
		p = append(p, one...)
	}
	return sized(p, size)
}

// sized fills in the sizes that a pipeline leaves open. It needs no resize in
// front, since the squares have the size already.
func sized(p augment.Pipeline, size int) (augment.Pipeline, error) {
	whole := p.For(size, size)
	return whole[len(whole)-len(p):], p.Validate()
}

// An augmentFigures value tells how long transforms take.
type augmentFigures struct {
	Images        int     `json:"images"`
	Size          int     `json:"size"`
	Transforms    string  `json:"transforms"`
	MsPerImage    float64 `json:"ms_per_image"`
	CPUMsPerImage float64 `json:"cpu_ms_per_image,omitempty"`
	Threads       int     `json:"threads"`
}

// An augmenter is what one thread needs to augment one picture after another.
type augmenter struct {
	plan    pixel.Plan
	scratch pixel.Scratch
}

// apply augments a copy of an image.
func (a *augmenter) apply(p augment.Pipeline, key dataset.Key, m *pixel.Image) {
	work := a.scratch.New(m.Width, m.Height, m.Channels)
	copy(work.Pix, m.Pix)
	p.Draw(&a.plan, key, m.Width, m.Height)
	a.scratch.Free(a.plan.Apply(work, &a.scratch))
}

// runBenchAugment measures transforms and shows the figures.
func runBenchAugment(
	ctx context.Context, s setting, b bench, pipeline augment.Pipeline, size int,
) error {
	pictures, err := b.pictures(ctx)
	if err != nil {
		return err
	}
	squares, err := cutSquares(pictures, b.threads, size)
	if err != nil {
		return err
	}
	augmenters := make([]augmenter, b.threads)
	epoch := 0
	t, err := least(ctx, b.runs, func() error {
		epoch++
		return onThreads(b.threads, len(squares), func(thread, i int) error {
			key := dataset.Key{Seed: s.recipe.Seed, Epoch: epoch, Sample: pictures[i].path}
			augmenters[thread].apply(pipeline, key, squares[i])
			return nil
		})
	})
	if err != nil {
		return err
	}
	n := len(squares)
	figures := augmentFigures{
		Images: n, Size: size, Transforms: pipeline.String(), MsPerImage: perImage(t.wall, n),
		CPUMsPerImage: perImage(t.cpu, n), Threads: b.threads,
	}
	return s.result(figures, func(w io.Writer) { writeAugment(w, figures) })
}

// cutSquares decodes pictures and cuts them around their middles.
func cutSquares(pictures []pictureFile, threads, size int) ([]*pixel.Image, error) {
	squares := make([]*pixel.Image, len(pictures))
	err := onThreads(threads, len(pictures), func(_, i int) error {
		m, _, err := codec.Decode(pictures[i].data, codec.Limits{})
		if err != nil {
			return fmt.Errorf("%s: %w", pictures[i].path, err)
		}
		cut := pixel.Centre(m.Width, m.Height, size, size)
		squares[i] = cut.Apply(m.RGB(), nil)
		return nil
	})
	return squares, err
}

func writeAugment(w io.Writer, f augmentFigures) {
	fmt.Fprintf(w, "%s, at %dx%d pixels\n\n", f.Transforms, f.Size, f.Size)
	var t table
	t.row("images", "threads", "ms/image")
	t.row(f.Images, f.Threads, f.MsPerImage)
	t.write(w)
}
