package jpeg

import (
	"bytes"
	"fmt"
	"math"
)

// lookBits is the number of bits that a table is indexed by.
const lookBits = 11

// endOfBlock is the advance of an entry that ends a block: behind any place.
const endOfBlock = 64

// An entry says what the next bits mean, a code with the bits of its value:
// in bits 0-7 how many they are, in 8-15 by how many places the block advances
// (the zeros before the value and itself), in 16-31 the value. It is 0 where
// they do not fit in lookBits or mean a run of blocks.
type entry uint32

func makeEntry(length, advance, value int) entry {
	return entry(uint32(uint16(int16(value)))<<16 | uint32(advance)<<8 | uint32(length))
}

func (e entry) length() uint { return uint(e & 0xff) }
func (e entry) advance() int { return int(e >> 8 & 0xff) }
func (e entry) value() int16 { return int16(e >> 16) }

// A huffman is a table made ready for decoding.
type huffman struct {
	look   [1 << lookBits]entry
	limit  [17]uint32 // behind the codes of each length, as 16 bits
	offset [17]int    // of the codes of each length in values
	values []byte
	spec   []byte // what it was made of
	used   int    // when, in the cache's count
}

// build makes the table of a specification: 16 counts and the values. Codes
// are assigned as annex C says.
func (h *huffman) build(class int, spec []byte) error {
	h.spec = append(h.spec[:0], spec...)
	h.values = h.spec[16:]
	clear(h.look[:])
	code, at := uint32(0), 0
	for length := 1; length <= 16; length++ {
		n := int(spec[length-1])
		h.offset[length] = at - int(code)
		for _, symbol := range h.values[at : at+n] {
			if class == classDC && symbol > 15 {
				return h.refuse("a DC table has symbol %d", int(symbol))
			}
			if code >= 1<<length {
				return h.refuse("a Huffman table has too many codes of %d bits", length)
			}
			if length <= lookBits {
				h.fill(class, code, length, symbol)
			}
			code++
		}
		at += n
		h.limit[length] = code << (16 - length)
		code <<= 1
	}
	return nil
}

func (h *huffman) refuse(format string, arg int) error {
	h.spec = h.spec[:0]
	return fmt.Errorf("%w: "+format, ErrDamaged, arg)
}

// fill sets the entries of a code.
func (h *huffman) fill(class int, code uint32, length int, symbol byte) {
	size, advance := int(symbol), 1
	if class == classAC {
		size, advance = int(symbol&15), int(symbol>>4)+1
		switch {
		case symbol == 0:
			advance = endOfBlock
		case size == 0 && symbol != 0xf0:
			return // a run of blocks
		}
	}
	rest := lookBits - length - size
	if rest < 0 {
		return
	}
	first := int(code) << (lookBits - length)
	for bits := range 1 << size {
		e := makeEntry(length+size, advance, int(extend(uint64(bits), uint(size))))
		part := h.look[first+bits<<rest:][:1<<rest]
		for i := range part {
			part[i] = e
		}
	}
}

// extend returns the value that size bits stand for, figure F.12.
func extend(bits uint64, size uint) int16 {
	if size > 0 && bits>>(size-1) == 0 {
		return int16(int64(bits) - 1<<size + 1)
	}
	return int16(bits)
}

// invalidLength is the length of bits that are no code: libjpeg, too, takes 17
// of them for the symbol 0.
const invalidLength = 17

// symbol returns the symbol of the code that the 16 bits begin with, and its
// length, invalidLength where they are no code.
func (h *huffman) symbol(bits uint32) (symbol byte, length uint) {
	for length = 1; length <= 16; length++ {
		if bits < h.limit[length] {
			return h.values[int(bits>>(16-length))+h.offset[length]], length
		}
	}
	return 0, invalidLength
}

// cachedTables is how many tables of a class are kept: the files of a data set
// have mostly the same, and progressive ones have one for each scan.
const cachedTables = 12

// A tableCache keeps tables made ready, by their specification.
type tableCache struct {
	tables [classes][]*huffman
	clock  int
}

// get returns the table of a specification.
func (c *tableCache) get(class int, spec []byte) (*huffman, error) {
	c.clock++
	oldest, when := 0, math.MaxInt
	for i, h := range c.tables[class] {
		if bytes.Equal(h.spec, spec) {
			h.used = c.clock
			return h, nil
		}
		if h.used < when {
			oldest, when = i, h.used
		}
	}
	if len(c.tables[class]) < cachedTables {
		oldest = len(c.tables[class])
		c.tables[class] = append(c.tables[class], &huffman{spec: make([]byte, 0, 16+256)})
	}
	h := c.tables[class][oldest]
	h.used = c.clock
	return h, h.build(class, spec)
}
