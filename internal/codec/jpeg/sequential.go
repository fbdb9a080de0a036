package jpeg

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

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
		kept := x >= left && x < right
		if err := d.readMCUs(x, y, end-x, kept); err != nil {
			return err
		}
		x = end
	}
	return nil
}

// readMCUs reads n MCUs from column x of row y on.
func (d *Decoder) readMCUs(x, y, n int, kept bool) error {
	s := &d.scan
	missing := n
	if !d.intervals.lost {
		first := s.aim(x, y, kept)
		missing -= d.bits.Read(&s.run, first, n)
		if err := d.checkRead(missing > 0); err != nil {
			return err
		}
	}
	if kept {
		d.report.Missing += missing * s.blocks
	}
	return nil
}

// aim makes the slots point to the blocks of a row, and returns which MCU in
// them column x is.
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
	if d.bits.Next() >= len(d.data) {
		return d.hurt(ErrTruncated)
	}
	return d.hurt(fmt.Errorf("%w: too few data before the marker at byte %d",
		ErrDamaged, d.bits.Next()))
}
