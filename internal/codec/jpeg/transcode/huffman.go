package transcode

import (
	"cmp"
	"slices"
)

// maxCodeBits is the length of the longest code (section C.2).
const maxCodeBits = 16

// A table is a Huffman table in the form in which files have it: how many
// codes there are of each length, and the symbols in the order of their codes.
type table struct {
	counts  [maxCodeBits + 1]int // by length; counts[0] is not used
	symbols []uint8
	code    [256]uint16
	length  [256]uint8 // 0 for symbols without a code
}

// A weight is how often a symbol comes; symbol 256 stands for the code of all
// ones, which must stay free.
type weight struct {
	count  uint32
	symbol int
}

// build makes the table of least total length for symbols that come counts
// times, by the procedure of section K.2. No symbol need come at all.
func (t *table) build(counts *[256]uint32) {
	var buf [257]weight
	weights := append(buf[:0], weight{1, 256})
	for symbol, n := range counts {
		if n > 0 {
			weights = append(weights, weight{n, symbol})
		}
	}
	// The free code must be the longest, so 256 comes first among the rarest.
	slices.SortFunc(weights, func(a, b weight) int {
		return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(b.symbol, a.symbol))
	})
	t.counts = limited(lengths(weights))
	t.symbols = t.symbols[:0]
	for _, w := range slices.Backward(weights) { // the most frequent have the shortest codes
		if w.symbol < 256 {
			t.symbols = append(t.symbols, uint8(w.symbol))
		}
	}
	t.assign()
}

// lengths returns how many codes of each length Huffman's procedure gives for
// weights in rising order. The lengths may be up to 256.
func lengths(weights []weight) (counts [257]int) {
	n := len(weights)
	if n == 1 {
		counts[1] = 1
		return counts
	}
	// Two queues: leaves in order, and inner nodes, which arise in order.
	var sums [257]uint64
	var parent [2 * 257]int // of leaves 0..n-1, then of inner nodes
	leaf, inner := 0, 0
	for made := range n - 1 {
		for range 2 {
			if leaf < n && (inner == made || uint64(weights[leaf].count) <= sums[inner]) {
				sums[made] += uint64(weights[leaf].count)
				parent[leaf] = made
				leaf++
			} else {
				sums[made] += sums[inner]
				parent[n+inner] = made
				inner++
			}
		}
	}
	var depth [257]int // of inner nodes; the last one is the root
	for i := n - 3; i >= 0; i-- {
		depth[i] = depth[parent[n+i]] + 1
	}
	for i := range n {
		counts[depth[parent[i]]+1]++
	}
	return counts
}

// limited shortens codes to 16 bits (figure K.3) and takes one of the
// longest away, which leaves the code of all ones free.
func limited(counts [257]int) (out [maxCodeBits + 1]int) {
	for i := len(counts) - 1; i > maxCodeBits; i-- {
		for counts[i] > 0 {
			j := i - 2
			for counts[j] == 0 {
				j--
			}
			counts[i] -= 2
			counts[i-1]++
			counts[j+1] += 2
			counts[j]--
		}
	}
	copy(out[:], counts[:])
	for i := maxCodeBits; i > 0; i-- {
		if out[i] > 0 {
			out[i]--
			break
		}
	}
	return out
}

// assign gives the symbols their codes (section C.2).
func (t *table) assign() {
	clear(t.length[:])
	code, k := 0, 0
	for length := 1; length <= maxCodeBits; length++ {
		for range t.counts[length] {
			t.code[t.symbols[k]], t.length[t.symbols[k]] = uint16(code), uint8(length)
			code++
			k++
		}
		code <<= 1
	}
}

// appendTo appends the table as a DHT segment has it (section B.2.4.2).
func (t *table) appendTo(dst []byte, class, id int) []byte {
	dst = append(dst, byte(class<<4|id))
	for _, n := range t.counts[1:] {
		dst = append(dst, byte(n))
	}
	return append(dst, t.symbols...)
}
