package jpeg

import (
	"fmt"
)

// A scan is a scan as its header, section B.2.3, says it is.
type scan struct {
	count      int // of components
	components [3]*component
	dc, ac     [3]*huffman
	// first and last place of the coefficients in a block; how many low bits of
	// them were and are left out (Ah and Al).
	first, last, high, low int

	wide, rows int // MCUs
	slots      [maxBlocksInMCU]slot
	blocks     int // in slots

	data int // where the coded data begin
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
	}
	if err := s.check(d.header.Progressive); err != nil {
		return err
	}
	for i := range s.count {
		if err := d.readScanComponent(i, segment[1+2*i], segment[2+2*i]); err != nil {
			return err
		}
	}
	s.wide, s.rows = ceilDiv(d.header.Width, 8*d.hMax), ceilDiv(d.header.Height, 8*d.vMax)
	if s.count == 1 {
		s.wide, s.rows = s.components[0].blocksWide, s.components[0].blocksHigh
	}
	for i := range s.count {
		h, v := s.mcu(s.components[i])
		for k := range h * v {
			s.slots[s.blocks] = slot{index: i, across: k % h, down: k / h}
			s.blocks++
		}
	}
	return nil
}

// check holds the parameters of a scan against table B.3.
func (s *scan) check(progressive bool) error {
	if !progressive {
		return nil
	}
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
		var err error
		if s.first == 0 && s.high == 0 {
			if s.dc[i], err = d.huffman(classDC, selectors>>4); err != nil {
				return err
			}
		}
		if s.last > 0 {
			s.ac[i], err = d.huffman(classAC, selectors&15)
		}
		return err
	}
	return fmt.Errorf("%w: a scan of component %d, which is not there or is there twice",
		ErrDamaged, id)
}

// huffman returns the table that a scan asks for.
func (d *Decoder) huffman(class int, id byte) (*huffman, error) {
	if id > 3 || d.tables.huffman[class][id] == nil {
		return nil, fmt.Errorf("%w: a scan has no Huffman table %d", ErrDamaged, id)
	}
	return d.cache.get(class, d.tables.huffman[class][id])
}

// oneScan tells whether the first scan has all the components.
func (d *Decoder) oneScan() bool {
	at := d.scans
	return at+4 < len(d.data) && int(d.data[at+4]) == d.header.Components
}
