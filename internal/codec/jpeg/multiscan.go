package jpeg

import "fmt"

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
			}
			if err != nil {
				return d.giveUp(err, count)
			}
			continue
		}
		segment, next, err := segmentAt(d.data, at)
		if err == nil {
			err = d.tables.read(marker, segment)
		}
		if err != nil {
			return d.giveUp(err, count)
		}
		p = next
	}
}

// giveUp makes do with the scans read before an error.
func (d *Decoder) giveUp(err error, scans int) error {
	if scans <= 1 {
		return err
	}
	return d.hurt(err)
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
	left, right, rows := l.left, l.right, l.bottom
	if d.header.Progressive {
		left, right = 0, s.wide
	}
	if s.count == 1 {
		left, right, rows = left*c.h, right*c.h, rows*c.v
	}
	rows = min(rows, s.rows)
	for y := range rows {
		if d.intervals.lost && d.tables.interval == 0 {
			d.report.Missing += (rows - y) * s.wide * s.blocks
			break
		}
		var err error
		if d.header.Progressive {
			err = d.readProgressiveRow(y)
		} else {
			err = d.readSequentialRow(y, left, right)
		}
		if err != nil {
			return err
		}
	}
	if rows < s.rows {
		d.intervals.jumped = true
	}
	return d.checkSpare(d.scanEnd())
}

// scanEnd returns where the marker is that follows the data of the scan.
func (d *Decoder) scanEnd() int {
	marker, at, ok := nextMarker(d.data, d.bits.Next())
	for ok && marker >= markerRST0 && marker <= markerRST7 {
		marker, at, ok = nextMarker(d.data, at+2)
	}
	return at
}

// readSequentialRow reads a row of MCUs of one of several sequential scans.
func (d *Decoder) readSequentialRow(y, left, right int) error {
	top := d.layout.top
	if d.scan.count == 1 {
		top *= d.scan.components[0].v
	}
	if y < top {
		left, right = 0, 0
	}
	return d.readRow(y, left, right)
}
