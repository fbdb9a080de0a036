package transcode

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTablesArePrefixCodesWithoutAllOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fibonacci := [256]uint32{0: 1, 1: 1} // gives the longest codes
	for i := 2; i < 45; i++ {
		fibonacci[i] = fibonacci[i-1] + fibonacci[i-2]
	}
	cases := [][256]uint32{{}, {7: 1}, {7: 1, 9: 5}, fibonacci}
	for range 20 {
		var counts [256]uint32
		for range 1 + r.IntN(256) {
			counts[r.IntN(256)] = r.Uint32() >> r.IntN(32)
		}
		cases = append(cases, counts)
	}
	var table table
	for k, counts := range cases {
		table.build(&counts)
		space, symbols := 0, 0
		for symbol, n := range counts {
			length := int(table.length[symbol])
			if (n > 0) != (length > 0) || length > maxCodeBits {
				t.Fatalf("case %d: symbol %d, %d times, has %d bits", k, symbol, n, length)
			}
			if n == 0 {
				continue
			}
			space += 1 << (maxCodeBits - length)
			symbols++
			if int(table.code[symbol]) == 1<<length-1 {
				t.Errorf("case %d: symbol %d has the code of all ones", k, symbol)
			}
			for other := range symbol {
				if counts[other] > n && table.length[other] > table.length[symbol] ||
					counts[other] > 0 && startsWith(&table, other, symbol) {
					t.Errorf("case %d: symbols %d and %d clash", k, other, symbol)
				}
			}
		}
		if space >= 1<<maxCodeBits || len(table.symbols) != symbols {
			t.Errorf("case %d: codes take %d of %d", k, space, 1<<maxCodeBits)
		}
	}
}

// startsWith tells whether one symbol's code starts with the other's.
func startsWith(t *table, a, b int) bool {
	if t.length[a] > t.length[b] {
		a, b = b, a
	}
	return t.code[b]>>(t.length[b]-t.length[a]) == t.code[a]
}

// The lengths are those of Huffman's own procedure, done the slow way.
func TestLengthsAreOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var weights []weight
		for i := range 2 + r.IntN(60) {
			weights = append(weights, weight{1 + r.Uint32N(1000), i})
		}
		slices.SortFunc(weights, func(a, b weight) int { return int(a.count) - int(b.count) })
		want, nodes := 0, []int{}
		for _, w := range weights {
			nodes = append(nodes, int(w.count))
		}
		for len(nodes) > 1 {
			slices.Sort(nodes)
			nodes = append(nodes[2:], nodes[0]+nodes[1])
			want += nodes[len(nodes)-1]
		}
		got, k := 0, len(weights)
		for length, n := range lengths(weights) {
			for range n {
				k--
				got += length * int(weights[k].count)
			}
		}
		if got != want || k != 0 {
			t.Errorf("%d weights: %d bits for %d, want %d", len(weights), got, len(weights)-k, want)
		}
	}
}
