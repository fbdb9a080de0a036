package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/sheet"
	"github.com/dsbuild/dsbuild/train"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:  "eval",
		Usage: "evaluate a trained network on one split",
		Description: `Prints accuracy and loss, the precision and recall of each class, and the confusion
matrix. The matrix is also drawn as confusion.png beside the network's file, for up
to 200 classes.

Examples:
   dsbuild eval --dir pets
   dsbuild eval --dir pets --split val --run small`,
		Flags: append(networkFlags(),
			&cli.StringFlag{Name: "split", Value: string(dataset.Test),
				Usage: "`SPLIT` to evaluate on: train, val or test"},
			number(cli.IntFlag{Name: "batch-size", DefaultText: "64", Usage: "`N` pictures per batch"}),
		),
		Action: func(c *cli.Context) error {
			split, err := dataset.ParseSplit(c.String("split"))
			if err != nil {
				return invalid("eval", err)
			}
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			_, err = runEval(c.Context, s, train.EvaluateOptions{
				Split: split, Checkpoint: c.String("checkpoint"), Run: runName(c, s.recipe),
				BatchSize: c.Int("batch-size"), Threads: c.Int("threads"),
			})
			return err
		},
	}
}

// networkFlags say which network is asked.
func networkFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "run", DefaultText: train.DefaultRun,
			Usage: "`NAME` of the run whose best network is used"},
		&cli.StringFlag{Name: "checkpoint", DefaultText: "that of the run",
			Usage: "use the network in `FILE` instead"},
		threadsFlag(),
	}
}

// runName returns the run that a flag names, or the recipe.
func runName(c *cli.Context, r recipe) string {
	run := r.Train.Run
	bind(c, "run", &run, c.String)
	return run
}

// listRuns adds to the error that a network is not there which runs are.
func (s setting) listRuns(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	folders, _ := os.ReadDir(s.dir.Path("runs")) // where there is none there are no runs
	var runs []string
	for _, folder := range folders {
		_, statErr := os.Stat(filepath.Join(s.dir.Run(folder.Name()), "best.safetensors"))
		if statErr == nil {
			runs = append(runs, folder.Name())
		}
	}
	if len(runs) == 0 {
		return err
	}
	return fmt.Errorf("%w; existing runs: %s (choose one with --run)", err, strings.Join(runs, ", "))
}

// runEval measures a network, shows the figures and draws its confusion
// matrix.
func runEval(ctx context.Context, s setting, o train.EvaluateOptions) (train.Evaluation, error) {
	bar := s.progress("eval")
	defer bar.finish()
	o.Progress = bar.update
	var e train.Evaluation
	err := bounded(o.Threads, func() (err error) {
		e, err = train.Evaluate(ctx, s.dir, o)
		return err
	})
	if err != nil {
		return e, s.listRuns(err)
	}
	bar.finish()
	if e.OtherSplit {
		s.warn("%s was trained on a different split, so pictures that it is evaluated on may have "+
			"been in its training set (run: %s)", e.Checkpoint, s.command("train"))
	}
	if len(e.Classes) <= maxDrawn {
		title := fmt.Sprintf("%s split: accuracy %.4f", e.Split, e.Accuracy)
		if err := sheet.Matrix(confusionPath(e), labelsOf(e), e.Confusion, title); err != nil {
			return e, err
		}
	}
	return e, s.result(e, func(w io.Writer) { writeEval(w, e) })
}

// confusionPath returns where the confusion matrix is drawn: beside the
// network, and under a name of its own for splits other than the test.
func confusionPath(e train.Evaluation) string {
	name := "confusion.png"
	if e.Split != dataset.Test {
		name = "confusion-" + string(e.Split) + ".png"
	}
	return filepath.Join(filepath.Dir(e.Checkpoint), name)
}

func labelsOf(e train.Evaluation) []string {
	var labels []string
	for _, class := range e.Classes {
		labels = append(labels, class.Label)
	}
	return labels
}

// The most classes whose confusion matrix is shown as text and as a picture,
// which takes 5 kB a cell while it is drawn.
const (
	maxMatrix = 20
	maxDrawn  = 200
)

func writeEval(w io.Writer, e train.Evaluation) {
	fmt.Fprintf(w, "accuracy %.4f on %s of the %s split, loss %.4f\n\n", e.Accuracy,
		plural(e.Samples, "picture", "pictures"), e.Split, e.Loss)
	var t table
	t.row("class", "precision", "recall", "support")
	for _, class := range e.Classes {
		t.row(class.Label, class.Precision, class.Recall, class.Support)
	}
	t.write(w)
	if len(e.Classes) <= maxMatrix {
		fmt.Fprintln(w)
		matrix(e).write(w)
	}
	if len(e.Classes) <= maxDrawn {
		fmt.Fprintf(w, "\nconfusion matrix: %s\n", confusionPath(e))
	}
}

// maxHead is the longest name, in letters, at the head of a matrix's column.
const maxHead = 8

// matrix returns the confusion matrix as a table: rows are true classes,
// columns predicted ones, and what never happened is a dot. Where
// names are long the columns are numbered.
func matrix(e train.Evaluation) table {
	labels := labelsOf(e)
	heads := slices.Clone(labels)
	isLong := func(label string) bool { return utf8.RuneCountInString(label) > maxHead }
	if slices.ContainsFunc(labels, isLong) {
		for i, label := range labels {
			heads[i] = fmt.Sprintf("[%d]", i+1)
			labels[i] = heads[i] + " " + label
		}
	}
	head := []any{"true \\ predicted"}
	for _, name := range heads {
		head = append(head, name)
	}
	var t table
	t.row(head...)
	for i, label := range labels {
		row := []any{label}
		for _, n := range e.Confusion[i] {
			if n == 0 {
				row = append(row, "·")
			} else {
				row = append(row, n)
			}
		}
		t.row(row...)
	}
	return t
}
