package transcode

import "math/bits"

// A token is what an entropy coder writes: a symbol of one of four tables,
// then up to 15 bits as they are. From the low end: 16 bits of value, 4 of
// their number, 8 of symbol, 2 of table. The token restart stands for a
// restart marker.
type token uint32

const restart token = 1 << 31

func newToken(table, symbol int, value uint32, n int) token {
	return token(value | uint32(n)<<16 | uint32(symbol)<<20 | uint32(table)<<28)
}

func (t token) value() uint32 { return uint32(t) & 0xffff }
func (t token) bits() int     { return int(t >> 16 & 15) }
func (t token) symbol() uint8 { return uint8(t >> 20) }
func (t token) table() int    { return int(t >> 28 & 3) }

// magnitude returns the category of a value and the bits that tell it within
// its category (section F.1.2.1).
func magnitude(v int) (bits uint32, category int) {
	if v < 0 {
		category = bitsOf(-v)
		return uint32(v-1) & (1<<category - 1), category
	}
	return uint32(v), bitsOf(v)
}

func bitsOf(v int) int { return bits.Len(uint(v)) }

// count adds up how often each symbol of each table comes.
func count(tokens []token) (counts [4][256]uint32) {
	for _, t := range tokens {
		if t != restart {
			counts[t.table()][t.symbol()]++
		}
	}
	return counts
}

// appendTokens appends the entropy-coded data of tokens, with restart markers,
// and to lengths the bytes of each interval without its marker.
func appendTokens(
	dst []byte, tokens []token, tables *[4]table, lengths []int,
) ([]byte, []int) {
	var acc uint64 // the low n bits are to be written
	n, start, marker := 0, len(dst), byte(0)
	for _, t := range tokens {
		if t == restart {
			dst = pad(dst, acc, n)
			lengths = append(lengths, len(dst)-start)
			dst = append(dst, 0xff, markerRST0+marker)
			marker = (marker + 1) & 7
			acc, n, start = 0, 0, len(dst)
			continue
		}
		table, symbol, extra := &tables[t.table()], t.symbol(), t.bits()
		length := int(table.length[symbol])
		acc = acc<<length | uint64(table.code[symbol])
		acc = acc<<extra | uint64(t.value())
		n += length + extra
		if n >= 32 {
			n -= 32
			dst = appendStuffed(dst, uint32(acc>>n))
		}
	}
	dst = pad(dst, acc, n)
	return dst, append(lengths, len(dst)-start)
}

// appendStuffed appends four bytes, each 0xff followed by a 0 (section
// F.1.2.3).
func appendStuffed(dst []byte, word uint32) []byte {
	// A byte of ones makes the sum of its complement and 1 carry over.
	if (^word-0x01010101)&word&0x80808080 == 0 {
		return append(dst, byte(word>>24), byte(word>>16), byte(word>>8), byte(word))
	}
	for shift := 24; shift >= 0; shift -= 8 {
		b := byte(word >> shift)
		dst = append(dst, b)
		if b == 0xff {
			dst = append(dst, 0)
		}
	}
	return dst
}

// pad appends the last n bits, filled up to whole bytes with ones.
func pad(dst []byte, acc uint64, n int) []byte {
	for fill := (8 - n%8) % 8; n > 0; {
		if fill > 0 {
			acc = acc<<fill | (1<<fill - 1)
			n, fill = n+fill, 0
		}
		n -= 8
		b := byte(acc >> n)
		dst = append(dst, b)
		if b == 0xff {
			dst = append(dst, 0)
		}
	}
	return dst
}
