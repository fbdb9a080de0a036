package parallel

import (
	"math"
	"slices"
	"sync"
	"testing"
)

func TestForVisitsEveryChunkOnce(t *testing.T) {
	for _, threads := range []int{0, 1, 2, 7} {
		for _, c := range []struct{ n, grain int }{{0, 4}, {1, 4}, {4, 4}, {9, 4}, {100, 1}, {5, 0},
			{9, math.MaxInt}} {
			var mu sync.Mutex
			var starts []int
			seen := make([]int, c.n)
			For(threads, c.n, c.grain, func(lo, hi int) {
				mu.Lock()
				defer mu.Unlock()
				starts = append(starts, lo)
				for i := lo; i < hi; i++ {
					seen[i]++
				}
			})
			if slices.ContainsFunc(seen, func(times int) bool { return times != 1 }) {
				t.Errorf("threads %d, n %d, grain %d: visits %v", threads, c.n, c.grain, seen)
			}
			slices.Sort(starts)
			for i, lo := range starts {
				if lo != i*max(c.grain, 1) {
					t.Errorf("threads %d, n %d, grain %d: chunks start at %v", threads, c.n, c.grain, starts)
					break
				}
			}
		}
	}
}
