package split

import (
	"cmp"
	"math"
)

// quotaSlack absorbs the rounding of products such as 0.29 * 100.
const quotaSlack = 1e-9

// A quota is how many images of a class each split is to get, train first.
type quota [3]int

// rangeOf returns the counts that are within one image of a share of n. A
// split with a share gets one image at least.
func rangeOf(n int, share float64) (least, most int) {
	if share == 0 {
		return 0, 0
	}
	exact := float64(n) * share
	return max(1, int(math.Ceil(exact-1-quotaSlack))), int(math.Floor(exact + 1 + quotaSlack))
}

// quotaFor returns the counts for a class of n images, or false where the class
// is too small. Of all within one image of the shares it takes those that
//
//   - move the fewest of the images that are kept where they were,
//   - lie nearest to the shares by the sum of squares, which is what giving the
//     rest to the largest remainders comes to,
//   - and leave the totals over all classes nearest to theirs, where behind is
//     how far the classes before this one left them short.
func quotaFor(n int, shares [3]float64, kept quota, behind [3]float64) (quota, bool) {
	if n == 0 {
		return quota{}, true
	}
	var best quota
	var bestCost [3]float64
	found := false
	trainLeast, trainMost := rangeOf(n, shares[0])
	valLeast, valMost := rangeOf(n, shares[1])
	testLeast, testMost := rangeOf(n, shares[2])
	for train := trainLeast; train <= trainMost; train++ {
		for val := valLeast; val <= valMost; val++ {
			q := quota{train, val, n - train - val}
			if q[2] < testLeast || q[2] > testMost {
				continue
			}
			cost := q.cost(n, shares, kept, behind)
			if !found || compareCosts(cost, bestCost) < 0 {
				best, bestCost, found = q, cost, true
			}
		}
	}
	return best, found
}

// cost returns what quotaFor minimises, the weightiest first.
func (q quota) cost(n int, shares [3]float64, kept quota, behind [3]float64) [3]float64 {
	var moves, distance, total float64
	for i, share := range shares {
		off := float64(n)*share - float64(q[i])
		moves += float64(max(0, kept[i]-q[i]))
		distance += off * off
		total += (behind[i] + off) * (behind[i] + off)
	}
	return [3]float64{moves, distance, total}
}

func compareCosts(a, b [3]float64) int {
	for i := range a {
		if math.Abs(a[i]-b[i]) > quotaSlack {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// leastImages returns the size from which on a class of more than n images is
// large enough for the shares.
func leastImages(n int, shares [3]float64) int {
	for {
		n++
		if _, ok := quotaFor(n, shares, quota{}, [3]float64{}); ok {
			return n
		}
	}
}
