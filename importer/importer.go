// Package importer brings pictures that somebody already has into a data set.
//
// A folder or an archive (.tar, .tar.gz, .zip) of class folders flows in;
// files named by their hash under raw/<class>/ and the lines of the manifest
// collected.jsonl that describe them flow out. What looks like a picture and
// cannot be taken becomes a line of refused.jsonl with its reason. An archive
// is never held in memory, and none of its names ever becomes a path:
//
//	report, err := importer.Run(ctx, "pets", importer.Options{From: "pets.tar.gz"})
//
// Classes are told from the names alone, by the rule that Options.From
// describes.
package importer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
)

// DefaultClassPattern takes WordNet's number off a folder's name:
// n02085620-Chihuahua becomes Chihuahua.
const DefaultClassPattern = `^(?:n[0-9]{8}-)?(.+)$`

const (
	defaultMaxBytes      = 64 << 20
	defaultMaxFiles      = 5_000_000
	defaultMaxTotalBytes = 200 << 30
	defaultMaxRatio      = 200
)

// Options say what to import and how much of it. Zero values stand for the
// defaults named.
type Options struct {
	// From is a folder or an archive of class folders. Folders that hold all
	// others are passed over: pets/cat/1.jpg and pets/dog/2.jpg have the
	// classes cat and dog. Where all folders at that level are named after
	// splits (train, val, valid, validation, test), the classes are one level
	// below. What lies deeper belongs to the class above it.
	From string `yaml:"from"`
	// Label is the class of all files, whatever their folders are called. A
	// folder without class folders needs it.
	Label string `yaml:"class"`
	// ClassPattern is a regular expression whose first group is the class
	// within a folder's name; default DefaultClassPattern.
	ClassPattern string `yaml:"class_pattern"`
	// KeepSplits records the splits that folders are named after. Otherwise
	// the splits' files are merged.
	KeepSplits bool `yaml:"keep_splits"`

	MaxBytes  int64 `yaml:"max_bytes"`  // of one file; default 64 MiB
	MaxPixels int64 `yaml:"max_pixels"` // of one image; default 100 million
	MaxFiles  int   `yaml:"max_files"`  // of the source; default 5 million
	// MaxTotalBytes bounds what an archive inflates to; default 200 GiB.
	MaxTotalBytes int64 `yaml:"max_total_bytes"`
	// MaxRatio bounds how many times its own size an archive inflates to,
	// beyond the first 256 MiB; default 200. Pictures stay far below.
	MaxRatio int64 `yaml:"max_ratio"`

	// Progress is told how many of the source's files are done. It is called
	// by one goroutine at a time; nil means nobody wants to know.
	Progress func(done, total int) `yaml:"-"`
}

func (o Options) withDefaults() Options {
	o.ClassPattern = cmp.Or(o.ClassPattern, DefaultClassPattern)
	o.MaxBytes = cmp.Or(o.MaxBytes, defaultMaxBytes)
	o.MaxPixels = cmp.Or(o.MaxPixels, codec.DefaultMaxPixels)
	o.MaxFiles = cmp.Or(o.MaxFiles, defaultMaxFiles)
	o.MaxTotalBytes = cmp.Or(o.MaxTotalBytes, defaultMaxTotalBytes)
	o.MaxRatio = cmp.Or(o.MaxRatio, defaultMaxRatio)
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	if o.From == "" {
		return fmt.Errorf("from is missing: give a folder or an archive to import")
	}
	if o.Label != "" {
		if err := dataset.CheckLabel(o.Label); err != nil {
			return fmt.Errorf("class: %w", err)
		}
	}
	if _, err := regexp.Compile(o.ClassPattern); err != nil {
		return fmt.Errorf("class_pattern: %w", err)
	}
	if o.MaxBytes < 0 || o.MaxPixels < 0 || o.MaxFiles < 0 || o.MaxTotalBytes < 0 || o.MaxRatio < 0 {
		return fmt.Errorf("a limit is negative: leave it at 0 for the default")
	}
	return nil
}

