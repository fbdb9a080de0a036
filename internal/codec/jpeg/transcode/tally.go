package transcode

import (
	"fmt"
	"math"
)

// A Tally counts the symbols of several files, for tables that all can share.
// The zero value has counted none.
type Tally struct{ counts [4][256]uint64 }

// Add adds what another tally has counted.
func (y *Tally) Add(other *Tally) {
	for i := range y.counts {
		for symbol, n := range other.counts[i] {
			y.counts[i][symbol] += n
		}
	}
}

// Tables are Huffman tables that several files share. Making tables ready takes
// a decoder as long as a good part of a small image, and it need not do so again
// for a file that has the same.
type Tables struct{ tables [4]table }

// Tables returns the tables of least total length for the files counted, which
// have a code for every symbol that there can be.
func (y *Tally) Tables() *Tables {
	t := &Tables{}
	for i := range y.counts {
		var most uint64 = 1
		for _, n := range y.counts[i] {
			most = max(most, n)
		}
		var counts [256]uint32
		for symbol := range counts {
			if isSymbol(i, symbol) {
				counts[symbol] = uint32(1 + y.counts[i][symbol]*(math.MaxUint16<<8)/most)
			}
		}
		t.tables[i].build(&counts)
	}
	return t
}

// isSymbol tells whether a table of a baseline scan can have a symbol (tables
// F.1 and F.2).
func isSymbol(table, symbol int) bool {
	if table < tableAC {
		return symbol <= maxDCCategory
	}
	category := symbol & 15
	return category > 0 && category <= maxACCategory || symbol == 0 || symbol == 0xf0
}

// Count adds the symbols of a JPEG file in the form Marked to a tally. Errors
// are those of Transcode.
func (t *Transcoder) Count(y *Tally, data []byte) error {
	f, err := t.read(data)
	if err != nil {
		return err
	}
	tokens, err := f.code(f.scans(Options{Form: Marked})[0], false, t.writer.tokens)
	if err != nil {
		return fmt.Errorf("transcode: %w", err)
	}
	t.writer.tokens = tokens
	counts := count(tokens)
	for i := range counts {
		for symbol, n := range counts[i] {
			y.counts[i][symbol] += uint64(n)
		}
	}
	return nil
}

// bits returns the length of what has been counted.
func (t *table) bits(counts *[256]uint32) (n int) {
	for symbol, count := range counts {
		n += int(count) * int(t.length[symbol])
	}
	return n
}
