package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/split"
)

func splitCommand() *cli.Command {
	return &cli.Command{
		Name:  "split",
		Usage: "divide a data set into training, validation and test pictures",
		Description: `Assigns the curated pictures (or the collected ones, if nothing has been curated) at
random to training, validation and test, with the same share of every class in each,
and writes manifests/train.jsonl, val.jsonl, test.jsonl and dataset.json. Pictures of
one group stay together. Splits that were imported with the pictures are kept, and
only missing ones are drawn. The same seed gives the same split.

Examples:
   dsbuild split --dir pets
   dsbuild split --dir pets --train 0.7 --val 0.15 --test 0.15 --seed 1
   dsbuild split --dir pets --keep
   dsbuild split --dir pets --folds 5`,
		Flags: []cli.Flag{
			&cli.Float64Flag{Name: "train", DefaultText: "0.8", Usage: "`SHARE` for training"},
			&cli.Float64Flag{Name: "val", DefaultText: "0.1", Usage: "`SHARE` for validation"},
			&cli.Float64Flag{Name: "test", DefaultText: "0.1",
				Usage: "`SHARE` for testing; the three sum to 1"},
			&cli.BoolFlag{Name: "keep", DisableDefaultText: true,
				Usage: "keep pictures in their present split as far as the shares allow"},
			&cli.IntFlag{Name: "folds", DefaultText: "none",
				Usage: "also write manifests for cross-validation over `K` folds"},
		},
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o := splitOptions(c, s)
			if err := o.Validate(); err != nil {
				return invalid("split", err)
			}
			return runSplit(c.Context, s, o)
		},
	}
}

// splitOptions puts the flags over the recipe's options.
func splitOptions(c *cli.Context, s setting) split.Options {
	o := s.recipe.Split
	bind(c, "train", &o.Train, c.Float64)
	bind(c, "val", &o.Val, c.Float64)
	bind(c, "test", &o.Test, c.Float64)
	bind(c, "keep", &o.Keep, c.Bool)
	bind(c, "folds", &o.Folds, c.Int)
	return o
}

// runSplit splits and shows what each split got of each class.
func runSplit(ctx context.Context, s setting, o split.Options) error {
	o.RecipeDigest = s.recipe.digest
	var report split.Report
	err := s.change(func() (err error) {
		report, err = split.Run(ctx, s.dir, o)
		return err
	})
	if err != nil {
		return err
	}
	if report.Uncurated > 0 {
		s.warn("%s collected since the last curation will be in a split after the next one (run: %s)",
			plural(report.Uncurated, "picture", "pictures"), s.command("curate"))
	}
	if err := s.result(report, func(w io.Writer) { writeSplit(w, report) }); err != nil {
		return err
	}
	s.advise("next: %s", s.command("train"))
	return nil
}

func writeSplit(w io.Writer, r split.Report) {
	classes := map[string]map[string]int{}
	for label, c := range r.Classes {
		classes[label] = map[string]int{
			string(dataset.Train): c.Train, string(dataset.Val): c.Val, string(dataset.Test): c.Test,
		}
	}
	writeSplits(w, classes)
	if r.Overruled > 0 {
		fmt.Fprintf(w, "\n%s moved from the split that it came with to that of its group\n",
			plural(r.Overruled, "picture was", "pictures were"))
	}
	if r.Moved > 0 {
		fmt.Fprintf(w, "\n%s moved from the split that it was in\n",
			plural(r.Moved, "picture was", "pictures were"))
	}
	if r.Folds > 0 {
		fmt.Fprintf(w, "\nmanifests of %s are in manifests/folds\n", plural(r.Folds, "fold", "folds"))
	}
}
