package jpeg

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// readRow reads the MCUs from left to right of row y into the components'
// coefs.
func (d *Decoder) readRow(y, left, right int) error {
	s, r := &d.scan, &d.intervals
	if err := d.seek(y*s.wide + left); err != nil {
		return err
	}
	for x := left; x < right; {
		if r.left == 0 {
			if err := d.nextInterval(); err != nil {
				return err
			}
		}
		n := right - x
		if r.left > 0 {
			n = min(n, r.left)
		}
		if err := d.read(x, y, n, true); err != nil {
			return err
		}
		x += n
	}
	return nil
}

// seek goes on to an MCU, counted row by row. Restart intervals that end before
// it are jumped over, the MCUs of its own are read only as far as it takes to
// find it.
func (d *Decoder) seek(target int) error {
	s, r := &d.scan, &d.intervals
	for r.at < target {
		if interval := d.tables.interval; interval > 0 {
			// The interval that ends left MCUs from here is the one read now.
			wanted, now := target/interval, (r.at+r.left)/interval-1
			if wanted > now && d.jump(wanted) {
				continue
			}
			if r.left == 0 {
				if err := d.nextInterval(); err != nil {
					return err
				}
				continue
			}
			if wanted > now {
				r.jumped = true
				r.pass(r.left)
				continue
			}
		}
		n := min(target-r.at, s.wide-r.at%s.wide)
		if err := d.read(r.at%s.wide, r.at/s.wide, n, false); err != nil {
			return err
		}
	}
	return nil
}

// read reads n MCUs of the interval, from column x of row y on.
func (d *Decoder) read(x, y, n int, kept bool) error {
	s := &d.scan
	d.intervals.pass(n)
	missing := n
	if !d.intervals.lost {
		if d.header.Progressive {
			missing -= d.readBands(x, y, n, kept)
		} else {
			first := s.aim(x, y, kept)
			missing -= d.bits.Read(&s.run, first, n)
		}
		if err := d.checkRead(missing > 0); err != nil {
			return err
		}
	}
	if kept {
		d.report.Missing += missing * s.blocks
	}
	return nil
}

// checkRead looks at what reading has met: not all that was wanted, more than
// there is, or nonsense.
func (d *Decoder) checkRead(short bool) error {
	if d.scan.isDamaged() {
		err := d.hurt(fmt.Errorf("%w: codes that mean nothing before byte %d",
			ErrDamaged, d.bits.Next()))
		if err != nil {
			return err
		}
	}
	if !short && !d.bits.Short() {
		return nil
	}
	d.intervals.lost = true
	if d.bits.Next()+1 >= len(d.data) {
		return d.hurt(ErrTruncated)
	}
	return d.hurt(fmt.Errorf("%w: too few data before the marker at byte %d",
		ErrDamaged, d.bits.Next()))
}

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
