package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/importer"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:  "import",
		Usage: "import a folder or an archive of class folders",
		Description: `Imports pictures from a folder or a .tar, .tar.gz, .tgz or .zip archive that has one
folder per class, stores them in raw/<class>/ under their hash and lists them in
manifests/collected.jsonl. The source is not changed. Formats are JPEG, PNG, GIF,
WebP, BMP and TIFF. Files that look like pictures but cannot be imported are listed
in manifests/refused.jsonl with the reason, and the exit code is 3. Running the
command again adds only what is new.

Example:
   dsbuild import --from photos --dir pets`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "from", Usage: "folder or archive `PATH` of class folders"},
			&cli.StringFlag{Name: "class", Usage: "`NAME` of the class of all pictures, " +
				"whatever their folders are called"},
			&cli.StringFlag{Name: "class-pattern", DefaultText: importer.DefaultClassPattern,
				Usage: "`REGEXP` whose first group is the class within a folder's name"},
			&cli.BoolFlag{Name: "keep-splits", DisableDefaultText: true,
				Usage: "keep the splits given by folders named train, val and test"},
			&cli.Int64Flag{Name: "max-bytes", DefaultText: "64 MiB", Usage: "largest file, in `BYTES`"},
			&cli.Int64Flag{Name: "max-pixels", DefaultText: "100 million",
				Usage: "largest image, in `PIXELS`"},
			number(cli.IntFlag{Name: "max-files", DefaultText: "5 million",
				Usage: "maximum number of files in the source, `N`"}),
			&cli.Int64Flag{Name: "max-total-bytes", DefaultText: "200 GiB",
				Usage: "maximum unpacked size of an archive in `BYTES`"},
			&cli.Int64Flag{Name: "max-ratio", DefaultText: "200",
				Usage: "maximum `RATIO` of an archive's unpacked to packed size"},
		},
		Action: func(c *cli.Context) error {
			s, err := readSetting(c)
			if err != nil {
				return err
			}
			o := importOptions(c, s.recipe.Import)
			if err := o.Validate(); err != nil {
				return invalid("import", err)
			}
			return runImport(c.Context, s, o)
		},
	}
}

// importOptions puts the flags over the recipe's options.
func importOptions(c *cli.Context, o importer.Options) importer.Options {
	bind(c, "from", &o.From, c.String)
	bind(c, "class", &o.Label, c.String)
	bind(c, "class-pattern", &o.ClassPattern, c.String)
	bind(c, "keep-splits", &o.KeepSplits, c.Bool)
	bind(c, "max-bytes", &o.MaxBytes, c.Int64)
	bind(c, "max-pixels", &o.MaxPixels, c.Int64)
	bind(c, "max-files", &o.MaxFiles, c.Int)
	bind(c, "max-total-bytes", &o.MaxTotalBytes, c.Int64)
	bind(c, "max-ratio", &o.MaxRatio, c.Int64)
	return o
}

// runImport imports and shows what became of the source's files.
func runImport(ctx context.Context, s setting, o importer.Options) error {
	bar := s.progress("import")
	defer bar.finish()
	o.Progress = bar.update
	if _, err := os.Stat(o.From); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s does not exist: give a folder or an archive to import", o.From)
	} // before any folder is made
	start := s.now()
	var report importer.Report
	err := s.create(func() (err error) {
		report, err = importer.Run(ctx, s.dir, o)
		return err
	})
	if err != nil {
		return err
	}
	bar.finish()
	result := struct {
		importer.Report
		Seconds float64 `json:"seconds"`
	}{report, s.seconds(start)}
	if err := s.result(result, func(w io.Writer) { writeImport(w, s, report) }); err != nil {
		return err
	}
	s.advise("next: %s", s.command("curate"))
	if n := sum(report.Refused); n > 0 {
		return partialf("%s could not be imported: %s says why",
			plural(n, "file", "files"), s.dir.Refused())
	}
	return nil
}

func writeImport(w io.Writer, s setting, r importer.Report) {
	writeCollected(w, r.Classes, r.Stored, r.Known, r.Copies)
	if r.Skipped > 0 {
		fmt.Fprintf(w, "passed over %s\n", plural(r.Skipped, "file that is no picture by its name",
			"files that are no pictures by their names"))
	}
	for _, class := range byName(r.Merged) {
		fmt.Fprintf(w, "class %s comes from the folders %s\n", class,
			strings.Join(r.Merged[class], ", "))
	}
	writeCounts(w, "class", "pictures", r.Classes, byName(r.Classes))
	writeCounts(w, "refused", "files", r.Refused, byCount(r.Refused))
}

// writeCollected sums up what a stage collected.
func writeCollected(w io.Writer, classes map[string]int, stored, known, copies int) {
	fmt.Fprintf(w, "%s in %s: %d new, %d known, %s\n",
		plural(sum(classes), "picture", "pictures"), plural(len(classes), "class", "classes"),
		stored, known, plural(copies, "exact copy", "exact copies"))
}
