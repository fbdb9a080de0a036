package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Markers of ITU-T T.81, table B.1.
const (
	markerSOF0 = 0xc0 // baseline; SOF1..SOF15 follow but for DHT, JPG and DAC
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerRST0 = 0xd0
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

// probeJPEG reads the frame header and the EXIF segment before it.
func probeJPEG(data []byte, header *Header) error {
	found := false
	err := walkJPEG(data, func(marker byte, _ int, segment []byte) (more bool) {
		switch {
		case isFrameHeader(marker) && len(segment) >= 6:
			readFrameHeader(segment, header)
			found = true
		case marker == markerAPP1:
			if o := exifOrientation(segment); o != 0 {
				header.Orientation = o
			}
		}
		return !found
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: it has no frame header", ErrDamaged)
	}
	return err
}

// walkJPEG visits the marker segments up to the first scan's header, each
// without its marker and length, until visit returns false; at is where in
// data the segment starts.
func walkJPEG(data []byte, visit func(marker byte, at int, segment []byte) (more bool)) error {
	for p := 2; ; {
		for p < len(data) && data[p] != 0xff { // libjpeg skips stray bytes too
			p++
		}
		for p < len(data) && data[p] == 0xff { // fill bytes
			p++
		}
		if p >= len(data) {
			return ErrTruncated
		}
		marker := data[p]
		p++
		if marker <= 1 || (marker >= markerRST0 && marker <= markerSOI) {
			continue // stands alone
		}
		if marker == markerEOI {
			return nil
		}
		if p+2 > len(data) {
			return ErrTruncated
		}
		length := int(binary.BigEndian.Uint16(data[p:]))
		if length < 2 {
			return fmt.Errorf("%w: marker %#x has length %d", ErrDamaged, marker, length)
		}
		if p+length > len(data) {
			return ErrTruncated
		}
		if !visit(marker, p+2, data[p+2:p+length]) || marker == markerSOS {
			return nil
		}
		p += length
	}
}

func isFrameHeader(marker byte) bool {
	return marker >= markerSOF0 && marker <= 0xcf &&
		marker != markerDHT && marker != markerJPG && marker != markerDAC
}

func readFrameHeader(segment []byte, header *Header) {
	header.Height = int(binary.BigEndian.Uint16(segment[1:]))
	header.Width = int(binary.BigEndian.Uint16(segment[3:]))
	if segment[5] == 1 {
		header.Channels = 1
	}
}

// exifOrientation returns the orientation that an APP1 segment gives, or 0
// where it gives none. See EXIF 2.32, section 4.6.
func exifOrientation(segment []byte) int {
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

// endsJPEG tells whether an end-of-image marker follows the first scan, which
// a file cut short lacks. A preview within an EXIF segment has markers of its
// own, so the scan is found by walking.
func endsJPEG(data []byte) bool {
	scan := -1
	err := walkJPEG(data, func(marker byte, at int, _ []byte) bool {
		if marker == markerSOS {
			scan = at
		}
		return scan < 0
	})
	return err == nil && scan >= 0 && bytes.LastIndex(data[scan:], []byte{0xff, markerEOI}) >= 0
}
