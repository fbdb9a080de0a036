package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/train"
	"github.com/dsbuild/dsbuild/train/model"
)

func trainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "train a network on the training pictures",
		Description: `Trains a convolutional network on the training split and keeps the weights of the
epoch with the best validation accuracy in runs/<run>/best.safetensors. Settings
that neither a flag nor the recipe gives are chosen from the data: image size and
channels, network size, number of epochs. If training is interrupted, by Ctrl-C or
by a crash, run the same command again and it continues where it stopped. Pictures
are decoded while the network learns; the column "wait" shows how long it had to
wait for them in each epoch.

Examples:
   dsbuild train --dir pets
   dsbuild train --dir pets --run small --cdims 8,16 --hdims 32 --epochs 2 --xdim 32`,
		Flags: slices.Concat(runFlags(), learningFlags(), modelFlags()),
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o, err := trainOptions(c, s.recipe)
			if err != nil {
				return err
			}
			if err := o.Validate(); err != nil {
				return invalid("train", byFlag(c, err))
			}
			return runTrain(c.Context, s, o)
		},
	}
}

func runFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "run", DefaultText: train.DefaultRun,
			Usage: "`NAME` of the run: its folder under runs/"},
		&cli.BoolFlag{Name: "resume", DisableDefaultText: true,
			Usage: "fail unless there is a run to resume"},
		&cli.StringFlag{Name: "model", DefaultText: "cnn",
			Usage: "`NAME` of the network: " + strings.Join(model.Names(), ", ")},
		number(cli.IntFlag{Name: "epochs", DefaultText: autoText, Usage: "train for at most `N` epochs"}),
		number(cli.IntFlag{Name: "patience", DefaultText: "half of the epochs",
			Usage: "stop after `N` epochs without a better validation accuracy"}),
		number(cli.IntFlag{Name: "batch-size", DefaultText: autoText, Usage: "`N` pictures per batch"}),
		&cli.BoolFlag{Name: "variants", DisableDefaultText: true,
			Usage: "also train on the variants that augment --materialize wrote"},
		&cli.BoolFlag{Name: "no-augment", DisableDefaultText: true,
			Usage: "train without augmentation"},
		threadsFlag(),
	}
}

// trainOptions puts the flags over the recipe's options.
func trainOptions(c *cli.Context, r recipe) (train.Options, error) {
	o := r.Train
	o.Seed = r.Seed
	bind(c, "run", &o.Run, c.String)
	bind(c, "resume", &o.Resume, c.Bool)
	chooseModel(c, "model", &o.Model)
	bind(c, "epochs", &o.Epochs, c.Int)
	bind(c, "patience", &o.Patience, c.Int)
	bind(c, "batch-size", &o.BatchSize, c.Int)
	bind(c, "variants", &o.Variants, c.Bool)
	bind(c, "threads", &o.Threads, c.Int)
	if err := cmp.Or(learningOptions(c, &o.Learning), modelOptions(c, &o.Model)); err != nil {
		return o, err
	}
	if !c.Bool("no-augment") {
		r.augment(&o)
	}
	return o, nil
}

// runTrain trains, showing each epoch as it ends.
func runTrain(ctx context.Context, s setting, o train.Options) error {
	show := &epochs{setting: s, bar: s.progress("train")}
	defer show.bar.finish()
	o.OnStart, o.OnEpoch, o.OnBadImage = show.start, show.epoch, show.badImage
	o.Progress = show.progress
	o.Run = cmp.Or(o.Run, train.DefaultRun)
	if _, err := dataset.ReadInfo(s.dir); err != nil {
		return err // before any folder is made
	}
	if err := os.MkdirAll(s.dir.Path("runs"), 0o777); err != nil {
		return err
	}
	// Beside the run's folder, which may be moved aside.
	path := filepath.Join(s.dir.Path("runs"), "."+o.Run+".lock")
	var report train.Report
	err := alone(path, "run "+o.Run+" of "+string(s.dir), func() (err error) {
		return bounded(o.Threads, func() error {
			report, err = train.Run(ctx, s.dir, o)
			return err
		})
	})
	if err := errors.Join(err, show.err); err != nil {
		return err
	}
	show.bar.finish()
	if err := s.result(report, func(w io.Writer) { writeTrain(w, report) }); err != nil {
		return err
	}
	s.advise("next: %s", s.command(joinWords("eval", runWords(o.Run))))
	return nil
}

// runWords returns the flag that names a run, where it needs one.
func runWords(run string) string {
	if run == train.DefaultRun {
		return ""
	}
	return "--run " + quote(run)
}

func writeTrain(w io.Writer, r train.Report) {
	switch {
	case r.AlreadyDone:
		fmt.Fprintln(w, "this run is already complete")
	case r.StoppedEarly:
		fmt.Fprintln(w, "stopped early: validation accuracy no longer improved")
	}
	if r.BestValAccuracy != nil {
		fmt.Fprintf(w, "best epoch: %d of %d, validation accuracy %.4f\n",
			r.BestEpoch, r.Epochs, *r.BestValAccuracy)
	} else {
		fmt.Fprintf(w, "trained for %s; there is no validation split, so the last one is kept\n",
			plural(r.Epochs, "epoch", "epochs"))
	}
	fmt.Fprintf(w, "saved to %s\n", r.Checkpoint)
}
