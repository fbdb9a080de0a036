package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/augment/apply"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/train"
)

func augmentCommand() *cli.Command {
	return &cli.Command{
		Name:  "augment",
		Usage: "show or write what augmentation makes of training pictures",
		Description: `Training augments pictures as it goes, so nothing needs to be written before.
--preview draws a contact sheet of some training pictures beside what training
sees of them in its first epochs, with their boxes and masks. --replay makes one
picture again, just as training sees it in an epoch, and lists every number that
was drawn for it. --materialize writes N variants of every training picture under
augmented/ and lists them in manifests/augmented.jsonl, for programs that can't
augment; dsbuild train takes them with --variants. They have one class each, so
transforms that mix pictures have no part in them. The transforms are those of the
recipe's section augment. Only the training split is ever augmented. Epochs are
counted from 0: the first line of what dsbuild train prints is epoch 0.

Examples:
   dsbuild augment --preview --show-parameters --dir pets
   dsbuild augment --replay --epoch 3 --sample raw/cat/0123456789abcdef.jpg --dir pets
   dsbuild augment --materialize 2 --dir pets`,
		Flags:  augmentFlags(),
		Action: runAugment,
	}
}

func augmentFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "preview", DisableDefaultText: true, Usage: "draw a contact sheet"},
		&cli.BoolFlag{Name: "replay", DisableDefaultText: true,
			Usage: "make one picture again as training sees it"},
		&cli.IntFlag{Name: "materialize", DefaultText: "none",
			Usage: "write `N` variants of every training picture"},
		&cli.StringFlag{Name: "split", Value: string(dataset.Train),
			Usage: "`SPLIT` to augment; train is the only one that ever is"},
		&cli.IntFlag{Name: "xdim", DefaultText: "that of the network",
			Usage: "width of the outcome, in `PIXELS`"},
		&cli.IntFlag{Name: "ydim", DefaultText: "that of the network",
			Usage: "height of the outcome, in `PIXELS`"},
		&cli.IntFlag{Name: "images", DefaultText: "8", Usage: "preview `N` pictures"},
		&cli.IntFlag{Name: "draws", DefaultText: "7", Usage: "preview `N` epochs of each"},
		&cli.IntFlag{Name: "epoch", DefaultText: "0",
			Usage: "replay epoch `N`, counted from 0, or preview from it on"},
		&cli.BoolFlag{Name: "show-parameters", DisableDefaultText: true,
			Usage: "preview with all that was drawn, below each picture and as text"},
		&cli.StringFlag{Name: "sample", Usage: "replay the picture `FILE`, as the manifest names it"},
		&cli.StringFlag{Name: "run", DefaultText: "the recipe's settings",
			Usage: "replay what the run `NAME` saw"},
		&cli.StringFlag{Name: "output", Aliases: []string{"out"}, DefaultText: "sheets/augmented.png",
			Usage: "PNG `FILE` of the preview or the replay, which needs none"},
		&cli.IntFlag{Name: "workers", DefaultText: "one for each processor",
			Usage: "`N` pictures are made at a time"},
	}
}

// runAugment does what the flags ask for, the preview first.
func runAugment(c *cli.Context) error {
	if split := c.String("split"); split != string(dataset.Train) {
		return usagef("augment", "split is %q: only training pictures are ever augmented, as "+
			"others are there to measure by", split)
	}
	if err := checkAugment(c); err != nil {
		return err
	}
	s, err := readSetting(c)
	if err != nil {
		return err
	}
	if c.Bool("replay") {
		return runReplay(c, s)
	}
	preview := apply.PreviewOptions{
		Seed: s.recipe.Seed, Epoch: c.Int("epoch"), Images: c.Int("images"),
		Draws: c.Int("draws"), Parameters: c.Bool("show-parameters"), Path: c.String("output"),
		Boxes: s.recipe.boxRule(),
	}
	write := apply.MaterializeOptions{
		Seed: s.recipe.Seed, Variants: c.Int("materialize"), Workers: c.Int("workers"),
		Boxes: s.recipe.boxRule(),
	}
	if err := preview.Validate(); err != nil {
		return invalid("augment", err)
	}
	if err := write.Validate(); err != nil && c.IsSet("materialize") {
		return invalid("augment", err)
	}
	o := s.recipe.Train
	bind(c, "xdim", &o.Model.XDim, c.Int)
	bind(c, "ydim", &o.Model.YDim, c.Int)
	return s.change(func() error {
		pipeline, channels, err := s.pipelineFor(o)
		if err != nil {
			return err
		}
		preview.Pipeline, preview.Channels, write.Pipeline = pipeline, channels, pipeline
		if c.Bool("preview") {
			if err := runPreview(c.Context, s, preview); err != nil {
				return err
			}
		}
		if c.IsSet("materialize") {
			return runMaterialize(c.Context, s, write)
		}
		return nil
	})
}

// checkAugment tells what is wrong with the flags that say what shall be done.
func checkAugment(c *cli.Context) error {
	replays := c.Bool("replay")
	switch {
	case replays && (c.Bool("preview") || c.IsSet("materialize")):
		return usagef("augment", "--replay stands alone, without --preview and --materialize")
	case replays && c.String("sample") == "":
		return usagef("augment", "which picture shall be replayed? give --sample FILE")
	case !replays && (c.IsSet("sample") || c.IsSet("run")):
		return usagef("augment", "--sample and --run belong to --replay")
	case c.IsSet("run") && (nearest(c, "seed").IsSet("seed") || c.IsSet("xdim") || c.IsSet("ydim")):
		return usagef("augment", "a run has its own seed and size: leave --seed, --xdim and --ydim out")
	case !replays && !c.Bool("preview") && !c.IsSet("materialize"):
		return usagef("augment", "what shall be done? give --preview, --replay or --materialize N")
	}
	return nil
}

// pipelineFor returns what training with these options does to pictures, and how
// many channels these have.
func (s setting) pipelineFor(o train.Options) (p augment.Pipeline, channels int, err error) {
	s.recipe.augment(&o)
	chosen, err := train.Choose(s.dir, o)
	if err != nil {
		return nil, 0, err
	}
	m := chosen.Model
	return s.recipe.pipeline(m.Channels).For(m.XDim, m.YDim), m.Channels, nil
}

// runPreview draws a contact sheet and shows where, and on request what was
// drawn.
func runPreview(ctx context.Context, s setting, o apply.PreviewOptions) error {
	report, err := apply.Preview(ctx, s.dir, o)
	if err != nil {
		return err
	}
	if !o.Parameters {
		report.Draws = nil
	}
	return s.result(report, func(w io.Writer) {
		for _, draw := range report.Draws {
			fmt.Fprintln(w, draw)
		}
		fmt.Fprintf(w, "preview: %s\n", report.Path)
	})
}

// runMaterialize writes variants and counts them.
func runMaterialize(ctx context.Context, s setting, o apply.MaterializeOptions) error {
	bar := s.progress("augment")
	defer bar.finish()
	o.Progress = bar.update
	report, err := apply.Materialize(ctx, s.dir, o)
	if err != nil {
		return err
	}
	bar.finish()
	err = s.result(report, func(w io.Writer) {
		fmt.Fprintf(w, "%s of %s: %s\n", plural(report.Variants, "variant", "variants"),
			plural(report.Images, "training picture", "training pictures"), report.Manifest)
	})
	if err != nil {
		return err
	}
	s.advise("next: %s", s.command("train --variants"))
	return nil
}
