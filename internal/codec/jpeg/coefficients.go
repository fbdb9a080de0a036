package jpeg

import (
	"fmt"
	"image"
	"iter"
	"slices"
)

// Coefficients are all that a file says of its image, for writing it anew
// without loss.
type Coefficients struct {
	Header     Header
	Components []Component
	// Quant are the quantisation tables, in natural order, that the components
	// name.
	Quant [4][64]uint16
	// Segments are the APPn and COM segments before the first scan, in order,
	// each with its marker and length.
	Segments [][]byte
}

// A Component is the coefficients of a component of an image.
type Component struct {
	ID         byte
	H, V       int // sampling factors, 1 in files of one component
	QuantIndex int // in Coefficients.Quant
	// BlocksWide and BlocksHigh count the blocks with those that fill up MCUs
	// of H x V blocks at the right and at the bottom.
	BlocksWide, BlocksHigh int
	// Blocks holds the quantised coefficients, 64 a block in natural order, the
	// blocks row by row.
	Blocks []int16
}

// Coefficients reads all coefficients of the file that was opened, which must
// be without damage. The caller owns the result, but the segments are parts
// of the file's data.
func (d *Decoder) Coefficients() (*Coefficients, error) {
	if d.header.Width == 0 {
		return nil, fmt.Errorf("jpeg: Coefficients before Open")
	}
	whole := image.Rect(0, 0, d.header.Width, d.header.Height)
	d.strict, d.report = true, Report{}
	d.layOut(whole, 1, true)
	defer d.forget()
	d.tables = d.first
	d.readIndex()
	if err := d.readScans(); err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	result := &Coefficients{Header: d.header, Segments: slices.Collect(d.segments())}
	for i := range d.planes() {
		c := &d.components[i]
		// Another scan may have changed the table of the slot that this
		// component names: each gets one of its own then.
		index := c.table
		for k := range i {
			if p := &d.components[k]; result.Components[k].QuantIndex == index && p.quant != c.quant {
				index = freeSlot(result.Components)
			}
		}
		result.Quant[index] = c.quant
		result.Components = append(result.Components, Component{
			ID: c.id, H: c.h, V: c.v, QuantIndex: index,
			BlocksWide: c.right - c.left, BlocksHigh: c.rows,
			Blocks: append([]int16(nil), c.coefs...),
		})
	}
	return result, nil
}

// freeSlot returns a quantisation table that no component has.
func freeSlot(components []Component) int {
	var taken [4]bool
	for i := range components {
		taken[components[i].QuantIndex] = true
	}
	slot := 0
	for taken[slot] {
		slot++
	}
	return slot
}

// segments yields the APPn and COM segments before the first scan, each with
// its marker and length.
func (d *Decoder) segments() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for p := 2; p < d.scans; {
			marker, at, ok := nextMarker(d.data, p)
			if !ok || at >= d.scans {
				return
			}
			if p = at + 2; standsAlone(marker) {
				continue
			}
			_, next, err := segmentAt(d.data, at)
			if err != nil {
				return
			}
			kept := marker >= markerAPP0 && marker <= markerAPP15 || marker == markerCOM
			if kept && !yield(d.data[at:next]) {
				return
			}
			p = next
		}
	}
}
