package entropy

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// specs are tables of several shapes: with long codes, with few, with codes
// for everything.
func specs() (dc, ac [][]byte) {
	spec := func(counts []byte, values ...byte) []byte {
		return append(append(counts, make([]byte, 16-len(counts))...), values...)
	}
	every := make([]byte, 0, 256)
	for i := range 256 {
		every = append(every, byte(i*37))
	}
	small := []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	dc = [][]byte{
		spec([]byte{0, 1, 5, 1, 1, 1, 1, 1, 1}, small...),
		spec([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12}, small...),
		spec([]byte{2}, 0, 3),
		spec([]byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, small...),
	}
	ac = [][]byte{
		spec([]byte{0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125}, every[:162]...),
		spec([]byte{0, 0, 0, 0, 0, 0, 0, 255, 1}, every...),
		spec([]byte{0, 2, 1, 1, 1, 1}, 0x01, 0x00, 0x11, 0xf0, 0x51, 0xf1),
		spec([]byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
			0x01, 0x02, 0x00, 0x11, 0x03, 0x21, 0xf0, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x31, 0xf2, 0x0f, 0x10),
		spec([]byte{2}, 0xf0, 0x01),
	}
	return dc, ac
}

// noise is data for a scan, mostly without a marker.
func noise(r *rand.Rand, n int) []byte {
	data := make([]byte, 0, 2*n)
	for range n {
		b := byte(r.Uint32())
		if r.IntN(4) == 0 {
			b = 0xff >> r.IntN(8)
		}
		if data = append(data, b); b == 0xff && r.IntN(1000) > 0 {
			data = append(data, 0)
		}
	}
	return data
}

// result is all that reading leaves.
type result struct {
	blocks  []int16
	last    [4]int16
	damaged bool
	done    []int
	beyond  int
}

// Whatever the data are, both ways to read MCUs leave the same.
func TestVariantsReadTheSame(t *testing.T) {
	if !useFast {
		t.Skip("there is one variant here")
	}
	dc, ac := specs()
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 600 {
		data := noise(random, 1+random.IntN([]int{8, 300, 5000, 40000}[i%4]))
		seed := random.Uint64()
		fast := readAll(t, (*Reader).readFast, data, seed, dc, ac)
		generic := readAll(t, (*Reader).readGeneric, data, seed, dc, ac)
		if !slices.Equal(fast.done, generic.done) || fast.beyond != generic.beyond ||
			fast.last != generic.last || fast.damaged != generic.damaged {
			t.Fatalf("data %d: fast read %d MCUs, generic %d; last %v and %v; beyond %d and %d",
				i, fast.done, generic.done, fast.last, generic.last, fast.beyond, generic.beyond)
		}
		if !slices.Equal(fast.blocks, generic.blocks) {
			t.Fatalf("data %d: other coefficients", i)
		}
	}
}

// readAll reads runs of MCUs of random shapes.
func readAll(t *testing.T, read func(*Reader, *Run, int, int) int, data []byte, seed uint64,
	dc, ac [][]byte) result {
	random := rand.New(rand.NewPCG(seed, 5))
	var cache Cache
	var r Reader
	r.Start(data, 0)
	run := Run{Slots: make([]Slot, 1+random.IntN(MaxBlocks))}
	const most = 12 // MCUs in a row
	var blocks []int16
	for i := range run.Slots {
		dcTable, err := cache.DC(dc[random.IntN(len(dc))])
		if err != nil {
			t.Fatal(err)
		}
		acTable, err := cache.AC(ac[random.IntN(len(ac))])
		if err != nil {
			t.Fatal(err)
		}
		run.Slots[i] = Slot{DC: dcTable, AC: acTable, Component: i % 3, Keep: Keep(random.IntN(3)),
			Blocks: make([]int16, 128*most), Step: 64 + 64*random.IntN(2)}
	}
	var all result
	for range 400 {
		if r.Over() {
			break
		}
		first := random.IntN(most)
		all.done = append(all.done, read(&r, &run, first, 1+random.IntN(most-first)))
	}
	for i := range run.Slots {
		blocks = append(blocks, run.Slots[i].Blocks...)
	}
	all.blocks, all.last, all.damaged = blocks, run.Last, run.Damaged
	if r.final { // otherwise the window may end elsewhere
		all.beyond = r.beyond()
	}
	return all
}

func FuzzVariants(f *testing.F) {
	dc, ac := specs()
	random := rand.New(rand.NewPCG(3, 5))
	for seed := range uint64(8) {
		f.Add(noise(random, 300), seed)
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		if !useFast {
			return
		}
		fast := readAll(t, (*Reader).readFast, data, seed, dc, ac)
		generic := readAll(t, (*Reader).readGeneric, data, seed, dc, ac)
		if !reflect.DeepEqual(fast, generic) {
			t.Fatal("the variants differ")
		}
	})
}
