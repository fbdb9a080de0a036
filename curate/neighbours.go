package curate

import (
	"context"
	"iter"
	"math/bits"
	"slices"
)

// A gallery is a list of images that others are compared with.
type gallery struct {
	items  []*item
	hashes []uint64 // of the items, side by side for speed
	index  *index   // of the hashes, or nil
}

func (g *gallery) add(it *item) {
	g.items = append(g.items, it)
	g.hashes = append(g.hashes, it.features.look.hash)
}

// A part of a gallery has the places from lo to below hi.
type part struct{ lo, hi int }

func (p part) has(i int) bool { return p.lo <= i && i < p.hi }

// all is the part that is the whole gallery.
func (g *gallery) all() part { return part{0, len(g.items)} }

// within yields the places in the parts, which come in order, of the hashes
// that differ from a hash in at most distance bits, in their order.
func (g *gallery) within(hash uint64, distance int, parts ...part) iter.Seq[int] {
	return func(yield func(int) bool) {
		if g.index != nil {
			if places, ok := g.index.find(hash); ok {
				for _, i := range places {
					in := func(p part) bool { return p.has(int(i)) }
					if slices.ContainsFunc(parts, in) && !yield(int(i)) {
						return
					}
				}
				return
			}
		}
		for _, p := range parts {
			for i, other := range g.hashes[p.lo:p.hi] {
				if bits.OnesCount64(hash^other) <= distance && !yield(p.lo+i) {
					return
				}
			}
		}
	}
}

// A matcher finds near images: the hash proposes, the sketch sorts out what
// the thumbnails could not confirm, and the thumbnails decide.
type matcher struct {
	cache       *cache
	distance    int
	correlation float64
	difference  float64
}

// A match is a near image and how well it correlates.
type match struct {
	item        *item
	correlation float64
}

// near visits the images in the gallery's parts that are near an item, in their
// order, until visit returns false. skip, where it is not nil, names images that
// need not be compared.
func (m *matcher) near(ctx context.Context, it *item, g *gallery, parts []part,
	skip func(*item) bool, visit func(match) (more bool)) error {
	own := &it.features.look
	if own.blank {
		return nil
	}
	for i := range g.within(own.hash, m.distance, parts...) {
		other := g.items[i]
		look := &other.features.look
		if look.blank || bound(own, look) < m.correlation || (skip != nil && skip(other)) {
			continue
		}
		c, near, err := m.verify(ctx, it, other)
		if err != nil {
			return err
		}
		if near && !visit(match{other, c}) {
			return nil
		}
	}
	return ctx.Err()
}

// first returns the first image in the gallery's parts that is near an item, or
// none.
func (m *matcher) first(ctx context.Context, it *item, g *gallery, parts ...part) (match, error) {
	var found match
	err := m.near(ctx, it, g, parts, nil, func(near match) bool {
		found = near
		return false
	})
	return found, err
}

// verify returns the correlation of two images' thumbnails, and whether they
// are near by it and by the block in which they differ most.
func (m *matcher) verify(ctx context.Context, a, b *item) (c float64, near bool, err error) {
	thumbA, err := m.cache.thumb(ctx, a.digest)
	if err != nil {
		return 0, false, err
	}
	thumbB, err := m.cache.thumb(ctx, b.digest)
	if err != nil {
		return 0, false, err
	}
	c = correlation(thumbA, thumbB)
	return c, c >= m.correlation && worstBlock(thumbA, thumbB) <= m.difference, nil
}
