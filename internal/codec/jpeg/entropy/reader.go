package entropy

import (
	"bytes"
	"encoding/binary"
)

const (
	// windowBytes is how much of a scan is looked at at a time.
	windowBytes = 16 << 10
	// padBytes follow the window: more than an MCU takes, of 10 blocks with 64
	// codes of 16 bits with values of 16 bits, and what is read ahead.
	padBytes = MaxBlocks*64*4 + 64
)

// A Reader reads the entropy-coded data of a scan (section F.1.2.3): the bytes
// between two markers, with the zeros that are stuffed behind 0xff taken out.
// Behind their end it reads zeros. The zero value is ready for Start.
type Reader struct {
	bitState

	data  []byte
	next  int  // where in data the bytes begin that are not in window
	final bool // nothing follows the window: next is at a marker or the end
	end   int  // bytes in window
	// window has padBytes zeros behind its end where it is final.
	window window

	frame frame
}

type window [windowBytes + padBytes]byte

// A bitState is how far a window was read.
type bitState struct {
	acc  uint64 // the bits that come next, from the highest bit down
	have uint   // how many of acc count; those beyond are as in the data, too
	at   int    // where in the window the bytes begin that are not in acc
}

// Start begins to read data at a position: behind a scan header or behind a
// restart marker.
func (r *Reader) Start(data []byte, at int) {
	r.data, r.next, r.final = data, at, false
	r.bitState, r.end = bitState{}, 0
}

// Next returns a position in the data from which on a search finds the marker
// that ends what is being read.
func (r *Reader) Next() int { return r.next }

// Over tells whether all the data were read, or more.
func (r *Reader) Over() bool {
	r.ready()
	return r.final && r.beyond() >= 0
}

// Short tells whether more was read than there is.
func (r *Reader) Short() bool { return r.final && r.beyond() > 0 }

// Spare returns how many whole bytes were left unread before the marker at a
// position, not counting bytes that fill.
func (r *Reader) Spare(marker int) int {
	spare := max(-r.beyond(), 0) / 8
	if !r.final {
		spare += marker - r.next
	}
	return spare
}

// beyond returns how many bits were read beyond the window, negative where it
// still has some.
func (r *Reader) beyond() int { return 8*(r.at-r.end) - int(r.have) }

// ready sees to it that the window holds an MCU, or all that there is.
func (r *Reader) ready() {
	if r.at+padBytes > r.end && !r.final {
		r.slide()
	}
}

// slide moves the window on. The bytes that acc was filled from stay in it.
func (r *Reader) slide() {
	first := max(r.at-8, 0)
	r.end = copy(r.window[:], r.window[first:r.end])
	r.at -= first
	for r.end < windowBytes && !r.final {
		rest := r.data[r.next:min(len(r.data), r.next+windowBytes-r.end)]
		n := bytes.IndexByte(rest, 0xff)
		if n < 0 {
			n = len(rest)
			r.final = n == 0
		}
		r.end += copy(r.window[r.end:], rest[:n])
		r.next += n
		if n < len(rest) {
			r.unstuff()
		}
	}
	if r.final {
		clear(r.window[r.end : r.end+padBytes])
	}
}

// unstuff takes in what begins with 0xff at next: a byte of data where a zero
// follows, otherwise the end of the data.
func (r *Reader) unstuff() {
	p := r.next + 1
	for p < len(r.data) && r.data[p] == 0xff { // fill bytes
		p++
	}
	if p == len(r.data) || r.data[p] != 0 {
		r.final = true
		return
	}
	r.window[r.end] = 0xff
	r.end++
	r.next = p + 1
}

// fill makes at least 56 bits count.
func (s *bitState) fill(w *window) {
	s.acc |= binary.BigEndian.Uint64(w[s.at:]) >> (s.have & 63)
	s.at += int(63-s.have) >> 3
	s.have |= 56
}

// skip passes over n of the bits that count.
func (s *bitState) skip(n uint) {
	s.acc <<= n & 63
	s.have -= n
}

// bits returns the next n bits, 1 to 16 of them, of those that count.
func (s *bitState) bits(n uint) uint64 {
	v := s.acc >> (64 - n)
	s.skip(n)
	return v
}
