package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/internal/fetch"
	"github.com/dsbuild/dsbuild/internal/suggest"
	"github.com/dsbuild/dsbuild/scrape"
)

func scrapeCommand() *cli.Command {
	return &cli.Command{
		Name:  "scrape",
		Usage: "collect pictures from the web",
		Description: `Collects pictures of a class from galleries (--page), from an image search
(--query, on Openverse) and from lists of URLs (--urls). Without any of these, it
uses the sources in the recipe; --class then picks those of one class. Pictures are
stored in raw/<class>/ under their hash and listed in manifests/collected.jsonl with
origin and licence. Anything that could not be fetched is listed in
manifests/refused.jsonl with the reason, and the exit code is 3. Running the command
again fetches only what is missing. It obeys robots.txt.

Examples:
   dsbuild scrape --query "corgi dog" --class corgi --want 50 --dir pets
   dsbuild scrape --page https://example.org/cats/ --class cat --dir pets
   dsbuild scrape --urls urls.txt --class dog --dir pets`,
		Flags: append(sourceFlags(), fetchFlags()...),
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o, err := scrapeOptions(c, s.recipe)
			if err != nil {
				return err
			}
			if err := o.Validate(); err != nil {
				return invalid("scrape", err)
			}
			return runScrape(c.Context, s, o)
		},
	}
}

func sourceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "page", Usage: "first page `URL` of a gallery (repeatable)"},
		&cli.StringSliceFlag{Name: "query", Usage: "`WORDS` to search for (repeatable)"},
		&cli.StringSliceFlag{Name: "urls", Usage: "`FILE` of URLs: text with one per line, CSV with " +
			"the columns url and class, or JSON lines (repeatable)"},
		&cli.StringFlag{Name: "class", Usage: "`NAME` of the pictures' class"},
		number(cli.IntFlag{Name: "want", DefaultText: "all",
			Usage: "take `N` pictures from each source, counting those you already have"}),
		&cli.IntFlag{Name: "depth", DefaultText: "1",
			Usage: "follow links `N` deep from a gallery to pages of single pictures; -1 for none"},
		&cli.StringSliceFlag{Name: "domain", DefaultText: "the page's own",
			Usage: "`HOST` that pages may be on (repeatable)"},
	}
}

func fetchFlags() []cli.Flag {
	return []cli.Flag{
		&cli.Int64Flag{Name: "max-bytes", DefaultText: "32 MiB", Usage: "largest file, in `BYTES`"},
		&cli.Int64Flag{Name: "max-pixels", DefaultText: "100 million",
			Usage: "largest image, in `PIXELS`"},
		number(cli.IntFlag{Name: "max-pages", DefaultText: "500",
			Usage: "read at most `N` pages of a gallery"}),
		&cli.DurationFlag{Name: "interval", DefaultText: "200ms",
			Usage: "minimum `TIME` between two requests to one host"},
		number(cli.IntFlag{Name: "per-host", DefaultText: "4",
			Usage: "send at most `N` requests to one host at a time"}),
		number(cli.IntFlag{Name: "workers", DefaultText: "8", Usage: "fetch `N` pictures at a time"}),
		&cli.IntFlag{Name: "retries", DefaultText: "3",
			Usage: "retry `N` times after errors that may pass; -1 for never"},
		&cli.DurationFlag{Name: "timeout", DefaultText: "60s", Usage: "`TIME` limit for one request"},
		&cli.BoolFlag{Name: "allow-private", DisableDefaultText: true,
			Usage: "allow requests to the local network"},
		&cli.StringFlag{Name: "openverse", DefaultText: scrape.DefaultOpenverse,
			Usage: "`URL` of the image search"},
	}
}

