package store

import (
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// Merge returns the samples of a manifest after others were collected, sorted.
// Where an added sample has the file_name of one before it, the bytes are the
// same: the first keeps the line, and the later becomes one of its Copies
// unless that offer is known already. The line keeps the split furthest from
// training, so that a picture offered in both train and test stays out of
// training. Neither argument is changed.
func Merge(existing, added []dataset.Sample) []dataset.Sample {
	merged := make([]dataset.Sample, 0, len(existing)+len(added))
	at := make(map[string]int, len(existing)+len(added))
	for _, s := range existing {
		at[s.FileName] = len(merged)
		merged = append(merged, s)
	}
	for _, s := range added {
		if first, known := at[s.FileName]; known {
			merged[first] = addOrigins(merged[first], s)
			continue
		}
		at[s.FileName] = len(merged)
		merged = append(merged, s)
	}
	dataset.Sort(merged)
	return merged
}

// addOrigins adds to s the offers of copy that it does not have yet.
func addOrigins(s, copy dataset.Sample) dataset.Sample {
	s.Copies = slices.Clone(s.Copies)
	for _, origin := range append([]dataset.Origin{originOf(copy)}, copy.Copies...) {
		known := slices.ContainsFunc(append(s.Copies, originOf(s)), func(o dataset.Origin) bool {
			return sameOffer(o, origin)
		})
		if !known {
			s.Copies = append(s.Copies, origin)
		}
	}
	for _, o := range append(s.Copies, originOf(copy)) {
		if heldOut(o.Split) > heldOut(s.Split) {
			s.Split = o.Split
		}
	}
	return s
}

func originOf(s dataset.Sample) dataset.Origin {
	return dataset.Origin{Original: s.Original, Split: s.Split, Source: s.Source}
}

// sameOffer tells whether two origins are one: the same file of an archive or
// the same URL.
func sameOffer(a, b dataset.Origin) bool {
	if a.Source != nil && b.Source != nil {
		return a.Source.URL == b.Source.URL
	}
	return a.Source == nil && b.Source == nil && a.Original == b.Original
}

// heldOut ranks splits by how far they are from training.
func heldOut(s dataset.Split) int {
	return slices.Index([]dataset.Split{"", dataset.Train, dataset.Val, dataset.Test}, s)
}
