package curate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Report counts the verdicts. Kept and all of Rejected together are the
// images that were offered and stored, exact copies included.
type Report struct {
	Kept int `json:"kept"`
	// Rejected counts each reject once, under its most telling reason.
	Rejected map[string]int `json:"rejected"`
	// Restored images are kept because a person said so.
	Restored int `json:"restored,omitempty"`
	// Grouped images share their group with a near duplicate.
	Grouped int `json:"grouped,omitempty"`
	// CacheRebuilt tells that cache/features.db was damaged and made again.
	CacheRebuilt bool `json:"cache_rebuilt,omitempty"`
}

// Run judges every image of collected.jsonl and writes curated.jsonl and
// rejected.jsonl. A run that was cut short can be run again and ends with the
// same files.
func Run(ctx context.Context, dir dataset.Dir, o Options) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	o = o.withDefaults()
	samples, err := dataset.ReadAll(dir.Collected())
	if errors.Is(err, fs.ErrNotExist) {
		return Report{}, fmt.Errorf("%s is not there: nothing has been collected yet "+
			"(run: dsbuild scrape or dsbuild import): %w", dir.Collected(), fs.ErrNotExist)
	}
	if err != nil {
		return Report{}, err
	}
	dataset.Sort(samples)
	decisions, err := dataset.ReadDecisions(dir.Decisions())
	if err != nil {
		return Report{}, err
	}
	items, rebuilt, err := judge(ctx, dir, samples, decisions, o)
	if err != nil {
		return Report{}, err
	}
	report, err := write(dir, items)
	if err != nil {
		return Report{}, err
	}
	report.CacheRebuilt = rebuilt
	return report, dataset.LogRun(dir, "curate", report)
}

// judge returns the items with their verdicts. A damaged cache is made again,
// once.
func judge(ctx context.Context, dir dataset.Dir, samples []dataset.Sample,
	decisions map[string]dataset.Decision, o Options) (items []*item, rebuilt bool, err error) {
	for {
		if items, err = newItems(samples, decisions); err != nil {
			return nil, false, fmt.Errorf("%s: %w", dir.Collected(), err)
		}
		err = judgeItems(ctx, dir, items, o)
		if err == nil || rebuilt || !errors.Is(err, errDamaged) {
			return items, rebuilt, err
		}
		if err := removeCache(dir.Features()); err != nil {
			return nil, false, err
		}
		rebuilt = true
	}
}

// judgeItems measures the items and makes all checks.
func judgeItems(ctx context.Context, dir dataset.Dir, items []*item, o Options) (err error) {
	c, err := openCache(ctx, dir.Features())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := measureAll(ctx, dir, items, c, o); err != nil {
		return err
	}
	for _, it := range items {
		if it.decision == dataset.Refuse {
			it.reject(dataset.Reason{Name: Decided, Detail: "a person refused it"})
		}
		it.judgeAlone(o)
	}
	compareBytes(items, o)
	m := &matcher{
		cache: c, distance: o.NearDistance,
		correlation: o.NearCorrelation, difference: o.NearDifference,
	}
	if o.makes(Conflict) {
		if err := compareClasses(ctx, items, m, o); err != nil {
			return err
		}
	}
	if o.makes(NearDuplicate) {
		if err := compareWithin(ctx, items, m, o); err != nil {
			return err
		}
	}
	if o.NearDuplicates == GroupNear {
		nameGroups(items)
	}
	for _, it := range items {
		sortReasons(it.reasons)
		it.features = nil // what is written needs memory, too
	}
	return nil
}

// write writes the two manifests and counts the verdicts.
func write(dir dataset.Dir, items []*item) (Report, error) {
	report := Report{Rejected: map[string]int{}}
	var rejected []dataset.Sample
	inGroup := map[string]int{}
	for _, it := range items {
		if it.isKept() {
			report.Kept++
			inGroup[it.sample.Group]++
			if len(it.reasons) > 0 {
				report.Restored++
			}
		} else {
			reject := *it.sample
			reject.Reasons = it.reasons
			rejected = append(rejected, reject)
		}
		rejected = append(rejected, copiesOf(*it.sample)...)
	}
	dataset.Sort(rejected)
	for _, s := range rejected {
		report.Rejected[s.Reasons[0].Name]++
	}
	for group, n := range inGroup {
		if group != "" && n > 1 {
			report.Grouped += n
		}
	}
	if err := dataset.WriteManifest(dir.Rejected(), slices.Values(rejected)); err != nil {
		return report, err
	}
	return report, dataset.WriteManifest(dir.Curated(), keptOf(items))
}

// keptOf yields the samples that are kept.
func keptOf(items []*item) iter.Seq[dataset.Sample] {
	return func(yield func(dataset.Sample) bool) {
		for _, it := range items {
			kept := *it.sample
			kept.Reasons = nil
			if it.isKept() && !yield(kept) {
				return
			}
		}
	}
}

// copiesOf returns a reject for every further offer of a sample's bytes. Its
// file_name, the sample's with "#2" and so on, names the offer: there is one
// file only.
func copiesOf(s dataset.Sample) []dataset.Sample {
	var copies []dataset.Sample
	for i, origin := range s.Copies {
		offer := s
		offer.FileName = fmt.Sprintf("%s#%d", s.FileName, i+2)
		offer.Original, offer.Split, offer.Source = origin.Original, origin.Split, origin.Source
		offer.Copies = nil
		offer.Reasons = []dataset.Reason{{Name: Duplicate, Of: s.FileName}}
		copies = append(copies, offer)
	}
	return copies
}
