package transcode

import (
	"encoding/binary"
	"slices"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// Markers of table B.1.
const (
	markerSOF0 = 0xc0 // baseline
	markerSOF2 = 0xc2 // progressive
	markerDHT  = 0xc4
	markerRST0 = 0xd0
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerDRI  = 0xdd
	markerAPP9 = 0xe9
)

// indexName starts each segment of a restart index.
const indexName = "RSTIDX\x00\x01"

// Bounds of a restart index: how many lengths one segment holds, how many
// segments there are, and how long an interval may be for its length to be told.
const (
	maxIndexParts    = 1 << 7
	maxIndexPart     = (1<<16 - 1 - 2 - len(indexName) - 3) / 2
	maxIndexInterval = 1<<16 - 1
)

// A writer writes files; its memory is used again.
type writer struct {
	tokens  []token
	tables  [4]table
	lengths []int
	body    []byte
}

// file appends a whole file of a frame.
func (w *writer) file(dst []byte, f *frame, o Options) ([]byte, error) {
	dst = append(dst, 0xff, markerSOI)
	for _, s := range f.segments {
		dst = append(dst, s...)
	}
	dst = appendQuantisers(dst, f)
	dst = appendFrameHeader(dst, f, o.Form == Banded)
	interval := 0
	for _, s := range f.scans(o) {
		if s.interval != interval {
			interval = s.interval
			dst = appendSegment(dst, markerDRI, 2)
			dst = binary.BigEndian.AppendUint16(dst, uint16(interval))
		}
		var err error
		if dst, err = w.scan(dst, f, s, o); err != nil {
			return nil, err
		}
	}
	return append(dst, 0xff, markerEOI), nil
}

// appendSegment starts a segment of n bytes of content.
func appendSegment(dst []byte, marker byte, n int) []byte {
	dst = append(dst, 0xff, marker)
	return binary.BigEndian.AppendUint16(dst, uint16(n+2))
}

// appendQuantisers appends the tables that components use, as DQT segments.
func appendQuantisers(dst []byte, f *frame) []byte {
	var done [4]bool
	for _, c := range f.components {
		if done[c.quant] {
			continue
		}
		done[c.quant] = true
		dst = appendSegment(dst, markerDQT, 1+blockSize)
		dst = append(dst, byte(c.quant))
		for place := range blockSize {
			dst = append(dst, byte(f.quant[c.quant][entropy.Natural(place)]))
		}
	}
	return dst
}

func appendFrameHeader(dst []byte, f *frame, progressive bool) []byte {
	marker := byte(markerSOF0)
	if progressive {
		marker = markerSOF2
	}
	dst = appendSegment(dst, marker, 6+3*len(f.components))
	dst = append(dst, 8)
	dst = binary.BigEndian.AppendUint16(dst, uint16(f.height))
	dst = binary.BigEndian.AppendUint16(dst, uint16(f.width))
	dst = append(dst, byte(len(f.components)))
	for _, c := range f.components {
		dst = append(dst, byte(c.id), byte(c.h<<4|c.v), byte(c.quant))
	}
	return dst
}

// scan appends a scan with its Huffman tables and its restart index.
func (w *writer) scan(dst []byte, f *frame, s scan, o Options) (_ []byte, err error) {
	if w.tokens, err = f.code(s, o.Form == Banded, w.tokens); err != nil {
		return nil, err
	}
	counts := count(w.tokens)
	tables := w.choose(&counts, f, o)
	var segment []byte
	for i := range tables {
		if counts[i] != [256]uint32{} {
			segment = tables[i].appendTo(segment, i/tableAC, i%tableAC)
		}
	}
	dst = appendSegment(dst, markerDHT, len(segment))
	dst = append(dst, segment...)
	w.body, w.lengths = appendTokens(w.body[:0], w.tokens, tables, w.lengths[:0])
	if fitsIndex(w.lengths) {
		dst = appendIndex(dst, w.lengths)
	}
	dst = appendSegment(dst, markerSOS, 4+2*len(s.components))
	dst = append(dst, byte(len(s.components)))
	for _, i := range s.components {
		id := tableOf(0, i)
		dst = append(dst, byte(f.components[i].id), byte(id<<4|id))
	}
	dst = append(dst, byte(s.first), byte(s.last), 0)
	return append(dst, w.body...), nil
}

// choose returns the tables for what a scan has been counted to have: those that
// files share, unless the file is large or its own save much.
func (w *writer) choose(counts *[4][256]uint32, f *frame, o Options) *[4]table {
	own, shared := 0, 0
	for i := range counts {
		if counts[i] == [256]uint32{} {
			continue
		}
		w.tables[i].build(&counts[i])
		own += w.tables[i].bits(&counts[i])
		if o.Tables != nil {
			shared += o.Tables.tables[i].bits(&counts[i])
		}
	}
	if o.Tables == nil || o.Form == Banded || f.width*f.height >= LargePixels ||
		shared > own+own/16 {
		return &w.tables
	}
	return &o.Tables.tables
}

// fitsIndex tells whether there is anything to index, and the index can tell it.
func fitsIndex(lengths []int) bool {
	return len(lengths) > 1 && len(lengths) <= maxIndexParts*maxIndexPart &&
		slices.Max(lengths) <= maxIndexInterval
}

// appendIndex appends the lengths of a scan's intervals as APP9 segments.
func appendIndex(dst []byte, lengths []int) []byte {
	for part := 0; len(lengths) > 0; part++ {
		n := min(len(lengths), maxIndexPart)
		dst = appendSegment(dst, markerAPP9, len(indexName)+3+2*n)
		dst = append(append(dst, indexName...), byte(part))
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
		for _, length := range lengths[:n] {
			dst = binary.BigEndian.AppendUint16(dst, uint16(length))
		}
		lengths = lengths[n:]
	}
	return dst
}
