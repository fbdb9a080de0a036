package jpeg

import (
	"encoding/binary"
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// The classes of Huffman tables.
const (
	classDC = iota
	classAC
	classes
)

// tables are what DQT, DHT and DRI segments have set.
type tables struct {
	quant    [4][64]uint16 // in natural order
	hasQuant [4]bool
	// huffman holds the tables as the file has them: 16 counts and the values.
	huffman  [classes][4][]byte
	interval int // MCUs between restart markers, 0 for none
}

func (t *tables) reset() { *t = tables{} }

// read takes in a segment; those that set no tables it passes over.
func (t *tables) read(marker byte, segment []byte) error {
	switch marker {
	case markerDQT:
		return t.readQuant(segment)
	case markerDHT:
		return t.readHuffman(segment)
	case markerDRI:
		if len(segment) != 2 {
			return fmt.Errorf("%w: a DRI segment of %d bytes", ErrDamaged, len(segment))
		}
		t.interval = int(binary.BigEndian.Uint16(segment))
	}
	return nil
}

// readTables takes in a segment that sets tables or an index.
func (d *Decoder) readTables(marker byte, segment []byte) error {
	if marker == markerAPP9 {
		d.index.read(segment)
	}
	return d.tables.read(marker, segment)
}

// readQuant reads the tables of section B.2.4.1.
func (t *tables) readQuant(segment []byte) error {
	for len(segment) > 0 {
		id, wide := segment[0]&15, segment[0]>>4
		size := 64 << min(wide, 1)
		if id > 3 || wide > 1 || len(segment) < 1+size {
			return fmt.Errorf("%w: a quantisation table of %d bytes with header %#x",
				ErrDamaged, len(segment)-1, segment[0])
		}
		values := segment[1 : 1+size]
		for i := range 64 {
			if wide == 1 {
				t.quant[id][entropy.Natural(i)] = binary.BigEndian.Uint16(values[2*i:])
			} else {
				t.quant[id][entropy.Natural(i)] = uint16(values[i])
			}
		}
		t.hasQuant[id] = true
		segment = segment[1+size:]
	}
	return nil
}

// readHuffman reads the tables of section B.2.4.2.
func (t *tables) readHuffman(segment []byte) error {
	for len(segment) > 0 {
		if len(segment) < 17 {
			return fmt.Errorf("%w: %d bytes behind its Huffman tables", ErrDamaged, len(segment))
		}
		class, id := segment[0]>>4, segment[0]&15
		count := 0
		for _, n := range segment[1:17] {
			count += int(n)
		}
		if class >= classes || id > 3 || count > 256 || len(segment) < 17+count {
			return fmt.Errorf("%w: a Huffman table of %d values with header %#x",
				ErrDamaged, count, segment[0])
		}
		t.huffman[class][id] = segment[1 : 17+count]
		segment = segment[17+count:]
	}
	return nil
}

// spec returns the Huffman table of a class that a scan names.
func (t *tables) spec(class int, id byte) ([]byte, error) {
	if id > 3 || t.huffman[class][id] == nil {
		return nil, fmt.Errorf("it has no Huffman table %d", id)
	}
	return t.huffman[class][id], nil
}
