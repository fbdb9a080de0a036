package jpeg

import "fmt"

// An intervals follows the restart intervals of a scan.
type intervals struct {
	at       int  // the MCU that comes next, counted row by row
	left     int  // MCUs until the next restart marker, -1 where there are none
	expected byte // number of the next, 0 to 7
	lost     bool // the data of this interval are not there
	over     bool // those of the intervals to come are not there either
	jumped   bool // not all of this interval was read
}

func (d *Decoder) startIntervals() {
	d.intervals = intervals{left: d.tables.interval}
	if d.tables.interval == 0 {
		d.intervals.left = -1
	}
}

// pass notes that n MCUs of the interval are done with.
func (r *intervals) pass(n int) {
	r.at += n
	if r.left > 0 {
		r.left -= n
	}
}

// nextInterval goes on behind the next restart marker. Where another marker is
// there it does what libjpeg does (jpeg_resync_to_restart): a marker of up to
// two intervals before is passed over, with one of up to two intervals later
// the interval counts as lost, and so it does with any other kind of marker.
func (d *Decoder) nextInterval() error {
	r := &d.intervals
	expected := r.expected
	r.left = d.tables.interval
	r.expected = (expected + 1) & 7
	d.scan.restart()
	if r.over {
		return nil
	}
	for p := d.bits.Next(); ; {
		marker, at, ok := nextMarker(d.data, p)
		if !ok {
			r.lost, r.over = true, true
			d.bits.Start(d.data, len(d.data))
			return d.hurt(fmt.Errorf("%w: it has no restart marker %d", ErrTruncated, expected))
		}
		if marker == markerRST0+expected {
			if err := d.checkSpare(at); err != nil {
				return err
			}
			d.bits.Start(d.data, at+2)
			r.lost, r.jumped = false, false
			return nil
		}
		err := d.hurt(fmt.Errorf("%w: marker %#x at byte %d where restart marker %d is due",
			ErrDamaged, marker, at, expected))
		if err != nil {
			return err
		}
		isRestart := marker >= markerRST0 && marker <= markerRST7
		ahead := (marker - markerRST0 - expected) & 7
		switch {
		case marker < markerSOF0, isRestart && ahead >= 6:
			p = at + 2
		case !isRestart, ahead <= 2:
			r.lost, r.over = true, !isRestart
			d.bits.Start(d.data, at)
			return nil
		default: // too far away to be believed
			d.bits.Start(d.data, at+2)
			r.lost = false
			return nil
		}
	}
}

// checkSpare takes it for damage where whole bytes were left unread before the
// marker at position at, for then the data were not understood.
func (d *Decoder) checkSpare(at int) error {
	if d.intervals.lost || d.intervals.jumped {
		return nil
	}
	if spare := d.bits.Spare(at); spare > 0 {
		return d.hurt(fmt.Errorf("%w: %d bytes too many before the marker at byte %d",
			ErrDamaged, spare, at))
	}
	return nil
}
