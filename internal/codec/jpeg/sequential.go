package jpeg

import "fmt"

// readRow reads a row of MCUs of a sequential scan: those from left to right
// into the components' coefs, the others only as far as it takes to find them.
func (d *Decoder) readRow(y, left, right int) error {
	s, r := &d.scan, &d.intervals
	left, right = min(left, s.wide), min(right, s.wide)
	for x := 0; x < s.wide; {
		if r.left == 0 {
			if err := d.nextInterval(); err != nil {
				return err
			}
		}
		end := s.wide
		if x < left {
			end = left
		} else if x < right {
			end = right
		}
		if r.left > 0 {
			end = min(end, x+r.left)
			r.left -= end - x
		}
		n := end - x
		if kept := x >= left && x < right; !r.lost {
			done := d.readMCUs(x, y, n, kept)
			if done < n || d.bits.spent() > 0 {
				r.lost = true
				if err := d.hurt(d.ended()); err != nil {
					return err
				}
			}
			n -= done
		}
		if y >= d.layout.top {
			d.report.Missing += n * s.blocks
		}
		x = end
	}
	return nil
}

// ended is the error of coded data that end before the scan does.
func (d *Decoder) ended() error {
	if d.bits.next >= len(d.data) {
		return ErrTruncated
	}
	return fmt.Errorf("%w: too few data before the marker at byte %d", ErrDamaged, d.bits.next)
}

// readMCUs reads n MCUs from column x of row y on and returns how many of them
// have begun before the data ended.
func (d *Decoder) readMCUs(x, y, n int, kept bool) (done int) {
	s, b := &d.scan, &d.bits
	for i := range n {
		b.ready()
		if b.final && b.spent() >= 0 {
			return i
		}
		for k := range s.slots[:s.blocks] {
			slot := &s.slots[k]
			d.readBlock(slot.index, &d.discard)
			if c := s.components[slot.index]; kept {
				h, v := s.mcu(c)
				at := ((y*v+slot.down-c.top)*(c.right-c.left) + (x+i)*h + slot.across - c.left) * 64
				if c.size == 1 {
					c.coefs[at] = d.discard[0]
				} else {
					copy(c.coefs[at:], d.discard[:])
				}
			}
			d.discard = [64]int16{}
		}
	}
	return n
}

// readBlock reads a block of the component of the scan, sections F.2.2.1 and
// F.2.2.2.
func (d *Decoder) readBlock(index int, block *[64]int16) {
	s, b := &d.scan, &d.bits
	b.fill()
	d.last[index] += b.difference(s.dc[index])
	for place := 1; place < 64; {
		b.fill()
		value, advance := b.coefficient(s.ac[index])
		place += advance
		if place <= 64 {
			block[natural[place-1]] = value
		}
	}
	block[0] = d.last[index]
}

// difference reads what a DC coefficient differs by from the one before.
func (b *bitReader) difference(h *huffman) int16 {
	if e := h.look[b.acc>>(64-lookBits)]; e != 0 {
		b.skip(e.length())
		return e.value()
	}
	size, length := h.symbol(uint32(b.acc >> 48))
	b.skip(length)
	if size == 0 {
		return 0
	}
	return extend(b.read(uint(size)), uint(size))
}

// coefficient reads an AC coefficient and by how many places it advances.
func (b *bitReader) coefficient(h *huffman) (value int16, advance int) {
	if e := h.look[b.acc>>(64-lookBits)]; e != 0 {
		b.skip(e.length())
		return e.value(), e.advance()
	}
	symbol, length := h.symbol(uint32(b.acc >> 48))
	b.skip(length)
	run, size := int(symbol>>4), uint(symbol&15)
	switch {
	case size > 0:
		return extend(b.read(size), size), run + 1
	case run == 15:
		return 0, 16
	default:
		return 0, endOfBlock
	}
}
