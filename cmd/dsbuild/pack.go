package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pack"
)

// allSplits is the value of --split that stands for every split there is.
const allSplits = "all"

func packCommand() *cli.Command {
	return &cli.Command{
		Name:  "pack",
		Usage: "write a split's pictures into a few files that load faster",
		Description: `Writes the pictures of a split into shards of 256 MiB in packs/, with an index of
names, positions and checksums. Training uses a pack automatically as long as it
matches the present split. JPEG pictures keep exactly the same pixels: they get
markers so that part of a picture can be read without the rest, and remain ordinary
JPEG files, which --extract writes out for other programs. Pictures of other formats
are copied as they are. --longest reduces larger pictures in the pack; those in raw/
are never changed. A pack can be deleted at any time.

Examples:
   dsbuild pack --dir pets
   dsbuild pack --dir pets --split all --stats
   dsbuild pack --dir pets --verify
   dsbuild pack --dir pets --extract unpacked`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "split", Value: string(dataset.Train),
				Usage: "`SPLIT` to pack: train, val, test or all"},
			number(cli.IntFlag{Name: "longest", DefaultText: "none",
				Usage: "reduce pictures whose longer side exceeds `PIXELS`"}),
			number(cli.IntFlag{Name: "quality", DefaultText: "90",
				Usage: "`QUALITY` of reduced JPEG pictures, from 1 to 100"}),
			&cli.Int64Flag{Name: "banded-from", DefaultText: "none",
				Usage: "write JPEG pictures of at least `PIXELS` pixels as progressive JPEG"},
			&cli.BoolFlag{Name: "stats", DisableDefaultText: true,
				Usage: "show sizes before and after for each kind of picture"},
			&cli.StringFlag{Name: "extract", DefaultText: "none",
				Usage: "only extract the pictures of a pack to the folder `OUT`"},
			&cli.BoolFlag{Name: "verify", DisableDefaultText: true,
				Usage: "only verify the checksums of a pack"},
			number(cli.IntFlag{Name: "workers", DefaultText: "one per processor",
				Usage: "pack `N` pictures at a time"}),
		},
		Action: runPack,
	}
}

// runPack does the one thing that the flags ask for.
func runPack(c *cli.Context) error {
	s := bareSetting(c)
	o := pack.Options{
		Longest: c.Int("longest"), Quality: c.Int("quality"),
		BandedPixels: c.Int64("banded-from"), Workers: c.Int("workers"),
	}
	switch {
	case c.IsSet("quality") && o.Longest == 0:
		return usagef("pack", "--quality needs --longest")
	case c.IsSet("extract") && c.Bool("verify"):
		return usagef("pack", "--extract and --verify exclude each other: give only one")
	case c.IsSet("extract") && c.String("extract") == "":
		return usagef("pack", "--extract needs the name of a folder")
	}
	if err := o.Validate(); err != nil {
		return invalid("pack", err)
	}
	splits, err := splitsToPack(s.dir, c.String("split"))
	if err != nil {
		return err
	}
	switch {
	case c.IsSet("extract"):
		return s.eachSplit(splits, func(split dataset.Split) error {
			return extractPack(c.Context, s, split, c.String("extract"))
		})
	case c.Bool("verify"):
		return s.eachSplit(splits, func(split dataset.Split) error {
			return verifyPack(c.Context, s, split)
		})
	}
	err = s.change(func() error {
		return s.eachSplit(splits, func(split dataset.Split) error {
			return writePack(c.Context, s, split, o, c.Bool("stats"))
		})
	})
	if err != nil {
		return err
	}
	s.advise("next: %s", s.command("train"))
	return nil
}

// splitsToPack returns the split of that name, or of all those that there are
// manifests of.
func splitsToPack(dir dataset.Dir, name string) ([]dataset.Split, error) {
	if name != allSplits {
		split, err := dataset.ParseSplit(name)
		if err != nil {
			return nil, usagef("pack", "%w, or all", err)
		}
		return []dataset.Split{split}, nil
	}
	var splits []dataset.Split
	for _, split := range dataset.Splits() {
		_, err := os.Stat(dir.Split(split))
		if err == nil {
			splits = append(splits, split)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if len(splits) == 0 {
		splits = dataset.Splits()[:1] // whose error says what is missing
	}
	return splits, nil
}

// eachSplit does work for one split after the other, up to the first error.
func (s setting) eachSplit(splits []dataset.Split, work func(dataset.Split) error) error {
	for _, split := range splits {
		if err := work(split); err != nil {
			return err
		}
	}
	return nil
}

// writePack packs a split and shows what became of its size.
func writePack(
	ctx context.Context, s setting, split dataset.Split, o pack.Options, stats bool,
) error {
	bar := s.progress("pack")
	defer bar.finish()
	o.Progress = bar.update
	report, err := pack.Run(ctx, s.dir, split, o)
	if err != nil {
		return err
	}
	bar.finish()
	return s.result(report, func(w io.Writer) {
		done := "packed"
		if report.Written == 0 {
			done = "packed already"
		}
		fmt.Fprintf(w, "%s: %s %s, %s as files, %s in %s: %s\n", split,
			plural(report.Images, "picture", "pictures"), done, megabytes(report.SourceBytes),
			megabytes(report.Bytes), plural(report.Shards, "shard", "shards"), report.Folder)
		if stats {
			writePackStats(w, report)
		}
	})
}

// writePackStats writes a table of what was done to pictures, and their size
// before and after.
func writePackStats(w io.Writer, r pack.Report) {
	var t table
	t.row("kind", "format", "pictures", "before", "after", "change")
	for _, k := range r.Kinds {
		format := cmp.Or(k.Format, "no picture")
		t.row(k.Kind, format, k.Images, k.SourceBytes, k.Bytes, change(k.SourceBytes, k.Bytes))
	}
	t.row("total", "", r.Images, r.SourceBytes, r.Bytes, change(r.SourceBytes, r.Bytes))
	fmt.Fprintln(w)
	t.write(w)
	fmt.Fprintln(w)
}

// change returns by how much a size grew: "-1.25%".
func change(before, after int64) string {
	if before == 0 {
		return "·"
	}
	return fmt.Sprintf("%+.2f%%", 100*(float64(after)/float64(before)-1))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// extractPack writes the pictures of a pack as files.
func extractPack(ctx context.Context, s setting, split dataset.Split, out string) error {
	bar := s.progress("extract")
	defer bar.finish()
	report, err := pack.Extract(ctx, s.dir, split, out, bar.update)
	if err != nil {
		return err
	}
	bar.finish()
	return s.result(report, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %s in %s, %d written\n", split,
			plural(report.Images, "picture", "pictures"), report.Folder, report.Written)
	})
}

// verifyPack holds a pack against its checksums. Damaged pictures are an error.
func verifyPack(ctx context.Context, s setting, split dataset.Split) error {
	bar := s.progress("verify")
	defer bar.finish()
	report, err := pack.Verify(ctx, s.dir, split, bar.update)
	if err != nil {
		return err
	}
	bar.finish()
	err = s.result(report, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %s, %d damaged\n", split,
			plural(report.Images, "picture", "pictures"), len(report.Damaged))
		for _, name := range report.Damaged {
			fmt.Fprintf(w, "damaged: %s\n", name)
		}
	})
	if err == nil && len(report.Damaged) > 0 {
		err = fmt.Errorf("%s is damaged (delete it and run: %s)", report.Folder,
			s.command("pack --split "+string(split)))
	}
	return err
}
