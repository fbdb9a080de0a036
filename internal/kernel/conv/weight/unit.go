package weight

import "unsafe"

// A unit is what one worker computes at a time: the sums of a block of channels
// over a part of the pixels.
type unit struct {
	*job
	weights, bias []float32 // of its part
	in, inCount   int       // channels of the input
	row           int       // of them in the kernel: the first one's number in its group
	out, outCount int       // channels of the output
	first, last   int       // chunks
	panel, pixels []float32 // packed output, padded input
}

// runUnits computes the units [lo,hi).
func (j *job) runUnits(worker, lo, hi int) {
	scratch := j.call.Workspace[j.sumsSize()+worker*j.scratchSize():][:j.scratchSize()]
	address := uintptr(unsafe.Pointer(unsafe.SliceData(scratch))) / 4 % lineFloats
	scratch = scratch[(lineFloats-address)%lineFloats:]
	panel := j.panelSize()
	pixels := panel + j.copiesSize()
	for i := lo; i < hi; i++ {
		u := unit{job: j, panel: scratch[:panel], pixels: scratch[panel:pixels]}
		outBlock, rest := i%j.outBlocks, i/j.outBlocks
		inBlock, rest := rest%j.inBlocks, rest/j.inBlocks
		group, part := rest%j.geometry.Groups, rest/j.geometry.Groups
		u.row = inBlock * j.channels
		u.in, u.inCount = group*j.groupIn+u.row, min(j.channels, j.groupIn-u.row)
		u.out = outBlock * j.columns
		u.outCount = min(j.columns, j.groupOut-u.out)
		u.out += group * j.groupOut
		u.weights, u.bias = j.sums(part)
		if inBlock != 0 {
			u.bias = nil // another unit's
		}
		u.first, u.last = part*j.chunks/j.parts, (part+1)*j.chunks/j.parts
		u.run()
	}
}

func (u *unit) run() {
	if u.bias != nil {
		clear(u.bias[u.out : u.out+u.outCount])
	}
	for i := u.first; i < u.last; i++ {
		u.addChunk(i)
	}
}

// addChunk adds what a chunk contributes.
func (u *unit) addChunk(i int) {
	c := u.chunk(i)
	v := u.view(c)
	panels := (u.outCount + panelColumns - 1) / panelColumns
	input := u.wishInput(i+1, c.pixels)
	for k := range panels {
		at, columns := u.panelAt(k)
		lines, stride := u.lines(c, at, columns)
		t := tile{
			xPixel: v.xPixel, xRow: v.xRow, xImage: v.xImage,
			images: v.images, height: v.rows, width: v.width,
			columns: columns, line: stride, toRow: u.geometry.Out, accumulate: i > u.first,
			isPaired: u.isPaired, wishes: u.wishLines(i, k+1, panels, c.pixels),
		}
		for m := range input {
			t.wishes[fold+m] = input[m].share(k, panels)
		}
		u.addPanel(&t, &v, at, lines)
	}
}

// panelAt returns the first channel of panel k and how many there are.
func (u *unit) panelAt(k int) (at, columns int) {
	return u.out + k*panelColumns, min(panelColumns, u.outCount-k*panelColumns)
}

// addPanel adds what a chunk contributes to a panel's columns.
func (u *unit) addPanel(t *tile, v *view, at int, lines []float32) {
	g := &u.geometry
	taps, rows := g.Kernel[1], u.inCount
	if g.Dilation[1] == 1 && u.inCount == u.groupIn {
		taps, rows = 1, rows*taps // which lie one behind the other
	}
	for y := range g.Kernel[0] {
		for x := range taps {
			from := v.data[y*g.Dilation[0]*v.line+x*g.Dilation[1]*v.pixel:]
			to := u.weights[((y*g.Kernel[1]+x)*u.groupIn+u.row)*g.Out+at:]
			t.run(to, from, lines, rows)
		}
	}
}
