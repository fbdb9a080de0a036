package curate

import (
	"math/bits"
	"slices"
)

const (
	wordBits  = 16
	hashWords = 64 / wordBits
)

// An index finds the hashes that differ from one in few bits, without a look
// at all of them: of the four words of such a hash, at least one differs in no
// more than a quarter of the bits. After Norouzi, Punjani and Fleet, "Fast
// Search in Hamming Space with Multi-Index Hashing" (2012).
type index struct {
	hashes   []uint64
	distance int
	masks    []uint16 // of the bits in which a word may differ
	words    [hashWords]wordTable
}

// A wordTable lists the places of the hashes by one of their words: those of
// word w are places[starts[w]:starts[w+1]].
type wordTable struct {
	starts []int32
	places []int32
}

// newIndex returns the index of hashes for one distance, or nil where looking
// at them one by one costs no more.
func newIndex(hashes []uint64, distance int) *index {
	x := &index{hashes: hashes, distance: distance}
	for mask := range 1 << wordBits {
		if bits.OnesCount16(uint16(mask)) <= distance/hashWords {
			x.masks = append(x.masks, uint16(mask))
		}
	}
	if x.tooMany(hashWords * len(x.masks)) {
		return nil
	}
	for k := range x.words {
		x.words[k] = tableOf(hashes, k)
	}
	return x
}

// tooMany tells whether n steps at random places take longer than one at each
// hash in turn.
func (x *index) tooMany(n int) bool { return n > len(x.hashes)/8 }

func wordOf(hash uint64, k int) uint16 { return uint16(hash >> (k * wordBits)) }

// tableOf sorts the places of the hashes by their word k, by counting.
func tableOf(hashes []uint64, k int) wordTable {
	t := wordTable{make([]int32, 1<<wordBits+1), make([]int32, len(hashes))}
	for _, hash := range hashes {
		t.starts[int(wordOf(hash, k))+1]++
	}
	for w := range 1 << wordBits {
		t.starts[w+1] += t.starts[w]
	}
	next := slices.Clone(t.starts)
	for i, hash := range hashes {
		w := wordOf(hash, k)
		t.places[next[w]] = int32(i)
		next[w]++
	}
	return t
}

// find returns the places of the hashes that are within the distance of a hash,
// in their order. It gives up, with false, where so many have a word in common
// with it that looking at all is faster.
func (x *index) find(hash uint64) (places []int32, ok bool) {
	steps := 0
	for k := range x.words {
		t, word := &x.words[k], wordOf(hash, k)
		for _, mask := range x.masks {
			bucket := t.bucket(word ^ mask)
			if steps += len(bucket); x.tooMany(steps) {
				return nil, false
			}
			for _, i := range bucket {
				difference := hash ^ x.hashes[i]
				if bits.OnesCount64(difference) <= x.distance && !x.foundBefore(difference, k) {
					places = append(places, i)
				}
			}
		}
	}
	slices.Sort(places)
	return places, true
}

func (t *wordTable) bucket(word uint16) []int32 {
	return t.places[t.starts[word]:t.starts[int(word)+1]]
}

// foundBefore tells whether a hash with that difference has come up by a word
// before the k-th.
func (x *index) foundBefore(difference uint64, k int) bool {
	for earlier := range k {
		if bits.OnesCount16(wordOf(difference, earlier)) <= x.distance/hashWords {
			return true
		}
	}
	return false
}
