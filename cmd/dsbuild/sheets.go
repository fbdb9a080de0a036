package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/sheet"
)

// How many pictures contact sheets show.
const (
	classTiles  = 48 // of a class
	rejectTiles = 96
)

// classSheets draws a contact sheet of each class into sheets/classes, from
// the curated pictures, and returns the files' paths.
func classSheets(ctx context.Context, dir dataset.Dir) ([]string, error) {
	chosen := map[string][]dataset.Sample{}
	total := map[string]int{}
	err := dataset.ForEach(dir.Curated(), func(s dataset.Sample) error {
		// Names are hashes, so the first ones are as good as drawn.
		if total[s.Label]++; total[s.Label] <= classTiles {
			chosen[s.Label] = append(chosen[s.Label], s)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, label := range byName(chosen) {
		path := dir.Path("sheets/classes/" + label + ".png")
		title := fmt.Sprintf("%s: %s", label, plural(total[label], "picture", "pictures"))
		tiles := tilesOf(ctx, dir, chosen[label], func(dataset.Sample) string { return "" })
		if err := sheet.Write(path, tiles, sheet.Options{Title: title}); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, ctx.Err()
}

// rejectSheet draws a contact sheet of what was turned down, each with its
// main reason, and returns the file's path. Every reason is shown.
func rejectSheet(ctx context.Context, dir dataset.Dir) (string, error) {
	byReason := map[string][]dataset.Sample{}
	for _, path := range []string{dir.Refused(), dir.Rejected()} {
		err := dataset.ForEach(path, func(s dataset.Sample) error {
			if len(s.Reasons) > 0 {
				name := s.Reasons[0].Name
				byReason[name] = append(byReason[name], s)
			}
			return ctx.Err()
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	path := dir.Path("sheets/rejected.png")
	caption := func(s dataset.Sample) string { return s.Label + ": " + s.Reasons[0].String() }
	tiles := tilesOf(ctx, dir, inTurn(byReason, rejectTiles), caption)
	err := sheet.Write(path, tiles, sheet.Options{Title: "Rejected, with the main reason"})
	return path, errors.Join(err, ctx.Err())
}

// inTurn returns up to most samples, as evenly from the groups as they have
// some, those of a group together.
func inTurn(groups map[string][]dataset.Sample, most int) []dataset.Sample {
	share := map[string]int{}
	for left := most; left > 0; {
		before := left
		for _, name := range slices.Sorted(maps.Keys(groups)) {
			if share[name] < len(groups[name]) && left > 0 {
				share[name]++
				left--
			}
		}
		if left == before {
			break
		}
	}
	var chosen []dataset.Sample
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		chosen = append(chosen, groups[name][:share[name]]...)
	}
	return chosen
}

// tilesOf yields the samples' pictures. What has no file, or one that cannot
// be decoded, has a tile without a picture.
func tilesOf(ctx context.Context, dir dataset.Dir, samples []dataset.Sample,
	caption func(dataset.Sample) string) iter.Seq[sheet.Tile] {
	return func(yield func(sheet.Tile) bool) {
		for _, s := range samples {
			if ctx.Err() != nil {
				return
			}
			if !yield(sheet.Tile{Image: pictureOf(dir, s), Caption: caption(s)}) {
				return
			}
		}
	}
}

// pictureOf returns a sample's picture, or nil where there is none to show.
func pictureOf(dir dataset.Dir, s dataset.Sample) image.Image {
	file, _, _ := strings.Cut(s.FileName, "#") // a copy has the file of the first offer
	data, err := os.ReadFile(dir.Path(file))
	if err != nil {
		return nil
	}
	m, _, err := codec.Decode(data, codec.Limits{})
	if err != nil {
		return nil
	}
	return m.Std()
}
