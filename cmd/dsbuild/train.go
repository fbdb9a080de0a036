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

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/train"
)

func trainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "fit a network to the training pictures",
		Description: `Trains a convolutional network on the training split and keeps the one that does
best on the validation split in runs/<run>/best.safetensors. What no flag and no
recipe says is chosen from the data: the side and the channels of the images,
the network's size, the number of epochs. Training that was stopped, by Ctrl-C or
worse, goes on where it was when the command is given again. Pictures are decoded
while the network learns; "waited" is for how many seconds it waited for them.

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
				return invalid("train", err)
			}
			return runTrain(c.Context, s, o)
		},
	}
}

func runFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "run", DefaultText: train.DefaultRun,
			Usage: "`NAME` of the folder under runs"},
		&cli.BoolFlag{Name: "resume", DisableDefaultText: true,
			Usage: "insist that there is a run to go on with"},
		&cli.StringFlag{Name: "model", DefaultText: "cnn", Usage: "`NAME` of the network"},
		&cli.IntFlag{Name: "epochs", DefaultText: autoText, Usage: "`N` times over the pictures at most"},
		&cli.IntFlag{Name: "patience", DefaultText: "half of the epochs",
			Usage: "stop after `N` epochs without a better validation accuracy"},
		&cli.IntFlag{Name: "batch-size", DefaultText: autoText, Usage: "`N` pictures a step"},
		&cli.BoolFlag{Name: "variants", DisableDefaultText: true,
			Usage: "also train on what augment --materialize has made"},
		&cli.BoolFlag{Name: "no-augment", DisableDefaultText: true,
			Usage: "train on the pictures as they are"},
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
		fmt.Fprintln(w, "this run was complete already")
	case r.StoppedEarly:
		fmt.Fprintln(w, "stopped early: validation got no better")
	}
	trained := plural(r.Epochs, "epoch", "epochs")
	if r.BestValAccuracy != nil {
		fmt.Fprintf(w, "best of %s: %d, validation accuracy %.4f\n",
			trained, r.BestEpoch, *r.BestValAccuracy)
	} else {
		fmt.Fprintf(w, "%s, none of them measured: there is no validation split\n", trained)
	}
	fmt.Fprintf(w, "kept in %s\n", r.Checkpoint)
}
