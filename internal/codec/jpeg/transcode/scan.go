package transcode

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// The largest categories of coefficients of 8-bit images (tables F.1 and F.2).
const (
	maxDCCategory = 11
	maxACCategory = 10
)

// maxEnded is how many blocks may be told to end at once (table G.1).
const maxEnded = 1<<15 - 1

// A scan says which coefficients of which components are coded together, in
// MCUs where there are several components, and how many MCUs or blocks lie
// between two restart markers.
type scan struct {
	components  []int // indices of the frame's
	first, last int   // in order of coding: 0 is the DC coefficient
	interval    int
}

// intervalSpan is what an interval aims to span, in pixels of the image's width.
const intervalSpan = 512

// scans returns the scans of a file.
func (f *frame) scans(o Options) []scan {
	all := make([]int, len(f.components))
	for i := range all {
		all[i] = i
	}
	if o.Form == Marked {
		return []scan{{all, 0, blockSize - 1, f.interval(f.mcusWide, o.Interval)}}
	}
	scans := []scan{{all, 0, 0, f.interval(f.mcusWide, o.Interval)}}
	for i := range all {
		component := (i + 1) % len(all) // the first comes last
		c := &f.components[component]
		s := scan{components: []int{component}, first: 1, last: blockSize - 1}
		// Go's image/jpeg counts the MCUs of H x V blocks in scans of one
		// component, too, where section A.2.2, has MCUs of one block.
		if c.h*c.v == 1 {
			s.interval = f.interval(c.wide, o.Interval)
		}
		scans = append(scans, s)
	}
	return scans
}

// interval returns how many of the units of a row lie between two restart
// markers: most at most or, if that is 0, about as many as span intervalSpan, and
// about as many in each interval of a row.
func (f *frame) interval(wide, most int) int {
	if most == 0 {
		most = max(1, wide*intervalSpan/f.width)
	}
	return ceilDiv(wide, ceilDiv(wide, most))
}

// Tables of a scan's tokens; the first component has one of each pair, and all
// others share the second.
const (
	tableDC = 0
	tableAC = 2
)

func tableOf(kind, component int) int { return kind + min(component, 1) }

// units visits the blocks of a scan in the order of coding; block is nil where
// it only fills up an MCU. Before each interval but the first, next is called.
func (f *frame) units(s scan, visit func(component int, block []int16) error, next func()) error {
	wide, high := f.mcusWide, f.mcusHigh
	single := len(s.components) == 1
	if c := &f.components[s.components[0]]; single {
		wide, high = c.wide, c.high
	}
	for unit := range wide * high {
		if unit > 0 && s.interval > 0 && unit%s.interval == 0 {
			next()
		}
		x, y := unit%wide, unit/wide
		if single {
			i := s.components[0]
			if err := visit(i, f.components[i].block(x, y)); err != nil {
				return err
			}
			continue
		}
		for _, i := range s.components {
			if err := f.mcu(i, x, y, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// mcu visits the blocks that a component has in one MCU.
func (f *frame) mcu(i, x, y int, visit func(component int, block []int16) error) error {
	c := &f.components[i]
	for v := range c.v {
		for h := range c.h {
			if err := visit(i, c.block(x*c.h+h, y*c.v+v)); err != nil {
				return err
			}
		}
	}
	return nil
}

// A coder turns blocks into tokens.
type coder struct {
	scan
	runs      bool // ends of blocks are gathered, as progressive files may
	tokens    []token
	predicted [4]int // DC coefficient, by component
	ended     int    // blocks whose end is not coded yet
	endTable  int
}

// code appends the tokens of one block.
func (c *coder) code(component int, block []int16) error {
	first := c.first
	if first == 0 {
		value := c.predicted[component] // of blocks beyond the image: what costs least
		if block != nil {
			value = int(block[0])
		}
		bits, category := magnitude(value - c.predicted[component])
		if category > maxDCCategory {
			return fmt.Errorf("%w: DC coefficients differ by %d", jpeg.ErrUnsupported,
				value-c.predicted[component])
		}
		c.predicted[component] = value
		c.emit(tableOf(tableDC, component), category, bits, category)
		first = 1
	}
	if c.last == 0 {
		return nil
	}
	return c.codeAC(component, block, first)
}

// codeAC appends the tokens of a block's coefficients from first on.
func (c *coder) codeAC(component int, block []int16, first int) error {
	table, run := tableOf(tableAC, component), 0
	if block == nil {
		run = 1
	} else {
		for k := first; k <= c.last; k++ {
			value := int(block[entropy.Natural(k)])
			if value == 0 {
				run++
				continue
			}
			c.endBlocks()
			for ; run > 15; run -= 16 {
				c.emit(table, 0xf0, 0, 0)
			}
			bits, category := magnitude(value)
			if category > maxACCategory {
				return fmt.Errorf("%w: an AC coefficient of %d", jpeg.ErrUnsupported, value)
			}
			c.emit(table, run<<4|category, bits, category)
			run = 0
		}
	}
	if run > 0 {
		c.ended++
		c.endTable = table
		if !c.runs || c.ended == maxEnded {
			c.endBlocks()
		}
	}
	return nil
}

// endBlocks codes that blocks have ended (section G.1.2.2).
func (c *coder) endBlocks() {
	if c.ended > 0 {
		category := bitsOf(c.ended) - 1
		c.emit(c.endTable, category<<4, uint32(c.ended-1<<category), category)
		c.ended = 0
	}
}

// next starts an interval.
func (c *coder) next() {
	c.endBlocks()
	c.predicted = [4]int{}
	c.tokens = append(c.tokens, restart)
}

func (c *coder) emit(table, symbol int, value uint32, bits int) {
	c.tokens = append(c.tokens, newToken(table, symbol, value, bits))
}

// code returns the tokens of a scan, in memory of buf as far as it reaches.
func (f *frame) code(s scan, runs bool, buf []token) ([]token, error) {
	c := coder{scan: s, runs: runs, tokens: buf[:0]}
	err := f.units(s, c.code, c.next)
	c.endBlocks()
	return c.tokens, err
}
