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