// A Report counts what became of a source's files.
type Report struct {
	// Files that were offered as pictures: those stored, known, copies and
	// refused together.
	Files  int `json:"files"`
	Stored int `json:"stored"` // new pictures
	Known  int `json:"known"`  // offers that the data set had before
	Copies int `json:"copies"` // further offers of bytes that the class has
	// Refused counts files by the reason that they could not be taken.
	Refused map[string]int `json:"refused"`
	// Skipped files are no pictures by their names: notes, tables, leavings.
	Skipped int `json:"skipped"`
	// Classes counts the source's pictures of each class, copies included.
	Classes map[string]int `json:"classes"`
	// Merged lists the folders of each class that has several of them.
	Merged map[string][]string `json:"merged,omitempty"`
}

// Run imports o.From into the data set. Pictures that are there already stay
// as they are, so a run that was cut short can be run again and ends with the
// same files. Nothing is stored where the source as a whole is refused, except
// that an archive may prove damaged or too large only while it is read; then
// files may lie in raw that no manifest names.
func Run(ctx context.Context, dir dataset.Dir, o Options) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	o = o.withDefaults()
	src, err := openSource(dir, o)
	if err != nil {
		return Report{}, err
	}
	defer src.Close()
	plan, err := survey(ctx, src, o)
	if err != nil {
		return Report{}, err
	}
	files := store.Open(dir)
	offers, err := collect(ctx, src, plan, files, o)
	if err != nil {
		return Report{}, err
	}
	if err := files.Sync(); err != nil {
		return Report{}, err
	}
	report, err := record(dir, offers)
	if err != nil {
		return Report{}, err
	}
	report.Skipped, report.Merged = plan.skipped, plan.merged()
	return report, dataset.LogRun(dir, "import", struct {
		From string `json:"from"`
		Report
	}{o.From, report})
}

// record adds the offers to the data set's manifests and counts them.
func record(dir dataset.Dir, offers []offer) (Report, error) {
	report := Report{Refused: map[string]int{}, Classes: map[string]int{}}
	collected, err := dataset.ReadAllIfExists(dir.Collected())
	if err != nil {
		return report, err
	}
	refused, err := dataset.ReadAllIfExists(dir.Refused())
	if err != nil {
		return report, err
	}
	known := map[string]bool{} // file_name and original of every offer
	names := map[string]bool{}
	for _, s := range collected {
		names[s.FileName] = true
		known[offerID(s.FileName, s.Original)] = s.Source == nil
		for _, c := range s.Copies {
			known[offerID(s.FileName, c.Original)] = c.Source == nil
		}
	}
	added := make([]dataset.Sample, 0, len(offers))
	for _, f := range offers {
		s := f.sample
		if len(s.Reasons) > 0 {
			continue
		}
		id := offerID(s.FileName, s.Original)
		switch {
		case !names[s.FileName]:
			report.Stored++
		case known[id]:
			report.Known++
		default:
			report.Copies++
		}
		names[s.FileName], known[id] = true, true
		report.Classes[s.Label]++
		added = append(added, s)
	}
	refused = mergeRefused(refused, offers, report.Refused)
	report.Files = len(added)
	for _, n := range report.Refused {
		report.Files += n
	}
	merged := store.Merge(collected, added)
	if err := dataset.WriteManifest(dir.Collected(), slices.Values(merged)); err != nil {
		return report, err
	}
	return report, dataset.WriteManifest(dir.Refused(), slices.Values(refused))
}

func offerID(fileName, original string) string { return fileName + "\x00" + original }

// mergeRefused replaces what earlier imports refused of these offers and keeps
// all other lines, such as those that scrape wrote. New refusals are counted.
func mergeRefused(before []dataset.Sample, offers []offer, count map[string]int) []dataset.Sample {
	offered := map[string]bool{}
	fresh := map[string]dataset.Sample{}
	for _, f := range offers {
		offered[f.sample.Original] = true
		if len(f.sample.Reasons) > 0 { // an archive may hold one name twice
			fresh[f.sample.FileName] = f.sample
		}
	}
	var merged []dataset.Sample
	for _, s := range before {
		if s.Source != nil || !offered[s.Original] {
			merged = append(merged, s)
		}
	}
	for _, s := range fresh {
		count[s.Reasons[0].Name]++
		merged = append(merged, s)
	}
	dataset.Sort(merged)
	return merged
}

// workers is how many goroutines hash and store: more would only hold more
// files in memory.
func workers() int { return min(runtime.GOMAXPROCS(0), 8) }
