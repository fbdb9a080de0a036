package jpeg

import "fmt"

// decode reads the scans and writes the pixels.
func (d *Decoder) decode() error {
	d.tables = d.first
	for i := range d.planes() {
		d.report.Blocks += d.layout.blocks(&d.components[i])
	}
	if !d.layout.stored {
		return d.decodeRows()
	}
	d.readIndex()
	if err := d.readScans(); err != nil {
		return err
	}
	for y := d.layout.top; y < d.layout.bottom; y++ {
		d.output.render(d, y)
	}
	for i := range d.planes() {
		c := &d.components[i]
		first, end := d.layout.columns(c)
		c.clearOutside(first, end, d.layout.top*c.v)
	}
	return nil
}

// blocks returns how many blocks of a component the region needs.
func (l *layout) blocks(c *component) int {
	return (l.right - l.left) * c.h * (l.bottom - l.top) * c.v
}

// decodeRows decodes a file of one sequential scan, one row of MCUs after the
// other, and reads nothing behind the last one wanted.
func (d *Decoder) decodeRows() error {
	if err := d.readScan(d.scans); err != nil {
		return err
	}
	d.startScan()
	l := &d.layout
	for y := l.top; y < l.bottom; y++ {
		for i := range d.planes() {
			d.components[i].top = y * d.components[i].v
		}
		if err := d.readRow(y, l.left, l.right); err != nil {
			return err
		}
		d.output.render(d, y)
	}
	if l.bottom == d.scan.rows && l.right == d.scan.wide {
		return d.checkEnd()
	}
	return nil
}

func (d *Decoder) startScan() {
	d.bits.Start(d.data, d.scan.data)
	d.startIntervals()
}

// checkEnd sees to it that the marker that ends the image follows the scan.
func (d *Decoder) checkEnd() error {
	for p := d.bits.Next(); ; {
		marker, at, ok := nextMarker(d.data, p)
		if !ok {
			return d.hurt(fmt.Errorf("%w: it has no EOI marker", ErrTruncated))
		}
		if err := d.checkSpare(at); err != nil {
			return err
		}
		if marker == markerEOI {
			return nil
		}
		p = at + 2
		if !standsAlone(marker) {
			var err error
			if _, p, err = segmentAt(d.data, at); err != nil {
				return d.hurt(err)
			}
		}
	}
}

// maxScans bounds the scans of a file, and so the time that a small file can
// take. Encoders make about ten.
const maxScans = 200

// readScans reads all the scans into the components' coefs.
func (d *Decoder) readScans() error {
	count := 0
	for p := d.scans; ; {
		marker, at, ok := nextMarker(d.data, p)
		switch {
		case !ok:
			return d.hurt(fmt.Errorf("%w: it has no EOI marker", ErrTruncated))
		case marker == markerEOI:
			return d.checkComplete()
		case standsAlone(marker):
			p = at + 2
			continue
		case marker == markerSOS:
			if count++; count > maxScans {
				return d.hurt(fmt.Errorf("%w: more than %d scans", ErrDamaged, maxScans))
			}
			err := d.readScan(at)
			if err == nil {
				err = d.readScanData()
				p = d.scanEnd()
				d.index.forget()
			}
			if err != nil && count == 1 {
				return err
			} else if err != nil {
				return d.hurt(err)
			}
			continue
		}
		segment, next, err := segmentAt(d.data, at)
		if err == nil {
			err = d.readTables(marker, segment)
		}
		if err != nil {
			return d.hurt(err)
		}
		p = next
	}
}

// checkComplete sees to it that every component had a scan.
func (d *Decoder) checkComplete() error {
	for i := range d.planes() {
		if c := &d.components[i]; !c.latched {
			return d.hurt(fmt.Errorf("%w: component %d has no scan", ErrDamaged, c.id))
		}
	}
	return nil
}

// readScanData reads the coded data of a scan down to the last row needed.
func (d *Decoder) readScanData() error {
	s, l := &d.scan, &d.layout
	d.startScan()
	c := s.components[0]
	if s.first > 0 && c.size == 1 { // their means are all that is wanted
		d.intervals.jumped = true
		return nil
	}
	left, right, top, bottom := l.left, l.right, l.top, l.bottom
	if l.dense {
		left, top, right = 0, 0, s.wide
	}
	if s.count == 1 {
		left, right, top, bottom = left*c.h, right*c.h, top*c.v, bottom*c.v
	}
	right, bottom = min(right, s.wide), min(bottom, s.rows)
	for y := top; y < bottom; y++ {
		if r := &d.intervals; r.over || r.lost && d.tables.interval == 0 {
			d.report.Missing += (bottom - y) * (right - left) * s.blocks
			break
		}
		if err := d.readRow(y, left, right); err != nil {
			return err
		}
	}
	if right < s.wide || bottom < s.rows {
		d.intervals.jumped = true
	}
	return d.checkSpare(d.scanEnd())
}

// refines tells whether a progressive file refines AC coefficients: then what
// the bits of a block mean depends on what earlier scans said of it.
func (d *Decoder) refines() bool {
	for p := d.scans; ; {
		marker, at, ok := nextMarker(d.data, p)
		if !ok || marker == markerEOI {
			return false
		}
		if p = at + 2; standsAlone(marker) {
			continue
		}
		segment, next, err := segmentAt(d.data, at)
		if err != nil {
			return false
		}
		p = next
		if n := len(segment); marker == markerSOS && n >= 3 && segment[n-3] > 0 && segment[n-1]>>4 > 0 {
			return true
		}
	}
}
