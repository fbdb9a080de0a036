package jpeg

import (
	"bytes"
	"encoding/binary"
)

const (
	// windowBytes is how much of a scan is looked at at a time.
	windowBytes = 16 << 10
	// padBytes follow the window: more than an MCU takes, of 10 blocks with 64
	// codes of 16 bits with values of 16 bits, and what is read ahead.
	padBytes = maxBlocksInMCU*64*4 + 64
)

// A bitReader reads the entropy-coded data of a scan (section F.1.2.3): the
// bytes between two markers, with the zeros that are stuffed behind 0xff taken
// out. Behind their end it reads zeros.
type bitReader struct {
	acc  uint64 // the bits that come next, from the highest bit down
	have uint   // how many of acc count; those beyond are as in the data, too
	at   int    // where in window the bytes begin that are not in acc

	data  []byte
	next  int  // where in data the bytes begin that are not in window
	final bool // nothing follows the window: next is at a marker or the end
	end   int  // bytes in window
	// window has zeros behind its end where it is final.
	window [windowBytes + padBytes]byte
}

// start begins to read data at a position behind a marker segment.
func (b *bitReader) start(data []byte, at int) {
	b.data, b.next = data, at
	b.restart(at)
}

// restart goes on at another position.
func (b *bitReader) restart(at int) {
	b.next, b.final = at, false
	b.acc, b.have, b.at, b.end = 0, 0, 0, 0
}

// ready sees to it that the window holds an MCU, or all that there is.
func (b *bitReader) ready() {
	if b.at+padBytes > b.end && !b.final {
		b.slide()
	}
}

// slide moves the window on.
func (b *bitReader) slide() {
	b.end = copy(b.window[:], b.window[b.at:b.end])
	b.at = 0
	for b.end < windowBytes && !b.final {
		rest := b.data[b.next:min(len(b.data), b.next+windowBytes-b.end)]
		n := bytes.IndexByte(rest, 0xff)
		if n < 0 {
			n = len(rest)
			b.final = n == 0
		}
		b.end += copy(b.window[b.end:], rest[:n])
		b.next += n
		if n < len(rest) {
			b.unstuff()
		}
	}
	if b.final {
		clear(b.window[b.end:])
	}
}

// unstuff takes in what begins with 0xff at next: a byte of data where a zero
// follows, otherwise the end of the data.
func (b *bitReader) unstuff() {
	p := b.next + 1
	for p < len(b.data) && b.data[p] == 0xff { // fill bytes
		p++
	}
	if p == len(b.data) || b.data[p] != 0 {
		b.final = true
		return
	}
	b.window[b.end] = 0xff
	b.end++
	b.next = p + 1
}

// fill makes at least 56 bits count.
func (b *bitReader) fill() {
	b.acc |= binary.BigEndian.Uint64(b.window[b.at:]) >> b.have
	b.at += int(63-b.have) >> 3
	b.have |= 56
}

// skip passes over n of the bits that count.
func (b *bitReader) skip(n uint) {
	b.acc <<= n & 63
	b.have -= n
}

// read returns the next n bits, 1 to 16 of them, of those that count.
func (b *bitReader) read(n uint) uint64 {
	v := b.acc >> (64 - n)
	b.skip(n)
	return v
}

// spent returns how many bits were read beyond the end of the data, negative
// where data are left.
func (b *bitReader) spent() int { return 8*(b.at-b.end) - int(b.have) }
