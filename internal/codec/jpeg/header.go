package jpeg

import (
	"encoding/binary"
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// A colourModel says what the components of an image mean.
type colourModel int

const (
	gray colourModel = iota
	yCbCr
	rgb
)

// adobeNone stands for a file without an Adobe segment.
const adobeNone = -1

// prologue is what the segments before the first scan say beside the frame.
type prologue struct {
	jfif  bool
	adobe int // the transform of the Adobe segment
	ids   [3]byte
}

// Open reads the headers of a file up to its first scan. The data must stay as
// they are while the Decoder works on them. Errors wrap ErrUnsupported,
// ErrTruncated or ErrDamaged.
func (d *Decoder) Open(data []byte) (Header, error) {
	d.header = Header{}
	d.data = data
	header, err := d.open(data)
	if err != nil {
		return Header{}, fmt.Errorf("jpeg: %w", err)
	}
	d.header = header
	return header, nil
}

func (d *Decoder) open(data []byte) (Header, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != markerSOI {
		return Header{}, fmt.Errorf("%w: it does not begin with an SOI marker", ErrDamaged)
	}
	d.tables.reset()
	d.index.forget()
	header := Header{Orientation: 1}
	before := prologue{adobe: adobeNone}
	for p := 2; ; {
		marker, at, ok := nextMarker(data, p)
		if !ok {
			return Header{}, fmt.Errorf("%w: it ends before the first scan", ErrTruncated)
		}
		switch {
		case marker == markerEOI:
			return Header{}, fmt.Errorf("%w: it has no scan", ErrDamaged)
		case marker == markerSOS:
			if header.Width == 0 {
				return Header{}, fmt.Errorf("%w: it has no frame header before its first scan", ErrDamaged)
			}
			if _, _, err := segmentAt(data, at); err != nil {
				return Header{}, err
			}
			d.scans = at
			d.first = d.tables
			d.colour = before.colourModel(header.Components)
			return header, nil
		case standsAlone(marker):
			p = at + 2
			continue
		}
		segment, next, err := segmentAt(data, at)
		if err != nil {
			return Header{}, err
		}
		if err := d.readSegment(marker, segment, &header, &before); err != nil {
			return Header{}, err
		}
		p = next
	}
}

// readSegment takes in one segment before the first scan.
func (d *Decoder) readSegment(marker byte, segment []byte, header *Header, before *prologue) error {
	switch {
	case isFrame(marker):
		if header.Width != 0 {
			return fmt.Errorf("%w: it has two frame headers", ErrDamaged)
		}
		return d.readFrame(marker, segment, header, before)
	case marker == markerAPP0 && len(segment) >= 5 && string(segment[:5]) == "JFIF\x00":
		before.jfif = true
	case marker == markerAPP1:
		if o := Orientation(segment); o != 0 {
			header.Orientation = o
		}
	case marker == markerAPP14 && len(segment) >= 12 && string(segment[:5]) == "Adobe":
		before.adobe = int(segment[11])
	default:
		return d.readTables(marker, segment)
	}
	return nil
}

// readFrame reads a frame header, section B.2.2.
func (d *Decoder) readFrame(marker byte, segment []byte, header *Header, before *prologue) error {
	if marker > markerSOF2 {
		return fmt.Errorf("%w: frame header %#x", ErrUnsupported, marker)
	}
	if len(segment) < 6 {
		return fmt.Errorf("%w: its frame header has %d bytes", ErrDamaged, len(segment))
	}
	if segment[0] != 8 {
		return fmt.Errorf("%w: %d bits a sample", ErrUnsupported, segment[0])
	}
	height := int(binary.BigEndian.Uint16(segment[1:]))
	width := int(binary.BigEndian.Uint16(segment[3:]))
	if width == 0 || height == 0 {
		return fmt.Errorf("%w: its header says %dx%d pixels", ErrDamaged, width, height)
	}
	n := int(segment[5])
	if n != 1 && n != 3 {
		return fmt.Errorf("%w: %d components", ErrUnsupported, n)
	}
	if len(segment) != 6+3*n {
		return fmt.Errorf("%w: its frame header has %d bytes for %d components",
			ErrDamaged, len(segment), n)
	}
	header.Width, header.Height, header.Components = width, height, n
	header.Progressive = marker == markerSOF2
	blocks := 0
	for i := range n {
		spec := segment[6+3*i:]
		h, v := int(spec[1]>>4), int(spec[1]&15)
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return fmt.Errorf("%w: sampling factors %dx%d", ErrDamaged, h, v)
		}
		header.Sampling[i] = [2]int{h, v}
		before.ids[i] = spec[0]
		c := &d.components[i] // keeps its memory
		*c = component{
			id: spec[0], h: h, v: v, table: int(spec[2]),
			coefs: c.coefs, masks: c.masks, plane: plane{pix: c.plane.pix},
		}
		blocks += h * v
	}
	if n == 1 { // scans of one component have MCUs of one block
		d.components[0].h, d.components[0].v = 1, 1
	} else if blocks > entropy.MaxBlocks {
		return fmt.Errorf("%w: %d blocks in an MCU", ErrUnsupported, blocks)
	}
	return d.measure(header)
}

// measure finds out the number of blocks of each component, section A.1.1.
func (d *Decoder) measure(header *Header) error {
	components := d.components[:header.Components]
	d.hMax, d.vMax = 1, 1
	for i := range components {
		d.hMax = max(d.hMax, components[i].h)
		d.vMax = max(d.vMax, components[i].v)
	}
	for i := range components {
		c := &components[i]
		if d.hMax%c.h != 0 || d.vMax%c.v != 0 {
			return fmt.Errorf("%w: sampling factors %dx%d beside %dx%d",
				ErrUnsupported, c.h, c.v, d.hMax, d.vMax)
		}
		c.blocksWide = ceilDiv(header.Width*c.h, 8*d.hMax)
		c.blocksHigh = ceilDiv(header.Height*c.v, 8*d.vMax)
	}
	return nil
}

// colourModel decides as libjpeg does: JFIF is YCbCr, an Adobe segment says
// what it is, otherwise the components' names may be the letters R, G, B.
func (p *prologue) colourModel(components int) colourModel {
	switch {
	case components == 1:
		return gray
	case p.jfif:
		return yCbCr
	case p.adobe == 0, p.adobe == adobeNone && string(p.ids[:]) == "RGB":
		return rgb
	default:
		return yCbCr
	}
}
