package curate

import (
	"context"
	"encoding/hex"
)

// groupOf returns the item that stands for the group of an item: a set that
// join made of several, or the item alone.
func groupOf(it *item) *item {
	for it.next != nil {
		if it.next.next != nil {
			it.next = it.next.next // halves the way for the next one who asks
		}
		it = it.next
	}
	return it
}

// join makes one group of those of two items.
func join(a, b *item) {
	if a, b = groupOf(a), groupOf(b); a != b {
		b.next = a
	}
}

// groupNear joins the near images of a class. Unlike a rejection, which costs
// an image, a group may be a chain: no two near images end in different ones.
func groupNear(ctx context.Context, class []*item, m *matcher) error {
	seen := &gallery{}
	for _, it := range class {
		if !it.compares() {
			continue
		}
		joined := func(other *item) bool { return groupOf(other) == groupOf(it) }
		err := m.near(ctx, it, seen, []part{seen.all()}, joined, func(near match) bool {
			join(near.item, it)
			return true
		})
		if err != nil {
			return err
		}
		seen.add(it)
	}
	return nil
}

// nameGroups writes the groups of near images into their samples. A group
// takes in those that the samples had before, and the least of their names;
// a new one is named after its first image.
func nameGroups(items []*item) {
	byName := map[string]*item{}
	for _, it := range items {
		if name := it.sample.Group; name != "" {
			if byName[name] == nil {
				byName[name] = it
			}
			join(byName[name], it)
		}
	}
	names, sizes := map[*item]string{}, map[*item]int{}
	for _, it := range items {
		group, name := groupOf(it), it.sample.Group
		sizes[group]++
		if name != "" && (names[group] == "" || name < names[group]) {
			names[group] = name
		}
	}
	for _, it := range items {
		group := groupOf(it)
		if names[group] == "" && sizes[group] > 1 {
			names[group] = "near-" + hex.EncodeToString(it.digest[:8])
		}
		it.sample.Group = names[group]
	}
}
