package main

import (
	"context"
	"fmt"
	"io"
	"os/user"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
)

func curateCommand() *cli.Command {
	return &cli.Command{
		Name:  "curate",
		Usage: "check all pictures and reject those that are unfit for training",
		Description: `Checks every collected picture: is it complete, large enough and sharp, neither too
dark nor blank, and not a copy of another one? Pictures that pass are listed in
manifests/curated.jsonl, the others in manifests/rejected.jsonl with all reasons. No
file is deleted, and you have the last word: --restore keeps a rejected picture,
--refuse rejects one, and --clear leaves it to the checks again. FILE is a file_name
from those manifests, such as raw/cat/3f2a9c0d11223344.jpg.

Examples:
   dsbuild curate --dir pets
   dsbuild curate --dir pets --min-side 48 --skip blurred`,
		Flags: append(decisionFlags(), checkFlags()...),
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o := curateOptions(c, s.recipe.Curate)
			if err := o.Validate(); err != nil {
				return invalid("curate", err)
			}
			d := readDecisions(c)
			if err := d.check(); err != nil {
				return invalid("curate", err)
			}
			return runCurate(c.Context, s, o, d)
		},
	}
}

func decisionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "restore", Usage: "keep `FILE`, whatever the checks say (repeatable)"},
		&cli.StringSliceFlag{Name: "refuse", Usage: "reject `FILE` (repeatable)"},
		&cli.StringSliceFlag{Name: "clear", Usage: "leave `FILE` to the checks again (repeatable)"},
		&cli.StringFlag{Name: "by", DefaultText: "your user name",
			Usage: "`NAME` of the person who decides"},
	}
}

func checkFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "skip", Usage: "skip a `CHECK` (repeatable): conflict, " +
			"too_dark, too_bright, no_content, too_small, aspect_ratio, blurred, near_duplicate"},
		number(cli.IntFlag{Name: "min-side", DefaultText: "32",
			Usage: "minimum shorter side in `PIXELS`"}),
		&cli.Float64Flag{Name: "max-aspect", DefaultText: "4",
			Usage: "maximum ratio of the longer to the shorter side, `RATIO`"},
		&cli.Float64Flag{Name: "min-sharpness", DefaultText: "0.01",
			Usage: "minimum contrast `X` of fine detail"},
		&cli.Float64Flag{Name: "min-luminance", DefaultText: "0.08",
			Usage: "minimum brightness `X`, from 0 to 1, of the brightest 1% of pixels"},
		&cli.Float64Flag{Name: "max-luminance", DefaultText: "0.92",
			Usage: "maximum brightness `X`, from 0 to 1, of the darkest 1% of pixels"},
		&cli.Float64Flag{Name: "min-entropy", DefaultText: "0.05", Usage: "minimum entropy in `BITS`"},
		&cli.StringFlag{Name: "near-duplicates", DefaultText: "reject",
			Usage: "`WHAT` to do with near duplicates: reject (all but the largest) or group"},
		&cli.IntFlag{Name: "near-distance", DefaultText: "10",
			Usage: "near duplicates have hashes that differ in at most `BITS`"},
		&cli.Float64Flag{Name: "near-correlation", DefaultText: "0.97",
			Usage: "near duplicates have a correlation of at least `X`"},
		&cli.Int64Flag{Name: "max-pixels", DefaultText: "100 million",
			Usage: "decode images of at most this many `PIXELS`"},
		number(cli.IntFlag{Name: "workers", DefaultText: "one per processor",
			Usage: "check `N` images at a time"}),
	}
}

// curateOptions puts the flags over the recipe's options.
func curateOptions(c *cli.Context, o curate.Options) curate.Options {
	bind(c, "skip", &o.Skip, c.StringSlice)
	bind(c, "min-side", &o.MinSide, c.Int)
	bind(c, "max-aspect", &o.MaxAspect, c.Float64)
	bind(c, "min-sharpness", &o.MinSharpness, c.Float64)
	bind(c, "min-luminance", &o.MinLuminance, c.Float64)
	bind(c, "max-luminance", &o.MaxLuminance, c.Float64)
	bind(c, "min-entropy", &o.MinEntropy, c.Float64)
	bind(c, "near-duplicates", &o.NearDuplicates, c.String)
	bind(c, "near-distance", &o.NearDistance, c.Int)
	bind(c, "near-correlation", &o.NearCorrelation, c.Float64)
	bind(c, "max-pixels", &o.MaxPixels, c.Int64)
	bind(c, "workers", &o.Workers, c.Int)
	return o
}

