package curate

import (
	"context"
	"math/bits"
)

// A gallery is a list of images that others are compared with.
type gallery struct {
	items  []*item
	hashes []uint64 // of the items, side by side for speed
}

func (g *gallery) add(it *item) {
	g.items = append(g.items, it)
	g.hashes = append(g.hashes, it.features.look.hash)
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

// near visits the images of the gallery's part [lo, hi) that are near an item,
// in their order, until visit returns false. skip, where it is not nil, names
// images that need not be compared.
func (m *matcher) near(ctx context.Context, it *item, g *gallery, lo, hi int,
	skip func(*item) bool, visit func(match) (more bool)) error {
	own := &it.features.look
	if own.blank {
		return nil
	}
	for i, hash := range g.hashes[lo:hi] {
		if bits.OnesCount64(hash^own.hash) > m.distance {
			continue
		}
		other := g.items[lo+i]
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

// first returns the first image of the gallery's part that is near an item,
// or none.
func (m *matcher) first(ctx context.Context, it *item, g *gallery, lo, hi int) (match, error) {
	var found match
	err := m.near(ctx, it, g, lo, hi, nil, func(near match) bool {
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
