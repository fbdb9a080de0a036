package curate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// someHashes returns n hashes in families, whose members differ from the first
// in up to 30 bits.
func someHashes(rng *rand.Rand, n, families int) []uint64 {
	first := make([]uint64, families)
	for i := range first {
		first[i] = rng.Uint64()
	}
	hashes := make([]uint64, n)
	for i := range hashes {
		hashes[i] = first[rng.IntN(families)]
		for range rng.IntN(31) {
			hashes[i] ^= 1 << rng.IntN(64)
		}
	}
	return hashes
}

func TestIndexFindsWhatAScanFinds(t *testing.T) {
	rng := dataset.Key{Sample: "index"}.Rand("test")
	const n = 20_000
	for _, families := range []int{1, 100, n} {
		hashes := someHashes(rng, n, families)
		for _, distance := range []int{0, 3, 4, 10} {
			x := newIndex(hashes, distance)
			if x == nil {
				t.Fatalf("%d hashes have no index for distance %d", n, distance)
			}
			indexed, scanned := &gallery{hashes: hashes, index: x}, &gallery{hashes: hashes}
			answers, pairs := 0, 0
			for i := 0; i < n; i += 97 {
				if _, ok := x.find(hashes[i]); !ok {
					continue
				}
				answers++
				parts := []part{{0, i / 3}, {i / 2, n}}
				got := slices.Collect(indexed.within(hashes[i], distance, parts...))
				want := slices.Collect(scanned.within(hashes[i], distance, parts...))
				if !slices.Equal(got, want) {
					t.Fatalf("%d families, distance %d: places %v, want %v", families, distance, got, want)
				}
				pairs += len(want)
			}
			if families > 1 && (answers < n/97 || pairs < answers) {
				t.Errorf("%d families, distance %d: %d answers with %d pairs, which proves little",
					families, distance, answers, pairs)
			}
		}
	}
}

// Where all hashes are alike a scan is faster, and is made.
func TestIndexGivesUp(t *testing.T) {
	alike := make([]uint64, 10_000)
	g := &gallery{hashes: alike, index: newIndex(alike, 10)}
	if _, ok := g.index.find(0); ok {
		t.Error("the index lists all hashes")
	}
	n := 0
	for i := range g.within(0, 10, part{5, len(alike)}) {
		if i != n+5 {
			t.Fatalf("place %d follows %d", i, n+4)
		}
		n++
	}
	if n != len(alike)-5 {
		t.Errorf("%d places, want %d", n, len(alike)-5)
	}
	if newIndex(alike[:100], 10) != nil || newIndex(alike, 64) != nil {
		t.Error("there is an index where a scan is faster")
	}
}

func BenchmarkWithin(b *testing.B) {
	rng := dataset.Key{Sample: "index"}.Rand("test")
	for _, families := range []int{100, 100_000} {
		hashes := someHashes(rng, 100_000, families)
		for name, x := range map[string]*index{"scan": nil, "index": newIndex(hashes, 10)} {
			b.Run(fmt.Sprintf("%s/families=%d", name, families), func(b *testing.B) {
				g := &gallery{hashes: hashes, index: x}
				i := 0
				for b.Loop() {
					found := 0
					for range g.within(hashes[i%len(hashes)], 10, part{0, len(hashes)}) {
						found++
					}
					if found == 0 {
						b.Fatal("a hash is not found")
					}
					i++
				}
			})
		}
	}
}