// decisions are what the person of that name says of files.
type decisions struct {
	by    string
	files map[dataset.Action][]string
}

func readDecisions(c *cli.Context) decisions {
	return decisions{by: c.String("by"), files: map[dataset.Action][]string{
		dataset.Keep:   c.StringSlice("restore"),
		dataset.Refuse: c.StringSlice("refuse"),
		dataset.Clear:  c.StringSlice("clear"),
	}}
}

// check tells which file is decided on in two ways.
func (d decisions) check() error {
	flags := map[string]string{}
	for _, group := range []struct {
		flag   string
		action dataset.Action
	}{{"clear", dataset.Clear}, {"refuse", dataset.Refuse}, {"restore", dataset.Keep}} {
		for _, file := range d.files[group.action] {
			if before := flags[file]; before != "" && before != group.flag {
				return fmt.Errorf("%s is given to both --%s and --%s", file, before, group.flag)
			}
			flags[file] = group.flag
		}
	}
	return nil
}

// note writes the decisions to the data set's ledger.
func (d decisions) note(dir dataset.Dir) error {
	if d.by == "" {
		if u, err := user.Current(); err == nil {
			d.by = u.Username
		}
	}
	for _, action := range []dataset.Action{dataset.Clear, dataset.Keep, dataset.Refuse} {
		if len(d.files[action]) == 0 {
			continue
		}
		if err := curate.Decide(dir, action, d.files[action], d.by); err != nil {
			return err
		}
	}
	return nil
}

// runCurate notes the decisions, makes the checks and shows the verdicts.
func runCurate(ctx context.Context, s setting, o curate.Options, d decisions) error {
	bar := s.progress("curate")
	defer bar.finish()
	o.Progress = bar.update
	start := s.now()
	var report curate.Report
	err := s.change(func() (err error) {
		if err := d.note(s.dir); err != nil {
			return err
		}
		report, err = curate.Run(ctx, s.dir, o)
		return err
	})
	if err != nil {
		return err
	}
	bar.finish()
	if report.CacheRebuilt {
		s.warn("%s was damaged and has been rebuilt", s.dir.Features())
	}
	result := struct {
		curate.Report
		Seconds float64 `json:"seconds"`
	}{report, s.seconds(start)}
	if err := s.result(result, func(w io.Writer) { writeCurate(w, s, report) }); err != nil {
		return err
	}
	warnOfLimits(s, report)
	if report.Kept > 0 {
		s.advise("next: %s", s.command("split"))
	}
	return nil
}

// limitFlags are the flags that decide over a reason.
var limitFlags = map[string]string{
	curate.TooSmall:      "--min-side",
	curate.AspectRatio:   "--max-aspect",
	curate.Blurred:       "--min-sharpness",
	curate.TooDark:       "--min-luminance",
	curate.TooBright:     "--max-luminance",
	curate.NoContent:     "--min-entropy",
	curate.NearDuplicate: "--near-duplicates",
}

// warnOfLimits tells which flag to set where a limit turns a fifth of all
// pictures down or more: then it hardly fits them.
func warnOfLimits(s setting, r curate.Report) {
	all := r.Kept + sum(r.Rejected)
	for _, reason := range byCount(r.Rejected) {
		flag, n := limitFlags[reason], r.Rejected[reason]
		if flag == "" || 5*n < all {
			continue
		}
		key := strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_")
		s.warn("%s rejects %d of %s: change its limit with %s, or with curate.%s in %s, or "+
			"skip it with --skip %s", reason, n, plural(all, "picture", "pictures"), flag, key,
			s.dir.Recipe(), reason)
	}
}

func writeCurate(w io.Writer, s setting, r curate.Report) {
	rejected := sum(r.Rejected)
	fmt.Fprintf(w, "%s kept, %d rejected\n", plural(r.Kept, "picture", "pictures"), rejected)
	if r.Restored > 0 {
		fmt.Fprintf(w, "%d of them kept by hand\n", r.Restored)
	}
	if r.Grouped > 0 {
		fmt.Fprintf(w, "%d of them in groups of near duplicates\n", r.Grouped)
	}
	writeCounts(w, "rejected", "pictures", r.Rejected, byCount(r.Rejected))
	if rejected > 0 {
		fmt.Fprintf(w, "\nall reasons for each: %s\n", s.dir.Rejected())
	}
}
