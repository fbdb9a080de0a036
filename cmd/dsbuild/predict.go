package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train"
)

func predictCommand() *cli.Command {
	return &cli.Command{
		Name:      "predict",
		Usage:     "classify pictures with a trained network",
		ArgsUsage: "FILE|FOLDER...",
		Description: `Prints the most probable classes of each picture. Of a folder, it takes all pictures
including those in subfolders. Flags come before the files. For a file that is not a
picture, it prints an error instead of a class, and the exit code is 3.

Examples:
   dsbuild predict --dir pets photos/cat/001.png photos/dog
   dsbuild predict --dir pets --top 1 --json photos/cat/001.png`,
		Flags: append(networkFlags(),
			number(cli.IntFlag{Name: "top", DefaultText: "5",
				Usage: "print the `N` most probable classes"})),
		Action: func(c *cli.Context) error {
			files := c.Args().Slice()
			if len(files) == 0 {
				return usagef("predict", "which pictures? give one or more files or folders")
			}
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			return runPredict(c.Context, s, files, train.PredictOptions{
				Checkpoint: c.String("checkpoint"), Run: runName(c, s.recipe),
				Top: c.Int("top"), Threads: c.Int("threads"),
			})
		},
	}
}

// runPredict shows what a network takes the files, and those of folders, for, each
// as it is known.
func runPredict(ctx context.Context, s setting, files []string, o train.PredictOptions) error {
	files, err := openFolders(ctx, files)
	if err != nil {
		return err
	}
	width := 0
	for _, file := range files {
		width = max(width, utf8.RuneCountInString(file))
	}
	faults := 0
	for p, err := range train.Predict(ctx, s.dir, files, o) {
		if err != nil {
			return s.listRuns(err)
		}
		if p.Error != "" {
			faults++
		}
		if err := s.result(p, func(w io.Writer) { writePrediction(w, p, width) }); err != nil {
			return err
		}
	}
	if faults > 0 {
		return partialf("%s could not be read as a picture", plural(faults, "file", "files"))
	}
	return nil
}

// openFolders puts the pictures of folders into the folders' places.
func openFolders(ctx context.Context, paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is told beside the others
			continue
		}
		inside, err := picturesIn(ctx, path)
		if err != nil {
			return nil, err
		}
		files = append(files, inside...)
	}
	return files, nil
}

// barWidth is that of a probability of 1.
const barWidth = 20

func writePrediction(w io.Writer, p train.Prediction, width int) {
	file := p.File + strings.Repeat(" ", width-utf8.RuneCountInString(p.File))
	if p.Error != "" {
		fmt.Fprintf(w, "%s  error: %s\n", file, p.Error)
		return
	}
	filled := int(math.Round(p.Probability * barWidth))
	bar := strings.Repeat("█", filled) + strings.Repeat("·", barWidth-filled)
	var others []string
	for _, guess := range p.Top[1:] {
		others = append(others, fmt.Sprintf("%s %.3f", guess.Label, guess.Probability))
	}
	line := fmt.Sprintf("%s  %s %.3f %s", file, bar, p.Probability, p.Label)
	fmt.Fprintln(w, joinWords(line, brackets(strings.Join(others, ", "))))
}

// brackets puts brackets around a text that is not empty.
func brackets(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}
