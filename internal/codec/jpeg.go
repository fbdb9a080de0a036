package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
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

// probeJPEG reads the headers before the first scan.
func (d *Decoder) probeJPEG(data []byte) (Header, error) {
	stored, err := d.jpeg.Open(data)
	switch {
	case errors.Is(err, jpeg.ErrUnsupported):
		return probeRare(data)
	case err != nil:
		return Header{}, fromJPEG(err)
	}
	d.stored, d.direct = stored, true
	return Header{
		Format: "jpeg", Width: stored.Width, Height: stored.Height,
		Channels: stored.Components, Orientation: stored.Orientation,
	}, nil
}

// fromJPEG maps an error of the jpeg decoder to one of this package's.
func fromJPEG(err error) error {
	for _, pair := range [...][2]error{
		{jpeg.ErrTruncated, ErrTruncated}, {jpeg.ErrUnsupported, ErrUnsupported},
	} {
		if errors.Is(err, pair[0]) {
			return fmt.Errorf("%w: %w", pair[1], err)
		}
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// probeRare reads the frame header, and the EXIF segment before it, of a kind
// of file that is left to the standard library.
func probeRare(data []byte) (Header, error) {
	header := Header{Format: "jpeg", Orientation: 1, Channels: 3}
	found := false
	err := walkJPEG(data, func(marker byte, _ int, segment []byte) (more bool) {
		switch {
		case isFrameHeader(marker) && len(segment) >= 6:
			readFrameHeader(segment, &header)
			found = true
		case marker == markerAPP1:
			if o := jpeg.Orientation(segment); o != 0 {
				header.Orientation = o
			}
		}
		return !found
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: it has no frame header", ErrDamaged)
	}
	if err != nil {
		return Header{}, fmt.Errorf("jpeg: %w", err)
	}
	return header, nil
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

// endsJPEG tells whether an end-of-image marker, which a file cut short lacks,
// follows the first scan, which must be there. A preview within an EXIF segment
// has markers of its own, so the scan is found by walking.
func endsJPEG(data []byte) bool {
	if bytes.HasSuffix(data, []byte{0xff, markerEOI}) {
		return true
	}
	scan := -1
	err := walkJPEG(data, func(marker byte, at int, _ []byte) bool {
		if marker == markerSOS {
			scan = at
		}
		return scan < 0
	})
	return err == nil && scan >= 0 && bytes.LastIndex(data[scan:], []byte{0xff, markerEOI}) >= 0
}
