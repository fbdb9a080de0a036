package engine

import (
	"cmp"
	"slices"

	"github.com/dsbuild/dsbuild/train/engine/layer"
)

// orders are those in which spans may be placed. None is the best for every
// network (Pisarchyk and Lee, 2020, "Efficient Memory Management for Deep
// Neural Net Inference").
var orders = []func(a, b *span) int{
	func(a, b *span) int { return cmp.Compare(b.size, a.size) },
	func(a, b *span) int { return cmp.Compare(b.size*b.duration(), a.size*a.duration()) },
	func(a, b *span) int { return cmp.Compare(b.duration(), a.duration()) },
	func(a, b *span) int { return cmp.Compare(a.first, b.first) },
	func(a, b *span) int { return cmp.Compare(b.last, a.last) },
}

func (s *span) duration() int { return s.last - s.first + 1 }

// place gives the spans offsets in one arena such that those needed at one
// time do not overlap, and returns the arena's size in floats.
func (p *memoryPlan) place(batch int) int {
	best := slices.MinFunc(orders, func(a, b func(a, b *span) int) int {
		return cmp.Compare(p.placeBy(a, batch), p.placeBy(b, batch))
	})
	return p.placeBy(best, batch)
}

// placeBy places the spans one by one, each as low as it can be.
func (p *memoryPlan) placeBy(order func(a, b *span) int, batch int) (size int) {
	spans := slices.Clone(p.spans)
	slices.SortStableFunc(spans, order)
	for i, s := range spans {
		var taken []*span // at the same time, by offset
		for _, other := range spans[:i] {
			if s.first <= other.last && other.first <= s.last {
				taken = append(taken, other)
			}
		}
		slices.SortFunc(taken, func(a, b *span) int { return cmp.Compare(a.offset, b.offset) })
		s.offset = 0
		for _, other := range taken {
			if s.offset+s.floats(batch) <= other.offset {
				break
			}
			s.offset = max(s.offset, other.offset+other.floats(batch))
		}
		size = max(size, s.offset+s.floats(batch))
	}
	return size
}

// floats returns the span's length for a batch, in whole cache lines.
func (s *span) floats(batch int) int { return layer.Lines(batch * s.size) }
