package entropy

import "fmt"

const (
	// dcBits, lookBits, pairBits and skipBits are the numbers of bits that the
	// tables are indexed by. The last two differ: the assembly tells by them what
	// it is doing.
	dcBits   = 9
	lookBits = 10
	pairBits = 11
	skipBits = 13

	// endOfBlock is the advance of an entry that ends a block: behind any place.
	endOfBlock = 128
	// escape is the advance of an entry that does not say all.
	escape = 255
	// noCode is the length of bits that are no code.
	noCode = 17
)

// codes are the codes of a table, assigned as annex C says.
type codes struct {
	limit  [17]uint32 // behind the codes of each length, as 16 bits
	offset [17]int32  // of the codes of each length in values
	values [256]uint8
	spec   []byte // 16 counts and the values
}

// assign reads a specification and calls visit for each code.
func (c *codes) assign(spec []byte, visit func(code uint32, length int, symbol uint8)) error {
	c.spec = append(c.spec[:0], spec...)
	copy(c.values[:], spec[16:])
	code, at := uint32(0), 0
	for length := 1; length <= 16; length++ {
		n := int(spec[length-1])
		c.offset[length] = int32(at) - int32(code)
		if code+uint32(n) > 1<<length {
			c.spec = c.spec[:0]
			return fmt.Errorf("%w: it has too many codes of %d bits", ErrTable, length)
		}
		for i := range n {
			visit(code+uint32(i), length, c.values[at+i])
		}
		at += n
		code += uint32(n)
		c.limit[length] = code << (16 - length)
		code <<= 1
	}
	return nil
}

// symbol returns the symbol of the code that the 16 bits begin with, and its
// length.
func (c *codes) symbol(bits uint32) (symbol uint8, length uint) {
	for length = 1; length <= 16; length++ {
		if bits < c.limit[length] {
			return c.values[int32(bits>>(16-length))+c.offset[length]], length
		}
	}
	return 0, noCode
}

// A DC is a table for differences of DC coefficients.
type DC struct {
	// look has for the bits that come next in bits 0-7 the length of the code
	// and its value, in 8-15 that of the code alone, in 16-23 that of the value.
	// It is 0 where the code is longer than dcBits.
	look [1 << dcBits]uint32
	codes
}

// build makes the table of a specification.
func (t *DC) build(spec []byte) error {
	clear(t.look[:])
	bad := -1
	err := t.assign(spec, func(code uint32, length int, symbol uint8) {
		if symbol > 15 {
			bad = int(symbol)
		}
		if length <= dcBits {
			e := uint32(length) + uint32(symbol) | uint32(length)<<8 | uint32(symbol)<<16
			first := code << (dcBits - length)
			for i := range uint32(1) << (dcBits - length) {
				t.look[first+i] = e
			}
		}
	})
	if err == nil && bad >= 0 {
		t.spec = t.spec[:0]
		err = fmt.Errorf("%w: a table of DC coefficients has the symbol %d", ErrTable, bad)
	}
	return err
}

// An AC is a table for AC coefficients.
type AC struct {
	// pairs and skips serve sequential scans, made when they are first needed.
	pairs [1 << pairBits]pair
	skips [1 << skipBits]uint16
	codes
	look               [1 << lookBits]entry
	hasPairs, hasSkips bool
}

// An entry says what the next bits mean, a code with the bits of its value: in
// bits 0-7 how many they are, in 8-15 by how many places the block advances
// (the zeros before the value and itself), in 16-31 the value. It is 0 where
// they do not fit or mean a run of blocks.
type entry uint32

func (e entry) length() uint { return uint(e & 0xff) }
func (e entry) advance() int { return int(e >> 8 & 0xff) }
func (e entry) value() int16 { return int16(e >> 16) }

// build makes the table of a specification.
func (t *AC) build(spec []byte) error {
	clear(t.look[:])
	t.hasPairs, t.hasSkips = false, false
	return t.assign(spec, func(code uint32, length int, symbol uint8) {
		rest := lookBits - length - int(symbol&15)
		advance, ok := advanceOf(symbol)
		if rest < 0 || !ok {
			return
		}
		size := uint(symbol & 15)
		first := code << (lookBits - length)
		for bits := range uint32(1) << size {
			e := entry(uint32(length)+uint32(size)|uint32(advance)<<8) |
				entry(uint16(extend(uint64(bits), size)))<<16
			part := t.look[first+bits<<rest:][:1<<rest]
			for i := range part {
				part[i] = e
			}
		}
	})
}

// advanceOf returns by how many places a symbol advances; not ok are the
// symbols that end a run of blocks.
func advanceOf(symbol uint8) (advance int, ok bool) {
	switch {
	case symbol == 0:
		return endOfBlock, true
	case symbol&15 == 0 && symbol != 0xf0:
		return endOfBlock, false
	default:
		return int(symbol>>4) + 1, true
	}
}

// difference reads what a DC coefficient differs by from the one before, of
// the bits that count; valid tells bits that are a code.
func (r *Reader) difference(t *DC) (value int16, valid bool) {
	symbol, length := uint8(0), uint(0)
	if e := t.look[r.acc>>(64-dcBits)]; e != 0 {
		symbol, length = uint8(e>>16), uint(e>>8&0xff)
	} else {
		symbol, length = t.symbol(uint32(r.acc >> 48))
	}
	r.skip(length)
	if symbol > 0 {
		value = extend(r.bits(uint(symbol)), uint(symbol))
	}
	return value, length != noCode
}

// coefficient reads an AC coefficient, of the bits that count, and by how many
// places it advances. Symbols that end a run of blocks end one block; valid
// tells bits that are a code.
func (r *Reader) coefficient(t *AC) (value int16, advance int, valid bool) {
	if e := t.look[r.acc>>(64-lookBits)]; e != 0 {
		r.skip(e.length())
		return e.value(), e.advance(), true
	}
	symbol, length := t.symbol(uint32(r.acc >> 48))
	r.skip(length)
	advance, _ = advanceOf(symbol)
	if size := uint(symbol & 15); size > 0 {
		value = extend(r.bits(size), size)
	}
	return value, advance, length != noCode
}
