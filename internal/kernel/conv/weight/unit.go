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
	split := j.together * j.bandRows * j.width * panelColumns
	for i := lo; i < hi; i++ {
		u := unit{job: j, panel: scratch[:split], pixels: scratch[split:]}
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

// A view is how the pixels of a chunk lie in memory, strides in floats.
type view struct {
	data                []float32 // from the first one's first channel
	pixel, line         int       // of the input
	xPixel, xRow, image int       // from what one pixel, row, image of the output meets to the next
	images, rows, width int       // of the output
}

// addChunk adds what a chunk contributes.
func (u *unit) addChunk(i int) {
	g := &u.geometry
	firstImage := i / u.bands * u.together
	images := min(u.together, u.call.Batch-firstImage)
	row := i % u.bands * u.bandRows
	rows := min(u.bandRows, u.height-row)
	v := u.view(firstImage, images, row, rows)
	pixel := firstImage*u.height*u.width + row*u.width
	count := images * rows * u.width
	for k := 0; k < u.outCount; k += panelColumns {
		columns := min(panelColumns, u.outCount-k)
		at := u.out + k
		var sum [panelColumns]float32
		packLines(u.panel, u.call.Output[pixel*g.Out+at:], g.Out, columns, count, &sum)
		if u.bias != nil {
			addTo(u.bias[at:at+columns], sum[:])
		}
		u.addPanel(&v, at, columns, i > u.first)
	}
}

// addPanel adds what a chunk contributes to a panel's columns.
func (u *unit) addPanel(v *view, at, columns int, accumulate bool) {
	g := &u.geometry
	t := tile{
		xPixel: v.xPixel, xRow: v.xRow, xImage: v.image,
		images: v.images, height: v.rows, width: v.width,
		columns: columns, line: panelColumns, toRow: g.Out, accumulate: accumulate,
	}
	taps, rows := g.Kernel[1], u.inCount
	if g.Dilation[1] == 1 && u.inCount == u.groupIn {
		taps, rows = 1, rows*taps // which lie one behind the other
	}
	for y := range g.Kernel[0] {
		for x := range taps {
			from := v.data[y*g.Dilation[0]*v.line+x*g.Dilation[1]*v.pixel:]
			to := u.weights[((y*g.Kernel[1]+x)*u.groupIn+u.row)*g.Out+at:]
			t.run(to, from, u.panel, rows)
		}
	}
}

// view returns the pixels that rows of some images of the output meet, copied
// where they must be.
func (u *unit) view(firstImage, images, row, rows int) view {
	g := &u.geometry
	if u.inPlace {
		return view{data: u.call.Input[(firstImage*g.Height+row)*g.Width*g.In+u.in:],
			pixel: g.In, xPixel: g.In, images: 1, rows: 1, width: images * rows * u.width}
	}
	height, width := u.copied(rows)
	line := width * u.inCount
	for n := range images {
		image := u.call.Input[(firstImage+n)*g.InputSize():][:g.InputSize()]
		for y := range height {
			to := u.pixels[(n*height+y)*line:][:line]
			u.copyRow(to, image, row*g.Stride[0]+y*u.take[0]-g.Pad[0])
		}
	}
	return view{data: u.pixels, pixel: u.inCount, line: line, xPixel: u.step[1] * u.inCount,
		xRow: u.step[0] * line, image: height * line, images: images, rows: rows, width: u.width}
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
