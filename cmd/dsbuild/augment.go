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
		Usage: "show or write augmented training pictures",
		Description: `Training augments pictures on the fly, so nothing has to be written beforehand.
--preview draws a contact sheet with some training pictures and what training makes
of them in its first epochs, with boxes and masks. --replay recreates one picture
exactly as training sees it in a given epoch and lists all random numbers behind it.
--materialize writes N variants of every training picture to augmented/ and lists
them in manifests/augmented.jsonl, for programs that cannot augment; dsbuild train
uses them with --variants. Each variant has a single class, so transforms that mix
pictures are left out. The transforms are those in the section "augment" of the
recipe. Only the training split is ever augmented. Epochs count from 0 here: epoch 1
in the table of dsbuild train is --epoch 0.

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
			Usage: "recreate one picture as training sees it"},
		number(cli.IntFlag{Name: "materialize", DefaultText: "none",
			Usage: "write `N` variants of every training picture"}),
		&cli.StringFlag{Name: "split", Value: string(dataset.Train),
			Usage: "`SPLIT` to augment; only train is allowed"},
		number(cli.IntFlag{Name: "xdim", DefaultText: "that of the network input",
			Usage: "output width in `PIXELS`"}),
		number(cli.IntFlag{Name: "ydim", DefaultText: "that of the network input",
			Usage: "output height in `PIXELS`"}),
		number(cli.IntFlag{Name: "images", DefaultText: "8", Usage: "preview `N` pictures"}),
		number(cli.IntFlag{Name: "draws", DefaultText: "7",
			Usage: "preview `N` epochs of each picture"}),
		&cli.IntFlag{Name: "epoch", DefaultText: "0",
			Usage: "replay epoch `N`, or start the preview with it; counted from 0"},
		&cli.BoolFlag{Name: "show-parameters", DisableDefaultText: true,
			Usage: "list all random numbers in the preview, in the sheet and as text"},
		&cli.StringFlag{Name: "sample", Usage: "replay the picture `FILE`, a file_name in the manifest"},
		&cli.StringFlag{Name: "run", DefaultText: "the recipe's settings",
			Usage: "replay what the run `NAME` saw"},
		&cli.StringFlag{Name: "output", Aliases: []string{"out"}, DefaultText: "sheets/augmented.png",
			Usage: "PNG `FILE` to write; optional for --replay"},
		number(cli.IntFlag{Name: "workers", DefaultText: "one per processor",
			Usage: "make `N` pictures at a time"}),
	}
}

// runAugment does what the flags ask for, the preview first.
func runAugment(c *cli.Context) error {
	if split := c.String("split"); split != string(dataset.Train) {
		return usagef("augment", "--split is %q: only training pictures are ever augmented, as "+
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
		return usagef("augment", "--replay cannot be combined with --preview or --materialize")
	case replays && c.String("sample") == "":
		return usagef("augment", "which picture? give --sample FILE")
	case !replays && (c.IsSet("sample") || c.IsSet("run")):
		return usagef("augment", "--sample and --run need --replay")
	case c.IsSet("run") && (nearest(c, "seed").IsSet("seed") || c.IsSet("xdim") || c.IsSet("ydim")):
		return usagef("augment", "--run has its own seed and size: leave out --seed, --xdim and --ydim")
	case !replays && !c.Bool("preview") && !c.IsSet("materialize"):
		return usagef("augment", "what to do? give --preview, --replay or --materialize N")
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
