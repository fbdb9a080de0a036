package jpeg

import "github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"

// aim makes the slots of a sequential scan point to the blocks of a row, and
// returns which MCU in them column x is.
func (s *scan) aim(x, y int, kept bool) (first int) {
	for k := range s.run.Slots {
		slot := &s.run.Slots[k]
		c := s.components[slot.Component]
		h, v := s.mcu(c)
		slot.Keep = entropy.KeepNothing
		if !kept {
			continue
		}
		slot.Keep = entropy.KeepAll
		if c.size == 1 {
			slot.Keep = entropy.KeepDC
		}
		// The columns kept begin with a whole MCU.
		slot.Blocks = c.row(y*v + s.slots[k].down)[64*s.slots[k].across:]
		first = x - c.left/h
	}
	return first
}

// readBands reads up to n MCUs of a progressive scan from column x of row y
// on, and returns how many.
func (d *Decoder) readBands(x, y, n int, kept bool) (done int) {
	s := &d.scan
	if !kept {
		return d.skipBands(n)
	}
	if c := s.components[0]; s.count == 1 {
		at := x - c.left
		return d.bits.ReadBand(&s.bands[0], c.row(y)[64*at:], c.maskRow(y)[at:], n)
	}
	var noMask uint64 // scans of several components are of DC coefficients
	for done < n && !d.bits.Over() {
		for _, slot := range s.slots[:s.blocks] {
			c := s.components[slot.index]
			row := c.row(y*c.v + slot.down)
			block := row[64*((x+done)*c.h+slot.across-c.left):]
			d.bits.ReadBlock(&s.bands[slot.index], (*[64]int16)(block), &noMask)
		}
		done++
	}
	return done
}

// skipBands reads up to n MCUs that nobody wants.
func (d *Decoder) skipBands(n int) (done int) {
	s := &d.scan
	if s.count == 1 {
		return d.bits.SkipBand(&s.bands[0], n)
	}
	for done < n && !d.bits.Over() {
		for _, slot := range s.slots[:s.blocks] {
			d.bits.SkipBlock(&s.bands[slot.index])
		}
		done++
	}
	return done
}
