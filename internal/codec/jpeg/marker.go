package jpeg

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Markers of table B.1.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP9  = 0xe9
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// isFrame tells whether a marker begins a frame header of any kind.
func isFrame(marker byte) bool {
	return marker >= markerSOF0 && marker <= markerSOF15 &&
		marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// standsAlone tells whether a marker has no segment behind it.
func standsAlone(marker byte) bool {
	return marker <= 1 || (marker >= markerRST0 && marker <= markerEOI)
}

// nextMarker returns the first marker at or behind p and where its 0xff is,
// skipping whatever else is there; ok is false where there is none.
func nextMarker(data []byte, p int) (marker byte, at int, ok bool) {
	for p < len(data) {
		i := bytes.IndexByte(data[p:], 0xff)
		if i < 0 {
			break
		}
		p += i
		for p+1 < len(data) && data[p+1] == 0xff { // fill bytes
			p++
		}
		if p+1 >= len(data) {
			break
		}
		if data[p+1] != 0 {
			return data[p+1], p, true
		}
		p += 2
	}
	return 0, len(data), false
}

// segmentAt returns the content of the segment of the marker at position at,
// without marker and length, and where the next begins.
func segmentAt(data []byte, at int) (segment []byte, next int, err error) {
	if at+4 > len(data) {
		return nil, 0, ErrTruncated
	}
	length := int(binary.BigEndian.Uint16(data[at+2:]))
	if length < 2 {
		return nil, 0, fmt.Errorf("%w: marker %#x at byte %d has length %d",
			ErrDamaged, data[at+1], at, length)
	}
	if at+2+length > len(data) {
		return nil, 0, ErrTruncated
	}
	return data[at+4 : at+2+length], at + 2 + length, nil
}

// Orientation returns the orientation that the content of an APP1 segment
// gives, from 1 to 8, or 0 where it gives none. See EXIF 2.32, section 4.6.
func Orientation(segment []byte) int {
	const tagOrientation, typeShort, entryBytes = 0x0112, 3, 12
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	count := int(order.Uint16(tiff[at:]))
	entries := tiff[at+2:]
	for i := 0; i < count && (i+1)*entryBytes <= len(entries); i++ {
		entry := entries[i*entryBytes:]
		if order.Uint16(entry) == tagOrientation && order.Uint16(entry[2:]) == typeShort {
			if o := int(order.Uint16(entry[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}
