package jpeg

import (
	"encoding/binary"
	"strings"
)

// indexName begins the APP9 segments that tell how long the restart intervals
// of the next scan are. Behind it stand the number of the part, for long tables
// go on in further segments, the number of intervals in this part as 16 bits,
// and as many numbers of 16 bits: the bytes of coded data of each interval,
// without the marker that follows. Numbers are big-endian.
const indexName = "RSTIDX\x00\x01"

// maxIndexParts bounds the segments of an index: 65,535 x 65,535 pixels in
// intervals of four MCUs of 16x16 pixels are as many.
const maxIndexParts = 128

// An index is the restart index of a scan. Nothing in it is believed before
// the data were seen to agree.
type index struct {
	parts [maxIndexParts][]byte
	count int // of parts
	// starts are where the intervals begin, and the last one where the scan
	// ends, made when first needed.
	starts []int
	made   bool
}

// read takes in an APP9 segment.
func (x *index) read(segment []byte) {
	head := len(indexName) + 3
	if len(segment) < head || !strings.HasPrefix(string(segment[:head]), indexName) {
		return
	}
	part := int(segment[len(indexName)])
	count := int(binary.BigEndian.Uint16(segment[len(indexName)+1:]))
	if part == 0 {
		x.count = 0
	}
	if part != x.count || part >= maxIndexParts || len(segment) != head+2*count {
		x.count = 0
		return
	}
	x.parts[part] = segment[head:]
	x.count++
	x.made = false
}

// forget ends the index of a scan.
func (x *index) forget() { x.count = 0 }

// make finds out where the intervals of a scan begin whose data begin at first.
// It forgets an index that does not fit.
func (x *index) make(first, intervals, size int) {
	x.made = true
	x.starts = x.starts[:0]
	at := first
	for _, part := range x.parts[:x.count] {
		for ; len(part) > 0; part = part[2:] {
			x.starts = append(x.starts, at)
			at += int(binary.BigEndian.Uint16(part)) + 2
		}
	}
	x.starts = append(x.starts, at-2)
	if len(x.starts) != intervals+1 || at-2 > size {
		x.forget()
	}
}

// places returns where the restart intervals of the scan begin, and behind
// these where it ends; nil where that is not known.
func (d *Decoder) places() []int {
	s, x := &d.scan, &d.index
	if d.tables.interval > 0 && x.count > 0 && !x.made {
		x.make(s.data, ceilDiv(s.wide*s.rows, d.tables.interval), len(d.data))
	}
	if d.tables.interval == 0 || x.count == 0 {
		return nil
	}
	return x.starts
}

// readIndex reads the index of the first scan again.
func (d *Decoder) readIndex() {
	d.index.forget()
	for segment := range d.segments() {
		if segment[1] == markerAPP9 {
			d.index.read(segment[4:])
		}
	}
}

// jump goes to the beginning of a restart interval, where the index knows it
// and a restart marker is there.
func (d *Decoder) jump(interval int) bool {
	places := d.places()
	if interval < 1 || interval+1 >= len(places) {
		return false
	}
	at := places[interval]
	if !d.followsRestart(at, interval) {
		d.index.forget()
		return false
	}
	d.bits.Start(d.data, at)
	d.scan.restart()
	d.intervals = intervals{
		at:   interval * d.tables.interval,
		left: d.tables.interval, expected: byte(interval) & 7,
	}
	return true
}

// scanEnd returns where the marker is that follows the data of the scan.
func (d *Decoder) scanEnd() int {
	if places := d.places(); len(places) > 1 {
		interval := len(places) - 2 // the last
		if interval == 0 || d.followsRestart(places[interval], interval) {
			marker, at, ok := nextMarker(d.data, places[interval])
			if ok && endsScan(marker) && at == places[interval+1] {
				return at
			}
		}
		d.index.forget()
	}
	marker, at, ok := nextMarker(d.data, d.bits.Next())
	for ok && !endsScan(marker) {
		marker, at, ok = nextMarker(d.data, at+2)
	}
	return at
}

// followsRestart tells whether the restart marker before an interval is just
// before a place.
func (d *Decoder) followsRestart(at, interval int) bool {
	return d.data[at-2] == 0xff && d.data[at-1] == markerRST0+byte(interval-1)&7
}

// endsScan tells whether what follows 0xff is no part of a scan's data.
func endsScan(marker byte) bool {
	return marker != 0 && marker != 0xff && (marker < markerRST0 || marker > markerRST7)
}
