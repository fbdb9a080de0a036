package entropy

// A pair says what the next bits mean, as one or two coefficients: in bits 0-7
// how many they are, in 8-15 by how many places the first advances, in 16-23
// by how many both do, in 24-31 how many bits the first has, in 32-47 the
// first value and in 48-63 the second. Where it is of one coefficient both
// advances are the same.
//
// The advance is escape where the first code with its value is longer than
// pairBits. Then bits 24-31 hold the length of the code alone and 32-39 the
// symbol, but 0 where the code alone is too long.
type pair uint64

func makePair(length, firstAdvance, advance, firstLength, first, second int) pair {
	return pair(length) | pair(firstAdvance)<<8 | pair(advance)<<16 | pair(firstLength)<<24 |
		pair(uint16(first))<<32 | pair(uint16(second))<<48
}

func (p pair) advance() int     { return int(p >> 16 & 0xff) }
func (p pair) firstLength() int { return int(p >> 24 & 0xff) }
func (p pair) firstValue() int  { return int(int16(p >> 32)) }

// preparePairs makes t.pairs.
func (t *AC) preparePairs() {
	if t.hasPairs {
		return
	}
	t.hasPairs = true
	t.singles()
	// The second coefficient is the first of the entry of the bits that follow:
	// that entry may have been joined already.
	for i := range t.pairs {
		p := t.pairs[i]
		if p.advance() >= endOfBlock {
			continue
		}
		q := t.pairs[i<<p.firstLength()&(1<<pairBits-1)]
		if q.advance() == escape || p.firstLength()+q.firstLength() > pairBits {
			continue
		}
		firstOfSecond := int(q >> 8 & 0xff)
		advance := p.advance()
		t.pairs[i] = makePair(p.firstLength()+q.firstLength(), advance, advance+firstOfSecond,
			p.firstLength(), p.firstValue(), q.firstValue())
	}
}

// singles fills t.pairs with entries of one coefficient.
func (t *AC) singles() {
	for i := range t.pairs {
		t.pairs[i] = makePair(0, escape, escape, 0, 0, 0)
	}
	code, at := 0, 0
	for length := 1; length <= pairBits; length++ {
		for _, symbol := range t.values[at : at+int(t.spec[length-1])] {
			t.fillSingle(code, length, symbol)
			code++
			at++
		}
		code <<= 1
	}
}

// fillSingle sets the entries of a code.
func (t *AC) fillSingle(code, length int, symbol uint8) {
	first := code << (pairBits - length)
	size := int(symbol & 15)
	rest := pairBits - length - size
	if rest < 0 {
		p := makePair(0, escape, escape, length, int(symbol), 0)
		for i := range 1 << (pairBits - length) {
			t.pairs[first+i] = p
		}
		return
	}
	advance, _ := advanceOf(symbol)
	for bits := range 1 << size {
		value := int(extend(uint64(bits), uint(size)))
		p := makePair(length+size, advance, advance, length+size, value, 0)
		part := t.pairs[first+bits<<rest:][:1<<rest]
		for i := range part {
			part[i] = p
		}
	}
}

// prepareSkips makes t.skips: for the bits that come next in bits 0-7 how many
// of them are whole coefficients, as many as fit up to the end of the block,
// and in 8-15 by how many places these advance: by no more than 64 before the
// end, so that a place behind the block is never taken for it.
func (t *AC) prepareSkips() {
	if t.hasSkips {
		return
	}
	t.hasSkips = true
	t.preparePairs()
	for i := range t.skips {
		length, advance := 0, 0
		for length < skipBits && advance < endOfBlock {
			p := t.pairs[i<<length&(1<<skipBits-1)>>(skipBits-pairBits)]
			n, by := p.firstLength(), int(p>>8&0xff)
			if p.advance() == escape {
				n, by = t.long(uint32(i<<length&(1<<skipBits-1))<<(16-skipBits), p)
			}
			if n > skipBits-length || by < endOfBlock && advance+by > 64 {
				break
			}
			length, advance = length+n, advance+by
		}
		if length == 0 {
			advance = escape
		}
		t.skips[i] = uint16(length | advance<<8)
	}
}

// long returns the length of the code with its value that the 16 bits begin
// with, and its advance, where a pair does not say it.
func (t *AC) long(bits uint32, p pair) (length, advance int) {
	symbol, n := uint8(p.firstValue()), uint(p.firstLength())
	if n == 0 {
		symbol, n = t.symbol(bits)
	}
	advance, _ = advanceOf(symbol)
	return int(n) + int(symbol&15), advance
}
