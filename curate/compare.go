package curate

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/dataset"
)

// compareBytes finds files of the same bytes: within a class the first stays,
// across classes all go. Those that a person refused count for nothing, so
// that refusing the wrong one of two settles a conflict.
func compareBytes(items []*item, o Options) {
	same := map[digest][]*item{}
	for _, it := range items {
		if it.decision != dataset.Refuse && it.digest != (digest{}) {
			same[it.digest] = append(same[it.digest], it)
		}
	}
	for _, it := range items {
		if it.decision == dataset.Refuse {
			continue
		}
		var first, foreign *item
		for _, other := range same[it.digest] {
			isForeign := other.sample.Label != it.sample.Label
			if !isForeign && first == nil {
				first = other
			}
			if isForeign && foreign == nil {
				foreign = other
			}
		}
		if first != nil && first != it {
			it.reject(dataset.Reason{Name: Duplicate, Of: first.sample.FileName})
			it.fit = false
		}
		if foreign != nil && o.makes(Conflict) {
			it.reject(dataset.Reason{Name: Conflict, Of: foreign.sample.FileName,
				Detail: "the same bytes are in class " + foreign.sample.Label})
		}
	}
}

// compareClasses finds fit images that are near one of another class. It
// compares each with all others; the items come sorted by label.
func compareClasses(ctx context.Context, items []*item, m *matcher, o Options) error {
	all := &gallery{}
	for _, it := range items {
		if it.fit && it.decision != dataset.Refuse {
			all.add(it)
		}
	}
	all.index = newIndex(all.hashes, m.distance)
	found := make([]match, len(all.items))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	for lo, hi := range runs(all.items) {
		const chunk = 64 // enough work for a goroutine
		for from := lo; from < hi; from += chunk {
			group.Go(func() error {
				for i := from; i < min(from+chunk, hi); i++ {
					near, err := m.first(ctx, all.items[i], all, part{0, lo}, part{hi, len(all.items)})
					if err != nil {
						return err
					}
					found[i] = near
				}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, near := range found {
		it := all.items[i]
		if near.item == nil || hasReason(it, Conflict) {
			continue
		}
		reason := measured(Conflict, near.correlation, o.NearCorrelation)
		reason.Of = near.item.sample.FileName
		reason.Detail = "the same picture is in class " + near.item.sample.Label
		it.reject(reason)
	}
	return nil
}

// runs yields the parts of sorted items that have one label.
func runs(items []*item) func(yield func(lo, hi int) bool) {
	return func(yield func(lo, hi int) bool) {
		for lo := 0; lo < len(items); {
			hi := lo + 1
			for hi < len(items) && items[hi].sample.Label == items[lo].sample.Label {
				hi++
			}
			if !yield(lo, hi) {
				return
			}
			lo = hi
		}
	}
}

func hasReason(it *item, name string) bool {
	return slices.ContainsFunc(it.reasons, func(r dataset.Reason) bool { return r.Name == name })
}

// compareWithin finds near duplicates within each class.
func compareWithin(ctx context.Context, items []*item, m *matcher, o Options) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	for lo, hi := range runs(items) {
		group.Go(func() error {
			class := slices.SortedFunc(slices.Values(items[lo:hi]), larger)
			if o.NearDuplicates == GroupNear {
				return groupNear(ctx, class, m)
			}
			return rejectNear(ctx, class, m, o)
		})
	}
	return group.Wait()
}

// rejectNear keeps the largest image of each star of near ones. An image near
// to a reject alone stays: a cluster is a star around an image that is kept,
// never a chain. Images that other checks rejected are compared as well, but
// nothing is rejected for being near them.
func rejectNear(ctx context.Context, class []*item, m *matcher, o Options) error {
	kept := &gallery{}
	var others []*item
	for _, it := range class {
		if !it.compares() {
			others = append(others, it)
			continue
		}
		near, err := m.first(ctx, it, kept, kept.all())
		if err != nil {
			return err
		}
		if near.item != nil {
			it.reject(nearReason(near, o))
		}
		if it.isKept() {
			kept.add(it)
		}
	}
	for _, it := range others {
		if it.features.problem != "" || hasReason(it, Duplicate) {
			continue
		}
		near, err := m.first(ctx, it, kept, kept.all())
		if err != nil {
			return err
		}
		if near.item != nil {
			it.reject(nearReason(near, o))
		}
	}
	return nil
}

func nearReason(near match, o Options) dataset.Reason {
	reason := measured(NearDuplicate, near.correlation, o.NearCorrelation)
	reason.Of = near.item.sample.FileName
	return reason
}
