package scrape

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/store"
)

// An outcome is an offer with its result, and what the sources tell of it.
type outcome struct {
	offer
	result
	source *dataset.Source
}

// outcomes returns the offers with a result in the order of the sources and of
// what each found. Where several found the same, the first tells page and
// engine, and all together licence, creator and title. The outcomes take over
// the candidates' sources.
func outcomes(findings []*finding) []outcome {
	var list []outcome
	at := map[offer]int{}
	for _, f := range findings {
		for i, t := range f.tasks {
			if t.result.Sample == nil && t.result.Reason == nil {
				continue
			}
			source := &f.candidates[i].Source
			if known, ok := at[t.offer]; ok {
				complete(list[known].source, source)
				continue
			}
			at[t.offer] = len(list)
			list = append(list, outcome{t.offer, t.result, source})
		}
	}
	return list
}

// complete fills in what a source does not tell.
func complete(s, other *dataset.Source) {
	if s.License == "" && s.LicenseURL == "" {
		s.License, s.LicenseURL = other.License, other.LicenseURL
	}
	s.Creator = cmp.Or(s.Creator, other.Creator)
	s.Title = cmp.Or(s.Title, other.Title)
}

// sample returns the line of an outcome: of collected.jsonl, or with a reason
// of refused.jsonl.
func (u outcome) sample() dataset.Sample {
	var s dataset.Sample
	if u.Sample != nil {
		s = fileOf(u.Sample)
	} else {
		s = store.Refused(u.class, u.url, *u.Reason)
	}
	s.Source = u.source
	return s
}

// record brings the data set's manifests up to date. Lines that other stages
// or runs wrote stay, and so do fields that others added.
func record(dir dataset.Dir, collected []dataset.Sample, list []outcome) error {
	refused, err := dataset.ReadAllIfExists(dir.Refused())
	if err != nil {
		return err
	}
	mine := map[offer]bool{}
	for _, u := range list {
		mine[u.offer] = true
	}
	kept := mergeCollected(collected, list, mine)
	if err := dataset.WriteManifest(dir.Collected(), slices.Values(kept)); err != nil {
		return err
	}
	return dataset.WriteManifest(dir.Refused(), slices.Values(mergeRefused(refused, list, mine)))
}

// mergeCollected takes what earlier runs wrote of these offers out of the
// lines, and adds it anew. So an offer's place does not depend on when, or in
// which of several runs, it was taken.
func mergeCollected(before []dataset.Sample, list []outcome, mine map[offer]bool) []dataset.Sample {
	var rest []dataset.Sample
	bare := map[string]*dataset.Sample{} // lines that nobody else offers
	sources := map[offer]*dataset.Source{}
	for i := range before {
		s := &before[i]
		for _, source := range sourcesOf(s) {
			sources[offer{s.Label, source.URL}] = source
		}
		if kept, others := withoutOffers(*s, mine); others {
			rest = append(rest, kept)
		} else {
			bare[s.FileName] = s
		}
	}
	added := make([]dataset.Sample, 0, len(list))
	for _, u := range list {
		if u.Sample == nil {
			continue
		}
		s := u.sample()
		if old, ok := sources[u.offer]; ok {
			s.Source.Extra, s.Source.FetchedAt = old.Extra, old.FetchedAt
		}
		if line, ok := bare[s.FileName]; ok {
			source := s.Source
			s = *line
			s.Original, s.Source, s.Copies = "", source, nil
			delete(bare, s.FileName)
		}
		added = append(added, s)
	}
	return store.Merge(rest, added)
}

// withoutOffers returns a sample without some of its offers, and tells whether
// it has others. The first of those becomes the line's own.
func withoutOffers(s dataset.Sample, mine map[offer]bool) (dataset.Sample, bool) {
	own := dataset.Origin{Original: s.Original, Split: s.Split, Source: s.Source}
	others := slices.DeleteFunc(append([]dataset.Origin{own}, s.Copies...),
		func(o dataset.Origin) bool { return o.Source != nil && mine[offer{s.Label, o.Source.URL}] })
	if len(others) == 0 {
		return s, false
	}
	s.Original, s.Source, s.Copies = others[0].Original, others[0].Source, nil
	if len(others) > 1 {
		s.Copies = others[1:]
	}
	return s, true
}

// mergeRefused replaces what earlier runs refused of these offers.
func mergeRefused(before []dataset.Sample, list []outcome, mine map[offer]bool) []dataset.Sample {
	merged := map[string]dataset.Sample{}
	for _, s := range before {
		if s.Source == nil || !mine[offer{s.Label, s.Source.URL}] {
			merged[s.FileName] = s
		}
	}
	for _, u := range list {
		if u.Reason != nil {
			s := u.sample()
			merged[s.FileName] = s
		}
	}
	samples := slices.Collect(maps.Values(merged))
	dataset.Sort(samples)
	return samples
}
