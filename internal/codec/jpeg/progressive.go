package jpeg

// readProgressiveRow reads a row of MCUs of a progressive scan, annex G.
func (d *Decoder) readProgressiveRow(y int) error {
	s, r := &d.scan, &d.intervals
	for x := range s.wide {
		if r.left == 0 {
			if err := d.nextInterval(); err != nil {
				return err
			}
		}
		if r.left > 0 {
			r.left--
		}
		d.bits.ready()
		if !r.lost && d.bits.final && d.bits.spent() >= 0 && d.runOfBlocks == 0 {
			r.lost = true
			if err := d.hurt(d.ended()); err != nil {
				return err
			}
		}
		if r.lost {
			d.report.Missing += s.blocks
			continue
		}
		for k := range s.slots[:s.blocks] {
			slot := &s.slots[k]
			c := s.components[slot.index]
			h, v := s.mcu(c)
			row := c.row(y*v + slot.down)
			d.readPass(slot.index, (*[64]int16)(row[(x*h+slot.across-c.left)*64:]))
		}
	}
	return nil
}

// readPass reads what a scan has of a block.
func (d *Decoder) readPass(index int, block *[64]int16) {
	s := &d.scan
	switch {
	case s.first == 0 && s.high == 0:
		d.bits.fill()
		d.last[index] += d.bits.difference(s.dc[index])
		block[0] = d.last[index] << s.low
	case s.first == 0:
		d.bits.fill()
		block[0] |= int16(d.bits.read(1)) << s.low
	case s.high == 0:
		d.readFirst(block)
	default:
		d.refine(block)
	}
}

// readFirst reads the first bits of AC coefficients, section G.1.2.2.
func (d *Decoder) readFirst(block *[64]int16) {
	if d.runOfBlocks > 0 {
		d.runOfBlocks--
		return
	}
	s, b := &d.scan, &d.bits
	for place := s.first; place <= s.last; {
		b.fill()
		value, advance := d.symbol()
		place += advance
		if value != 0 && place <= 64 {
			block[natural[place-1]] = value << s.low
		}
	}
}

// symbol reads an AC coefficient of a progressive scan and by how many places
// it advances. At the end of a block it sets how many more blocks end.
func (d *Decoder) symbol() (value int16, advance int) {
	b, h := &d.bits, d.scan.ac[0]
	if e := h.look[b.acc>>(64-lookBits)]; e != 0 {
		b.skip(e.length())
		return e.value(), e.advance()
	}
	symbol, length := h.symbol(uint32(b.acc >> 48))
	b.skip(length)
	run, size := uint(symbol>>4), uint(symbol&15)
	switch {
	case size > 0:
		return extend(b.read(size), size), int(run) + 1
	case run == 15:
		return 0, 16
	case run > 0:
		d.runOfBlocks = 1<<run + int(b.read(run)) - 1
	}
	return 0, endOfBlock
}

// refine reads one more bit of the AC coefficients of a block, section
// G.1.2.3: those that are not zero have a bit each, in between are the codes of
// those that become so.
func (d *Decoder) refine(block *[64]int16) {
	s, b := &d.scan, &d.bits
	unit := int16(1) << s.low
	place := s.first
	if d.runOfBlocks > 0 {
		d.runOfBlocks--
	} else {
		for place <= s.last {
			b.fill()
			value, advance := d.symbol()
			if advance == endOfBlock {
				break
			}
			place = d.pass(block, place, advance, unit)
			if value != 0 && place <= s.last {
				if value > 0 {
					block[natural[place]] = unit
				} else {
					block[natural[place]] = -unit
				}
			}
			place++
		}
	}
	d.pass(block, place, endOfBlock, unit)
}

// pass refines the coefficients from place on until it has come to the one
// that is the zeros-th zero, and returns its place, or the one behind the last.
func (d *Decoder) pass(block *[64]int16, place, zeros int, unit int16) int {
	b := &d.bits
	for ; place <= d.scan.last; place++ {
		c := &block[natural[place]]
		if *c == 0 {
			if zeros--; zeros == 0 {
				break
			}
			continue
		}
		if b.have < 1 {
			b.fill()
		}
		if b.read(1) == 0 || *c&unit != 0 {
			continue
		}
		if *c > 0 {
			*c += unit
		} else {
			*c -= unit
		}
	}
	return place
}
