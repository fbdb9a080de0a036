package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/lock"
)

// A setting is what holds for one call, whatever its command.
type setting struct {
	streams
	dir    dataset.Dir
	recipe recipe // with the seed of the flag, if there is one
}

// forAll is the category of the flags that every command has.
const forAll = "options of every command:"

// dirFlag returns the flag that names the data set, with what holds without it.
func dirFlag(without string) cli.Flag {
	return &cli.StringFlag{Name: "dir", Aliases: []string{"C"}, Value: ".", Category: forAll,
		DefaultText: without, Usage: "data set folder `DIR`"}
}

// globalFlags returns the flags that may stand before and after a command.
func globalFlags() []cli.Flag {
	return []cli.Flag{
		dirFlag("."),
		&cli.Uint64Flag{Name: "seed", Category: forAll,
			Usage: "random seed `NUMBER`", DefaultText: "the recipe's, or 0"},
		&cli.BoolFlag{Name: "json", Category: forAll, DisableDefaultText: true,
			Usage: "print results as JSON, one object per line"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Category: forAll,
			DisableDefaultText: true, Usage: "print neither progress nor hints"},
	}
}

// nearest returns the context in which a global flag was set, the one of the
// command before that of the program, or c where it was not set at all.
func nearest(c *cli.Context, name string) *cli.Context {
	for _, near := range c.Lineage() {
		for _, set := range near.LocalFlagNames() {
			if set == name {
				return near
			}
		}
	}
	return c
}

// bareSetting reads the global flags but not the recipe.
func bareSetting(c *cli.Context) setting {
	return setting{
		streams: newStreams(c.App.Writer, c.App.ErrWriter,
			nearest(c, "json").Bool("json"), nearest(c, "quiet").Bool("quiet")),
		dir: dataset.Dir(nearest(c, "dir").String("dir")),
	}
}

// readSetting reads the global flags and the recipe, if there is one.
func readSetting(c *cli.Context) (setting, error) {
	s := bareSetting(c)
	var err error
	if s.recipe, err = readRecipe(s.dir); err != nil {
		return s, &usageError{fullName(c), err}
	}
	if near := nearest(c, "seed"); near.IsSet("seed") {
		s.recipe.reseed(near.Uint64("seed"))
	}
	return s, nil
}

// bind gives an option the value of its flag, if that was set.
func bind[T any](c *cli.Context, flag string, option *T, get func(flag string) T) {
	if c.IsSet(flag) {
		*option = get(flag)
	}
}

// change does work that changes the data set, which must be there, alone: a
// second program that wants to change it meanwhile is turned away.
func (s setting) change(work func() error) error {
	_, err := os.Stat(s.dir.Path("manifests"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s contains no data set yet (give another folder with --dir, or run: "+
			"dsbuild import or dsbuild scrape)", s.dir)
	}
	if err != nil {
		return err
	}
	return s.alone(work)
}

// create is change on a data set that may not be there yet.
func (s setting) create(work func() error) error {
	if err := os.MkdirAll(string(s.dir), 0o777); err != nil {
		return err
	}
	return s.alone(work)
}

// alone does work under the lock of the data set.
func (s setting) alone(work func() error) error {
	return alone(s.dir.Path(".dsbuild.lock"), string(s.dir), work)
}

// alone does work under the lock that a file carries, for the thing of that
// name.
func alone(path, name string, work func() error) (err error) {
	held, err := lock.Acquire(path, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	return work()
}

// command returns a call of the program for this data set, to be pasted.
func (s setting) command(words string) string {
	if s.dir == "." {
		return program() + " " + words
	}
	return fmt.Sprintf("%s %s --dir %s", program(), words, quote(string(s.dir)))
}

// program is how the program was called.
func program() string {
	path, err := os.Executable()
	if err == nil && filepath.Base(path) == "dsbuild" && strings.Contains(path, "go-build") {
		return "go run ./cmd/dsbuild"
	}
	return "dsbuild"
}
