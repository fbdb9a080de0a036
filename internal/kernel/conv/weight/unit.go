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
	padded        []float32 // a row of it
}

// runUnits computes the units [lo,hi).
func (j *job) runUnits(worker, lo, hi int) {
	scratch := j.call.Workspace[j.sumsSize()+worker*j.scratchSize():][:j.scratchSize()]
	address := uintptr(unsafe.Pointer(unsafe.SliceData(scratch))) / 4 % lineFloats
	scratch = scratch[(lineFloats-address)%lineFloats:]
	panel := j.panelSize()
	pixels := panel + j.copiesSize()
	for i := lo; i < hi; i++ {
		u := unit{job: j, panel: scratch[:panel], pixels: scratch[panel:pixels],
			padded: scratch[pixels:]}
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

// A chunk is what is taken of the pixels at a time: rows of some images' output.
type chunk struct {
	image, images int
	row, rows     int
	first         int // pixel of the output
	pixels        int // of it
}

func (u *unit) chunk(i int) chunk {
	c := chunk{image: i / u.bands * u.together, row: i % u.bands * u.bandRows}
	c.images = min(u.together, u.call.Batch-c.image)
	c.rows = min(u.bandRows, u.height-c.row)
	c.first = (c.image*u.height + c.row) * u.width
	c.pixels = c.images * c.rows * u.width
	return c
}

// A view is how the pixels that a chunk meets lie in memory, strides in floats.
type view struct {
	data                []float32 // from the first one's first channel
	pixel, line         int       // of the input
	xPixel, xRow, image int       // from what one pixel, row, image of the output meets to the next
	images, rows, width int       // of the output
}

// addChunk adds what a chunk contributes.
func (u *unit) addChunk(i int) {
	c := u.chunk(i)
	v := u.view(c)
	panels := (u.outCount + panelColumns - 1) / panelColumns
	steps := v.images * v.rows * v.width
	input := u.wishInput(i+1, steps)
	for k := range panels {
		at, columns := u.panelAt(k)
		lines, stride := u.lines(c, at, columns)
		t := tile{
			xPixel: v.xPixel, xRow: v.xRow, xImage: v.image,
			images: v.images, height: v.rows, width: v.width,
			columns: columns, line: stride, toRow: u.geometry.Out, accumulate: i > u.first,
			isPaired: u.isPaired,
			wishes:   [2]wish{u.wishLines(i, k+1, panels, steps), input.share(k, panels)},
		}
		u.addPanel(&t, &v, at, lines)
	}
}

// pairPanel packs lines of pairs of pixels of the same row, or of any where
// rows make no difference.
func (u *unit) pairPanel(lines []float32, columns int, c chunk) {
	rows, width := c.images*c.rows, u.width
	if u.isPointed {
		rows, width = 1, c.pixels
	}
	for y := range rows {
		pairPixels(u.panel[y*u.pairs(width)*panelColumns:], panelColumns,
			lines[y*width*u.geometry.Out:], u.geometry.Out, columns, width)
	}
}

// panelAt returns the first channel of panel k and how many there are.
func (u *unit) panelAt(k int) (at, columns int) {
	return u.out + k*panelColumns, min(panelColumns, u.outCount-k*panelColumns)
}

// lines returns a panel's lines of the output's gradient and their stride,
// packed unless they are used where they are, and sees to the bias.
func (u *unit) lines(c chunk, at, columns int) (lines []float32, stride int) {
	var sum [panelColumns]float32
	out := u.geometry.Out
	lines, stride = u.call.Output[c.first*out+at:], out
	switch {
	case u.isPaired:
		u.pairPanel(lines, columns, c)
		lines, stride = u.panel, panelColumns
	case !u.linesInPlace:
		packLines(u.panel, lines, out, columns, c.pixels, &sum)
		lines, stride = u.panel, panelColumns
	}
	if u.bias != nil && (u.isPaired || u.linesInPlace) {
		sumLines(u.call.Output[c.first*out+at:], out, columns, c.pixels, &sum)
	}
	if u.bias != nil {
		addTo(u.bias[at:at+columns], sum[:])
	}
	return lines, stride
}

// wishLines wants the lines of a panel of chunk i, or if that has no more
// panels, of the next one's first.
func (u *unit) wishLines(i, panel, panels, pixels int) wish {
	if panel == panels {
		i, panel = i+1, 0
	}
	if i == u.last {
		return wish{}
	}
	c := u.chunk(i)
	at, columns := u.panelAt(panel)
	return wishFor(u.call.Output[c.first*u.geometry.Out+at:], u.geometry.Out, columns,
		c.pixels, pixels)
}

// wishInput wants the pixels that chunk i meets.
func (u *unit) wishInput(i, pixels int) wish {
	if i == u.last {
		return wish{}
	}
	g, c := &u.geometry, u.chunk(i)
	height, _ := u.copied(c.rows)
	top := c.row*g.Stride[0] - g.Pad[0]
	bottom := min(top+(height-1)*u.take[0]+1, g.Height)
	top = max(top, 0)
	from := (c.image*g.Height + top) * g.Width
	to := ((c.image+c.images-1)*g.Height + bottom) * g.Width
	return wishFor(u.call.Input[from*g.In+u.in:], g.In, u.inCount, to-from, pixels)
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

// view returns the pixels that a chunk meets, copied where they must be.
func (u *unit) view(c chunk) view {
	g := &u.geometry
	if u.inPlace {
		return view{data: u.call.Input[c.first*g.In:],
			pixel: g.In, xPixel: g.In, images: 1, rows: 1, width: c.pixels}
	}
	if u.isPaired && u.isPointed {
		pairPixels(u.pixels, u.inCount, u.call.Input[c.first*g.In+u.in:], g.In, u.inCount, c.pixels)
		return view{data: u.pixels, pixel: u.inCount, xPixel: u.inCount,
			images: 1, rows: 1, width: u.pairs(c.pixels)}
	}
	height, width := u.copied(c.rows)
	line := width * u.inCount
	for n := range c.images {
		image := u.call.Input[(c.image+n)*g.InputSize():][:g.InputSize()]
		for y := range height {
			to := u.pixels[(n*height+y)*line:][:line]
			from := c.row*g.Stride[0] + y*u.take[0] - g.Pad[0]
			if u.isPaired {
				u.pairRow(to, image, from)
			} else {
				u.copyRow(to, image, from)
			}
		}
	}
	v := view{data: u.pixels, pixel: u.inCount, line: line, xPixel: u.step[1] * u.inCount,
		xRow: u.step[0] * line, image: height * line,
		images: c.images, rows: c.rows, width: u.pairs(u.width)}
	if u.isPaired {
		v.xPixel *= 2
	}
	if v.xRow == v.width*v.xPixel && v.image == v.rows*v.xRow { // rows without a gap
		v.images, v.rows, v.width = 1, 1, v.images*v.rows*v.width
	}
	return v
}

// pairRow copies the block's channels of row y of an image, padded, each pixel
// paired with the one that the next pixel of the output meets in its place.
func (u *unit) pairRow(to, image []float32, y int) {
	u.copyRow(u.padded[:len(to)], image, y)
	next := u.step[1] * u.inCount
	clear(u.padded[len(to) : len(to)+next])
	pairLines(to, len(to), u.padded, u.padded[next:], len(to), len(to), 1)
}

// copyRow copies the block's channels of row y of an image, padded.
func (u *unit) copyRow(to, image []float32, y int) {
	g := &u.geometry
	if y < 0 || y >= g.Height {
		clear(to)
		return
	}
	take, pad := u.take[1], g.Pad[1]
	before := (pad + take - 1) / take // pixels of to that lie in the padding
	n := min(len(to)/u.inCount, (g.Width+pad-1)/take+1) - before
	if n <= 0 {
		clear(to)
		return
	}
	first := before * u.inCount
	clear(to[:first])
	from := image[(y*g.Width+before*take-pad)*g.In+u.in:]
	copyLines(to[first:], u.inCount, from, take*g.In, u.inCount, n)
	clear(to[first+n*u.inCount:])
}
