package split

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/dsbuild/dsbuild/dataset"
)

// Run splits the images that curation kept, or all that were collected where
// it was never run, and replaces the manifests of the splits, those of the
// folds and dataset.json. A run that was cut short can be run again and ends
// with the same files; until then dataset.Info.Verify refuses what is half
// replaced. A class that is too small is a *TooSmallError, and changes nothing.
func Run(ctx context.Context, dir dataset.Dir, o Options) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	o = o.withDefaults()
	if err := finish(dir); err != nil {
		return Report{}, err
	}
	samples, report, err := assign(ctx, dir, o)
	if err != nil {
		return Report{}, err
	}
	if err := stage(ctx, dir, samples, report, o); err != nil {
		return Report{}, err
	}
	if err := decide(dir); err != nil {
		return Report{}, err
	}
	if err := finish(dir); err != nil {
		return Report{}, err
	}
	return report, dataset.LogRun(dir, "split", report)
}

// assign returns the samples with their splits, sorted.
func assign(ctx context.Context, dir dataset.Dir, o Options) ([]dataset.Sample, Report, error) {
	samples, uncurated, err := read(dir)
	if err != nil {
		return nil, Report{}, err
	}
	var earlier map[string]dataset.Split
	if o.Keep {
		if earlier, err = readEarlier(dir); err != nil {
			return nil, Report{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, Report{}, err
	}
	assigned, overruled, err := draw(samples, o.Shares, o.Seed, earlier)
	if err != nil {
		return nil, Report{}, err
	}
	report := Report{Folds: o.Folds, Overruled: overruled, Uncurated: uncurated}
	for i := range samples {
		s := &samples[i]
		if before, ok := earlier[s.FileName]; ok && before != assigned[i] {
			report.Moved++
		}
		s.Split = assigned[i]
	}
	report.count(samples)
	return samples, report, nil
}

// read returns the samples to split, sorted, and how many images curation has
// not seen.
func read(dir dataset.Dir) (samples []dataset.Sample, uncurated int, err error) {
	path := dir.Curated()
	samples, err = dataset.ReadAll(path)
	switch {
	case err == nil:
		if uncurated, err = countUncurated(dir, samples); err != nil {
			return nil, 0, err
		}
	case errors.Is(err, fs.ErrNotExist):
		path = dir.Collected()
		samples, err = dataset.ReadAll(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%s is not there: nothing has been collected yet "+
			"(run: dsbuild scrape or dsbuild import): %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, 0, err
	}
	if len(samples) == 0 {
		return nil, 0, fmt.Errorf("%s has no images to split%s", path, whyNone(dir, path))
	}
	dataset.Sort(samples)
	return samples, uncurated, nil
}

// whyNone tells why the manifest at path is empty, where that is known.
func whyNone(dir dataset.Dir, path string) string {
	if path != dir.Curated() {
		return ""
	}
	return fmt.Sprintf(": curation rejected all of them; %s says why "+
		"(dsbuild curate has flags for the limits of its checks)", dir.Rejected())
}

// countUncurated counts the collected images that curation neither kept nor
// rejected.
func countUncurated(dir dataset.Dir, kept []dataset.Sample) (int, error) {
	judged := make(map[string]bool, len(kept))
	for i := range kept {
		judged[kept[i].FileName] = true
	}
	for s, err := range readIfExists(dir.Rejected()) {
		if err != nil {
			return 0, err
		}
		judged[s.FileName] = true
	}
	n := 0
	for s, err := range readIfExists(dir.Collected()) {
		if err != nil {
			return 0, err
		}
		if !judged[s.FileName] {
			n++
		}
	}
	return n, nil
}

// readEarlier returns the split of each sample by its file_name as the last
// run wrote it.
func readEarlier(dir dataset.Dir) (map[string]dataset.Split, error) {
	earlier := map[string]dataset.Split{}
	for _, split := range dataset.Splits() {
		for s, err := range readIfExists(dir.Split(split)) {
			if err != nil {
				return nil, err
			}
			earlier[s.FileName] = split // of two, the one further from training
		}
	}
	return earlier, nil
}

// readIfExists yields the samples of a manifest, none where it is not there.
func readIfExists(path string) iter.Seq2[dataset.Sample, error] {
	return func(yield func(dataset.Sample, error) bool) {
		for s, err := range dataset.ReadManifest(path) {
			if errors.Is(err, fs.ErrNotExist) || !yield(s, err) {
				return
			}
		}
	}
}
