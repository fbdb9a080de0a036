package curate

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// An item is a sample under judgement.
type item struct {
	sample   *dataset.Sample
	digest   digest
	features *features      // from being measured to the verdict
	decision dataset.Action // or "" where nobody decided
	reasons  []dataset.Reason
	// fit images passed all checks of their own and are compared with others.
	fit bool
	// next leads to the item that stands for this one's group, see groupOf.
	next *item
}

// newItems returns an item for each collected sample, in their order. The items
// share the samples' memory.
func newItems(samples []dataset.Sample, decisions map[string]dataset.Decision) ([]*item, error) {
	items := make([]*item, len(samples))
	for i := range samples {
		s := &samples[i]
		it := &item{sample: s, decision: decisions[s.FileName].Action}
		if s.SHA256 != "" {
			sum, err := hex.DecodeString(s.SHA256)
			if err != nil || len(sum) != len(it.digest) {
				return nil, fmt.Errorf("%s: sha256 %q is not 64 hex digits", s.FileName, s.SHA256)
			}
			it.digest = digest(sum)
		}
		items[i] = it
	}
	return items, nil
}

// reject adds a reason.
func (it *item) reject(r dataset.Reason) { it.reasons = append(it.reasons, r) }

// isKept tells the verdict: a person's, else that of the checks.
func (it *item) isKept() bool {
	switch it.decision {
	case dataset.Keep:
		return true
	case dataset.Refuse:
		return false
	}
	return len(it.reasons) == 0
}

// compares tells whether the item takes part in the search for near images of
// its class, as one that others may be near to.
func (it *item) compares() bool {
	switch it.decision {
	case dataset.Keep:
		return it.fit
	case dataset.Refuse:
		return false
	}
	return it.fit && len(it.reasons) == 0
}

// larger orders images by how much they show: pixels, then bytes, then name.
func larger(a, b *item) int {
	return cmp.Or(
		-cmp.Compare(a.features.width*a.features.height, b.features.width*b.features.height),
		-cmp.Compare(a.sample.Bytes, b.sample.Bytes),
		cmp.Compare(a.sample.FileName, b.sample.FileName),
	)
}

// sortReasons puts the most telling reason first.
func sortReasons(reasons []dataset.Reason) {
	slices.SortStableFunc(reasons, func(a, b dataset.Reason) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
}

// judgeAlone makes the checks that need no other image.
func (it *item) judgeAlone(o Options) {
	f := it.features
	if f.problem == TooManyPixels || int64(f.width)*int64(f.height) > o.MaxPixels {
		it.reject(measured(TooManyPixels, float64(f.width)*float64(f.height), float64(o.MaxPixels)))
		return
	}
	if f.problem != "" {
		it.reject(dataset.Reason{Name: f.problem, Detail: f.detail})
		return
	}
	shorter, longer := min(f.width, f.height), max(f.width, f.height)
	q := f.quality
	for _, check := range []struct {
		name         string
		value, limit float64
		atLeast      bool
	}{
		{TooDark, q.bright, o.MinLuminance, true},
		{TooBright, q.dark, o.MaxLuminance, false},
		{NoContent, q.entropy, o.MinEntropy, true},
		{TooSmall, float64(shorter), float64(o.MinSide), true},
		{AspectRatio, float64(longer) / float64(shorter), o.MaxAspect, false},
		{Blurred, q.sharpness, o.MinSharpness, true},
	} {
		fails := check.value > check.limit
		if check.atLeast {
			fails = check.value < check.limit
		}
		if fails && o.makes(check.name) {
			it.reject(measured(check.name, check.value, check.limit))
		}
	}
	it.fit = len(it.reasons) == 0 || it.decision == dataset.Keep
}

func measured(name string, value, threshold float64) dataset.Reason {
	return dataset.Reason{Name: name, Value: &value, Threshold: &threshold}
}
