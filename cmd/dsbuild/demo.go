package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	_ "embed"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment/apply"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
	"github.com/dsbuild/dsbuild/train"
)

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "show everything offline, on a small web site that the program serves itself",
		Description: `Serves a small web site on this machine with galleries and an image search. It has
drawings of six classes and the faults of the real web: copies, blurred, truncated
and wrong files, dead links, and answers that only come at the second try. The demo
then does what dsbuild run does: it scrapes the site, curates, splits, trains and
evaluates a network, and it checks that every fault was found. It takes less than a
minute and leaves a data set to look at, in --dir or in a new temporary folder.

Example:
   dsbuild demo --dir demo`,
		Flags: []cli.Flag{dirFlag("a new temporary folder")},
		Action: func(c *cli.Context) error {
			s := bareSetting(c)
			if !nearest(c, "dir").IsSet("dir") {
				dir, err := os.MkdirTemp("", "dsbuild-demo-")
				if err != nil {
					return err
				}
				s.dir = dataset.Dir(dir)
			}
			err := runDemo(c.Context, s, demosite.Options{Seed: nearest(c, "seed").Uint64("seed")})
			if errors.Is(err, context.Canceled) {
				return &startOverError{fmt.Sprintf("the demo cannot be continued: remove %s, "+
					"or give another folder", s.dir), err}
			}
			return err
		},
	}
}

// A demoResult is what became of a demo site's offers.
type demoResult struct {
	Dir      string                `json:"dir"`
	Served   map[demosite.Kind]int `json:"served"`
	Kept     int                   `json:"kept"`
	Rejected map[string]int        `json:"rejected"`
	Splits   map[dataset.Split]int `json:"splits"`
	Accuracy float64               `json:"accuracy"`
	Seconds  float64               `json:"seconds"`
}

// runDemo serves a site, runs the whole line on it and shows what became of
// everything that the site offered.
func runDemo(ctx context.Context, s setting, o demosite.Options) (err error) {
	for _, path := range []string{s.dir.Path("manifests"), s.dir.Recipe()} {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%s already contains a data set: give an empty folder for the demo", s.dir)
		}
	}
	start := s.now()
	site, err := demosite.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.Close()) }()
	s.tell("serving a small web site at %s", site.URL())
	if err := writeDemoRecipe(s.dir, site, o.Seed); err != nil {
		return err
	}
	if s.recipe, err = readRecipe(s.dir); err != nil {
		return err
	}
	evaluation, err := runLine(ctx, s)
	if _, ok := errors.AsType[*partialError](err); err != nil && !ok {
		return err // that some could not be collected is what the site is for
	}
	pictures, err := drawSheets(ctx, s)
	if err != nil {
		return err
	}
	fates, err := readFates(s.dir, site)
	if err != nil {
		return err
	}
	result, err := sumUp(ctx, s.dir, site)
	if err != nil {
		return err
	}
	result.Accuracy, result.Seconds = evaluation.Accuracy, s.seconds(start)
	err = s.result(result, func(w io.Writer) {
		writeFates(w, site, fates)
		writeDemo(w, s.dir, evaluation, pictures, result)
	})
	return errors.Join(err, checkFates(site, fates))
}

//go:embed demo.yaml.tmpl
var demoText string

// writeDemoRecipe writes the recipe for all that a site offers.
func writeDemoRecipe(dir dataset.Dir, site *demosite.Site, seed uint64) error {
	text, err := fillTemplate(demoText, struct {
		Seed    uint64
		URL     string
		Classes []string
	}{seed, site.URL(), site.Classes()})
	if err != nil {
		return err
	}
	return dataset.WriteFile(dir.Recipe(), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// sumUp counts what the data set has.
func sumUp(ctx context.Context, dir dataset.Dir, site *demosite.Site) (demoResult, error) {
	counts, err := count(ctx, dir)
	result := demoResult{
		Dir: string(dir), Served: site.Served(), Kept: counts.Samples,
		Rejected: counts.Rejected, Splits: map[dataset.Split]int{},
	}
	for _, split := range dataset.Splits() {
		for _, class := range counts.Classes {
			result.Splits[split] += class[string(split)]
		}
	}
	return result, err
}

// drawSheets draws contact sheets of the classes, of the rejects and of what
// training sees, and returns where they are.
func drawSheets(ctx context.Context, s setting) ([]string, error) {
	pictures, err := classSheets(ctx, s.dir)
	if err != nil {
		return nil, err
	}
	rejects, err := rejectSheet(ctx, s.dir)
	if err != nil {
		return nil, err
	}
	pipeline, channels, err := s.pipelineFor(s.recipe.Train)
	if err != nil {
		return nil, err
	}
	preview, err := apply.Preview(ctx, s.dir, apply.PreviewOptions{
		Pipeline: pipeline, Channels: channels, Seed: s.recipe.Seed,
	})
	return append(pictures, rejects, preview.Path), err
}

// writeDemo tells where everything lies and what to do next.
func writeDemo(w io.Writer, dir dataset.Dir, e train.Evaluation, pictures []string, r demoResult) {
	fmt.Fprintf(w, "\n%s kept, accuracy %.4f on the test split, %.1f seconds\n\n",
		plural(r.Kept, "picture", "pictures"), r.Accuracy, r.Seconds)
	var t table
	t.row("data set", dir)
	t.row("rejected", dir.Rejected())
	t.row("refused", dir.Refused())
	t.row("network", e.Checkpoint)
	t.row("confusion", confusionPath(e))
	for _, path := range pictures {
		t.row("sheet", path)
	}
	t.write(w)
	fmt.Fprintf(w, `
To do the same with classes of your own from an image search on the web:
   %[1]s init --dir pets --class cat --class dog
   %[1]s run --dir pets
or from a folder with one folder of pictures per class:
   %[1]s import --dir pets --from photos
   %[1]s run --dir pets
`, program())
}
