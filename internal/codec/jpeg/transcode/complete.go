package transcode

import (
	"bytes"
	"encoding/binary"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
)

// told says of each coefficient in order of coding, by the name of the component,
// whether its lowest bit has been told.
type told [256][blockSize]bool

// isComplete tells whether the scans of a sound file tell all bits of all its
// coefficients. Those of progressive files need not: libjpeg smooths such images,
// and would not do so for a file that is written anew.
func isComplete(data []byte, c *jpeg.Coefficients) bool {
	if !c.Header.Progressive {
		return true
	}
	var t told
	for p := 2; p+4 <= len(data); {
		at := bytes.IndexByte(data[p:len(data)-3], 0xff)
		if at < 0 {
			return t.all(c)
		}
		p += at
		marker := data[p+1]
		switch {
		case marker == 0xff: // a fill byte
			p++
			continue
		case marker <= 1 || marker >= markerRST0 && marker <= markerSOI:
			p += 2
			continue
		case marker == markerEOI:
			return t.all(c)
		}
		next := p + 2 + int(binary.BigEndian.Uint16(data[p+2:]))
		if next < p+4 || next > len(data) {
			return false
		}
		if marker == markerSOS {
			t.scan(data[p+4 : next])
		}
		p = next
	}
	return t.all(c)
}

// scan takes in the content of the header of a progressive scan (section B.2.3).
func (t *told) scan(header []byte) {
	if len(header) < 1 || len(header) != 4+2*int(header[0]) {
		return
	}
	rest := header[len(header)-3:]
	first, last, low := int(rest[0]), min(int(rest[1]), blockSize-1), rest[2]&15
	for i := range int(header[0]) {
		for k := first; k <= last; k++ {
			t[header[1+2*i]][k] = low == 0
		}
	}
}

// all tells whether all has been told of all components.
func (t *told) all(c *jpeg.Coefficients) bool {
	for _, component := range c.Components {
		for _, isTold := range t[component.ID] {
			if !isTold {
				return false
			}
		}
	}
	return true
}
