package jpeg

// readProgressiveRow reads a row of MCUs of a progressive scan, annex G.
func (d *Decoder) readProgressiveRow(y int) error {
	s, r := &d.scan, &d.intervals
	for x := 0; x < s.wide; {
		if r.left == 0 {
			if err := d.nextInterval(); err != nil {
				return err
			}
		}
		n := s.wide - x
		if r.left > 0 {
			n = min(n, r.left)
			r.left -= n
		}
		missing := n
		if !r.lost {
			missing -= d.readBands(x, y, n)
			if err := d.checkRead(missing > 0); err != nil {
				return err
			}
		}
		d.report.Missing += missing * s.blocks
		x += n
	}
	return nil
}

// readBands reads up to n MCUs from column x of row y on, and returns how many.
func (d *Decoder) readBands(x, y, n int) (done int) {
	s := &d.scan
	if s.count == 1 {
		return d.bits.ReadBand(&s.bands[0], s.components[0].row(y)[64*x:], n)
	}
	for done < n && !d.bits.Over() {
		for _, slot := range s.slots[:s.blocks] {
			c := s.components[slot.index]
			row := c.row(y*c.v + slot.down)
			block := row[64*((x+done)*c.h+slot.across):]
			d.bits.ReadBlock(&s.bands[slot.index], (*[64]int16)(block))
		}
		done++
	}
	return done
}
