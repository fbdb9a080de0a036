package jpeg

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// A scan is a scan as its header, section B.2.3, says it is.
type scan struct {
	data       int // where the coded data begin
	count      int // of components
	components [3]*component
	dc         [3]*entropy.DC
	ac         [3]*entropy.AC
	// first and last place of the coefficients in a block; how many low bits of
	// them were and are left out (Ah and Al).
	first, last, high, low int

	wide, rows int // MCUs
	blocks     int // in an MCU
	slots      [entropy.MaxBlocks]slot

	run   entropy.Run // of sequential scans
	space [entropy.MaxBlocks]entropy.Slot
	bands [3]entropy.Band // of progressive scans
}

// A slot is one block of an MCU.
type slot struct {
	index        int // of the component in the scan
	across, down int // of the block in the MCU
}

// mcu returns how many blocks of a component an MCU of the scan has, a scan of
// one component having MCUs of one block.
func (s *scan) mcu(c *component) (h, v int) {
	if s.count == 1 {
		return 1, 1
	}
	return c.h, c.v
}

// readScan reads the scan header at position at.
func (d *Decoder) readScan(at int) error {
	segment, next, err := segmentAt(d.data, at)
	if err != nil {
		return err
	}
	s := &d.scan
	*s = scan{data: next}
	if len(segment) < 1 {
		return fmt.Errorf("%w: an empty scan header", ErrDamaged)
	}
	s.count = int(segment[0])
	if s.count < 1 || s.count > d.header.Components || len(segment) != 4+2*s.count {
		return fmt.Errorf("%w: a scan header of %d bytes for %d components",
			ErrDamaged, len(segment), s.count)
	}
	rest := segment[1+2*s.count:]
	s.first, s.last = int(rest[0]), int(rest[1])
	s.high, s.low = int(rest[2]>>4), int(rest[2]&15)
	if !d.header.Progressive {
		s.first, s.last, s.high, s.low = 0, 63, 0, 0
	} else if err := s.check(); err != nil {
		return err
	}
	for i := range s.count {
		if err := d.readScanComponent(i, segment[1+2*i], segment[2+2*i]); err != nil {
			return err
		}
	}
	s.layOut(d)
	return nil
}

// check holds the parameters of a progressive scan against table B.3.
func (s *scan) check() error {
	bad := s.low > 13 || s.high != 0 && s.low != s.high-1
	if s.first == 0 {
		bad = bad || s.last != 0
	} else {
		bad = bad || s.first > s.last || s.last > 63 || s.count != 1
	}
	if bad {
		return fmt.Errorf("%w: a scan of coefficients %d to %d, bits %d to %d, of %d components",
			ErrDamaged, s.first, s.last, s.high, s.low, s.count)
	}
	return nil
}

func (d *Decoder) readScanComponent(i int, id, selectors byte) error {
	s := &d.scan
	for k := range d.planes() {
		c := &d.components[k]
		if c.id != id || c == s.components[0] || c == s.components[1] {
			continue
		}
		s.components[i] = c
		if err := c.latch(&d.tables); err != nil {
			return err
		}
		return d.findTables(i, selectors)
	}
	return fmt.Errorf("%w: a scan of component %d, which is not there or is there twice",
		ErrDamaged, id)
}

// findTables takes the Huffman tables that a component of the scan asks for.
func (d *Decoder) findTables(i int, selectors byte) error {
	s := &d.scan
	if s.first == 0 && s.high == 0 {
		spec, err := d.tables.spec(classDC, selectors>>4)
		if err == nil {
			s.dc[i], err = d.cache.DC(spec)
		}
		if err != nil {
			return fmt.Errorf("%w: component %d: %w", ErrDamaged, s.components[i].id, err)
		}
	}
	if s.last > 0 {
		spec, err := d.tables.spec(classAC, selectors&15)
		if err == nil {
			s.ac[i], err = d.cache.AC(spec)
		}
		if err != nil {
			return fmt.Errorf("%w: component %d: %w", ErrDamaged, s.components[i].id, err)
		}
	}
	return nil
}

// layOut finds out what an MCU of the scan is.
func (s *scan) layOut(d *Decoder) {
	s.wide, s.rows = ceilDiv(d.header.Width, 8*d.hMax), ceilDiv(d.header.Height, 8*d.vMax)
	if s.count == 1 {
		s.wide, s.rows = s.components[0].blocksWide, s.components[0].blocksHigh
	}
	for i := range s.count {
		h, v := s.mcu(s.components[i])
		for k := range h * v {
			s.slots[s.blocks] = slot{index: i, across: k % h, down: k / h}
			s.space[s.blocks] = entropy.Slot{DC: s.dc[i], AC: s.ac[i], Component: i, Step: 64 * h}
			s.blocks++
		}
		s.bands[i] = entropy.Band{First: s.first, Last: s.last, High: s.high, Low: s.low,
			DC: s.dc[i], AC: s.ac[i]}
	}
	s.run.Slots = s.space[:s.blocks]
}

// restart is what a restart marker does to the state of decoding, sections
// F.2.1.3.1 and G.1.2.2.
func (s *scan) restart() {
	s.run.Last = [4]int16{}
	for i := range s.bands {
		s.bands[i].Previous, s.bands[i].Ended = 0, 0
	}
}

// isDamaged tells whether what was read since it was last asked made no sense.
func (s *scan) isDamaged() bool {
	damaged := s.run.Damaged
	s.run.Damaged = false
	for i := range s.bands {
		damaged = damaged || s.bands[i].Damaged
		s.bands[i].Damaged = false
	}
	return damaged
}

// oneScan tells whether the first scan has all the components.
func (d *Decoder) oneScan() bool {
	at := d.scans
	return at+4 < len(d.data) && int(d.data[at+4]) == d.header.Components
}
