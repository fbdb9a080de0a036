package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train"
)

func runCommand() *cli.Command {
	return &cli.Command{
		Name:  "run",
		Usage: "run all stages of the recipe, from collecting to an evaluated network",
		Description: `Follows dsbuild.yaml: scrape and import, if the recipe names sources, then curate,
split, train and eval. Work that is already done is not repeated, so after an
interruption just run the command again. If some pictures cannot be collected, the
run continues, and the exit code is 3.

Example:
   dsbuild run --dir pets`,
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			if err := checkLine(s); err != nil {
				return err
			}
			_, err = runLine(c.Context, s)
			return err
		},
	}
}

// checkLine tells what keeps the recipe from being run, before anything is
// done.
func checkLine(s setting) error {
	r := s.recipe
	if len(r.Scrape.Sources) == 0 && r.Import.From == "" {
		_, err := os.Stat(s.dir.Collected())
		if errors.Is(err, fs.ErrNotExist) {
			return usagef("run", "there is nothing to collect: set scrape.sources or import.from in "+
				"%s (dsbuild init writes a recipe to start from)", s.dir.Recipe())
		}
		if err != nil {
			return err
		}
	}
	check := func(section string, err error) error {
		if err == nil {
			return nil
		}
		return usagef("run", "%s: %s: %w", s.dir.Recipe(), section, err)
	}
	var errs []error
	if len(r.Scrape.Sources) > 0 {
		errs = append(errs, check("scrape", r.Scrape.Validate()))
	}
	if r.Import.From != "" {
		errs = append(errs, check("import", r.Import.Validate()))
	}
	errs = append(errs, check("curate", r.Curate.Validate()), check("split", r.Split.Validate()),
		check("train", r.Train.Validate()))
	return errors.Join(errs...)
}

// runLine runs the stages one after the other and returns how well the
// network does on the test split. Its error is a *partialError where only some
// pictures could not be collected.
func runLine(ctx context.Context, s setting) (train.Evaluation, error) {
	s.hintless = true // what comes next is done here
	r := s.recipe
	var partial []error
	collect := func(name string, err error) error {
		if fault, ok := errors.AsType[*partialError](err); ok {
			partial = append(partial, fmt.Errorf("%s: %w", name, fault.err))
			return nil
		}
		return err
	}
	options := r.Train
	options.Seed = r.Seed
	r.augment(&options)
	var evaluation train.Evaluation
	for _, stage := range []struct {
		name    string
		skipped bool
		run     func() error
	}{
		{"scrape", len(r.Scrape.Sources) == 0, func() error {
			return collect("scrape", runScrape(ctx, s, r.Scrape))
		}},
		{"import", r.Import.From == "", func() error {
			return collect("import", runImport(ctx, s, r.Import))
		}},
		{"curate", false, func() error { return runCurate(ctx, s, r.Curate, decisions{}) }},
		{"split", false, func() error { return runSplit(ctx, s, r.Split) }},
		{"train", false, func() error { return runTrain(ctx, s, options) }},
		{"eval", false, func() (err error) {
			evaluation, err = runEval(ctx, s, train.EvaluateOptions{
				Run: r.Train.Run, Threads: r.Train.Threads,
			})
			return err
		}},
	} {
		if stage.skipped {
			continue
		}
		if err := s.heading(stage.name); err != nil {
			return evaluation, err
		}
		if err := stage.run(); err != nil {
			return evaluation, err
		}
	}
	if len(partial) > 0 {
		return evaluation, &partialError{errors.Join(partial...)}
	}
	return evaluation, nil
}
