package nn

import (
	"cmp"
	"slices"
)

// place gives the spans offsets in one arena such that those needed at one
// time do not overlap, and returns the arena's size in floats.
func (p *memoryPlan) place(batch int) int {
	spans := slices.Clone(p.spans)
	slices.SortStableFunc(spans, func(a, b *span) int { return cmp.Compare(b.size, a.size) })
	var placed []*span
	size := 0
	for _, s := range spans {
		var taken []*span // at the same time, by offset
		for _, other := range placed {
			if s.first <= other.last && other.first <= s.last {
				taken = append(taken, other)
			}
		}
		slices.SortFunc(taken, func(a, b *span) int { return cmp.Compare(a.offset, b.offset) })
		for _, other := range taken {
			if s.offset+s.floats(batch) <= other.offset {
				break
			}
			s.offset = max(s.offset, other.offset+other.floats(batch))
		}
		placed = append(placed, s)
		size = max(size, s.offset+s.floats(batch))
	}
	return size
}

// floats returns the span's length for a batch, in whole cache lines.
func (s *span) floats(batch int) int { return (batch*s.size + slack + 15) / 16 * 16 }
