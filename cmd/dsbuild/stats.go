package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
)

func statsCommand() *cli.Command {
	return &cli.Command{
		Name:  "stats",
		Usage: "count pictures by class and split, and rejects by reason",
		Description: `Counts the usable pictures: those in manifests/curated.jsonl or, if nothing has been
curated, in manifests/collected.jsonl. Rejects are pictures that curation rejected
or that could not be collected, each counted under its main reason.

Example:
   dsbuild stats --dir pets`,
		Action: func(c *cli.Context) error {
			return runStats(c.Context, bareSetting(c))
		},
	}
}

// unsplit stands for the split of samples that have none.
const unsplit = "unsplit"

// A stats value counts what a data set holds.
type stats struct {
	Samples  int                       `json:"samples"`
	Classes  map[string]map[string]int `json:"classes"` // by label, then by split or unsplit
	Rejected map[string]int            `json:"rejected"`
}

// runStats counts and shows the counts.
func runStats(ctx context.Context, s setting) error {
	counts, err := count(ctx, s.dir)
	if err != nil {
		return err
	}
	return s.result(counts, func(w io.Writer) { writeStats(w, counts) })
}

// count reads the manifests of a data set.
func count(ctx context.Context, dir dataset.Dir) (stats, error) {
	counts := stats{Classes: map[string]map[string]int{}, Rejected: map[string]int{}}
	splits, err := readSplits(ctx, dir)
	if err != nil {
		return counts, err
	}
	samples := func(s dataset.Sample) error {
		counts.add(s, splits)
		return ctx.Err()
	}
	rejected := func(s dataset.Sample) error {
		if len(s.Reasons) > 0 {
			counts.Rejected[s.Reasons[0].Name]++
		}
		return ctx.Err()
	}
	err = dataset.ForEach(dir.Curated(), samples)
	if errors.Is(err, fs.ErrNotExist) {
		err = dataset.ForEach(dir.Collected(), samples)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return counts, fmt.Errorf("%s is not there: nothing has been collected yet "+
			"(run: dsbuild scrape or dsbuild import): %w", dir.Collected(), fs.ErrNotExist)
	}
	if err != nil {
		return counts, err
	}
	for _, path := range []string{dir.Refused(), dir.Rejected()} {
		if err := dataset.ForEach(path, rejected); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return counts, err
		}
	}
	return counts, nil
}

// add counts one sample. Without split manifests a sample counts under the
// split that it came with.
func (c *stats) add(s dataset.Sample, splits map[string]dataset.Split) {
	split := s.Split
	if splits != nil {
		split = splits[s.FileName]
	}
	if split == "" {
		split = unsplit
	}
	c.Samples++
	if c.Classes[s.Label] == nil {
		c.Classes[s.Label] = map[string]int{
			string(dataset.Train): 0, string(dataset.Val): 0, string(dataset.Test): 0, unsplit: 0,
		}
	}
	c.Classes[s.Label][string(split)]++
}

// readSplits returns the split of each file by file_name, or nil where the
// data set has not been split.
func readSplits(ctx context.Context, dir dataset.Dir) (map[string]dataset.Split, error) {
	var splits map[string]dataset.Split
	for _, split := range dataset.Splits() {
		err := dataset.ForEach(dir.Split(split), func(s dataset.Sample) error {
			if splits == nil {
				splits = map[string]dataset.Split{}
			}
			splits[s.FileName] = split
			return ctx.Err()
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return splits, nil
}

func writeStats(w io.Writer, c stats) {
	writeSplits(w, c.Classes, unsplit)
	writeCounts(w, "rejected", "pictures", c.Rejected, byCount(c.Rejected))
}

// writeSplits writes a table of class x split with totals. The further
// columns stand after the splits.
func writeSplits(w io.Writer, classes map[string]map[string]int, further ...string) {
	var columns []string
	for _, split := range dataset.Splits() {
		columns = append(columns, string(split))
	}
	columns = append(columns, further...)
	head := []any{"class"}
	for _, column := range columns {
		head = append(head, column)
	}
	var t table
	t.row(append(head, "total")...)
	totals := map[string]int{}
	for _, class := range byName(classes) {
		row := []any{class}
		for _, column := range columns {
			row = append(row, classes[class][column])
			totals[column] += classes[class][column]
		}
		t.row(append(row, sum(classes[class]))...)
	}
	row := []any{"total"}
	for _, column := range columns {
		row = append(row, totals[column])
	}
	t.row(append(row, sum(totals))...)
	t.write(w)
}