// scrapeOptions puts the flags over the recipe's options.
func scrapeOptions(c *cli.Context, r recipe) (scrape.Options, error) {
	o := r.Scrape
	bind(c, "max-bytes", &o.MaxBytes, c.Int64)
	bind(c, "max-pixels", &o.MaxPixels, c.Int64)
	bind(c, "max-pages", &o.MaxPages, c.Int)
	bind(c, "interval", &o.Interval, c.Duration)
	bind(c, "per-host", &o.PerHost, c.Int)
	bind(c, "workers", &o.Workers, c.Int)
	bind(c, "retries", &o.Retries, c.Int)
	bind(c, "timeout", &o.Timeout, c.Duration)
	bind(c, "allow-private", &o.AllowPrivate, c.Bool)
	bind(c, "openverse", &o.Openverse, c.String)
	if sources := flagSources(c); len(sources) > 0 {
		o.Sources = sources
	} else if c.IsSet("class") {
		var err error
		if o.Sources, err = sourcesOf(o.Sources, c.String("class")); err != nil {
			return o, err
		}
	}
	o.Sources = slices.Clone(o.Sources) // the recipe stays as it is
	for i := range o.Sources {
		bind(c, "want", &o.Sources[i].Want, c.Int)
		bind(c, "depth", &o.Sources[i].Depth, c.Int)
		bind(c, "domain", &o.Sources[i].Domains, c.StringSlice)
	}
	return o, nil
}

// flagSources returns the sources that flags name.
func flagSources(c *cli.Context) []scrape.SourceSpec {
	var sources []scrape.SourceSpec
	class := c.String("class")
	for _, page := range c.StringSlice("page") {
		sources = append(sources, scrape.SourceSpec{Class: class, Page: page})
	}
	for _, query := range c.StringSlice("query") {
		sources = append(sources, scrape.SourceSpec{Class: class, Query: query})
	}
	for _, file := range c.StringSlice("urls") {
		sources = append(sources, scrape.SourceSpec{Class: class, URLs: file})
	}
	return sources
}

// sourcesOf returns those of the recipe's sources that are of one class.
func sourcesOf(all []scrape.SourceSpec, class string) ([]scrape.SourceSpec, error) {
	var sources []scrape.SourceSpec
	var classes []string
	for _, source := range all {
		classes = append(classes, source.Class)
		if source.Class == class {
			sources = append(sources, source)
		}
	}
	if len(sources) == 0 {
		return nil, usagef("scrape", "the recipe has no source of class %q%s: give one with "+
			"--page, --query or --urls", class, suggest.Hint(class, classes))
	}
	return sources, nil
}

// runScrape collects and shows what the sources gave.
func runScrape(ctx context.Context, s setting, o scrape.Options) error {
	bar := s.progress("scrape")
	defer bar.finish()
	o.Progress = bar.update
	start := s.now()
	var report scrape.Report
	err := s.create(func() (err error) {
		report, err = scrape.Run(ctx, s.dir, o)
		return err
	})
	faults, some := errors.AsType[*scrape.SourcesError](err)
	if err != nil && (!some || report.Collected() == 0) {
		return err
	}
	bar.finish()
	result := struct {
		scrape.Report
		Seconds float64 `json:"seconds"`
	}{report, s.seconds(start)}
	if err := s.result(result, func(w io.Writer) { writeScrape(w, report) }); err != nil {
		return err
	}
	s.advise("next: %s", s.command("curate"))
	if faults != nil {
		return &partialError{faults}
	}
	// What robots.txt forbids is no error.
	if n := sum(report.Refused) - report.Refused[string(fetch.Robots)]; n > 0 {
		return partialf("%s could not be fetched: %s says why",
			plural(n, "picture", "pictures"), s.dir.Refused())
	}
	return nil
}

func writeScrape(w io.Writer, r scrape.Report) {
	writeCollected(w, r.Classes, r.Stored, r.Known, r.Copies)
	var t table
	t.row("source", "class", "found", "taken")
	for _, source := range r.Sources {
		t.row(source.Source, source.Class, source.Found, source.Taken)
	}
	fmt.Fprintln(w)
	t.write(w)
	writeCounts(w, "refused", "pictures", r.Refused, byCount(r.Refused))
	if r.Retry > 0 {
		fmt.Fprintf(w, "\n%s may succeed when this is run again\n",
			plural(r.Retry, "picture", "pictures"))
	}
}
