package weight

// A chunk is what is taken of the pixels at a time: rows of some images' output.
// Where products are of pairs, an image here is one pair: pixels of one image are
// paired with those of the next, the last one of an odd number with zeros.
type chunk struct {
	image, images int
	row, rows     int
	pixels        int // of the output
}

func (u *unit) chunk(i int) chunk {
	c := chunk{image: i / u.bands * u.together, row: i % u.bands * u.bandRows}
	c.images = min(u.together, u.images-c.image)
	c.rows = min(u.bandRows, u.height-c.row)
	c.pixels = c.images * c.rows * u.width
	return c
}

// output returns the gradient of the output of a chunk's image n, or of the one
// that it is paired with, from the chunk's row on. There may be none of the latter.
func (u *unit) output(c chunk, n, other int) []float32 {
	image := (c.image+n)*u.fold() + other
	if image >= u.call.Batch {
		return nil
	}
	return u.call.Output[(image*u.height+c.row)*u.width*u.geometry.Out:]
}

// half returns which image, or other one of a pair, is the first of a half of a
// chunk of pairs.
func (u *unit) half(c chunk, m int) (n, other int) {
	first := m * c.images
	return first / u.fold(), first % u.fold()
}

// lines returns a panel's lines of the output's gradient and their stride,
// packed unless they are used where they are, and sees to the bias.
func (u *unit) lines(c chunk, at, columns int) (lines []float32, stride int) {
	var sum [panelColumns]float32
	out := u.geometry.Out
	lines, stride = u.output(c, 0, 0)[at:], out
	switch {
	case u.isPaired:
		u.pairPanel(c, at, columns, &sum)
		lines, stride = u.panel, panelColumns
	case !u.linesInPlace:
		packLines(u.panel, lines, out, columns, c.pixels, &sum)
		lines, stride = u.panel, panelColumns
	case u.bias != nil:
		sumLines(lines, out, columns, c.pixels, &sum)
	}
	if u.bias != nil {
		addTo(u.bias[at:at+columns], sum[:])
	}
	return lines, stride
}

// pairPanel packs lines of pairs.
func (u *unit) pairPanel(c chunk, at, columns int, sum *[panelColumns]float32) {
	out, count := u.geometry.Out, c.rows*u.width
	for n := range c.images {
		to, low, high := u.panel[n*count*panelColumns:], u.output(c, n, 0)[at:], u.output(c, n, 1)
		if u.bias != nil {
			sumLines(low, out, columns, count, sum)
		}
		if high == nil {
			pairWithZeros(to, panelColumns, low, out, columns, count)
			continue
		}
		if u.bias != nil {
			sumLines(high[at:], out, columns, count, sum)
		}
		pairLines(to, panelColumns, low, high[at:], out, columns, count)
	}
}

// wishLines wants the lines of a panel of chunk i, or if that has no more
// panels, of the next one's first. Tiles have so many pixels.
func (u *unit) wishLines(i, panel, panels, pixels int) (wishes [2 * fold]wish) {
	if panel == panels {
		i, panel = i+1, 0
	}
	if i == u.last {
		return wishes
	}
	c := u.chunk(i)
	at, columns := u.panelAt(panel)
	for m := range u.fold() {
		n, other := u.half(c, m)
		if data := u.output(c, n, other); data != nil {
			wishes[m] = wishFor(data[at:], u.geometry.Out, columns, c.pixels, pixels)
		}
	}
	return wishes
}

// wishInput wants the pixels that chunk i meets.
func (u *unit) wishInput(i, pixels int) (wishes [fold]wish) {
	if i == u.last {
		return wishes
	}
	g, c := &u.geometry, u.chunk(i)
	height, _ := u.copied(c.rows)
	top := c.row*g.Stride[0] - g.Pad[0]
	bottom := min(top+(height-1)*u.take[0]+1, g.Height)
	if top = max(top, 0); top >= bottom { // all padding
		return wishes
	}
	for m := range u.fold() {
		n, other := u.half(c, m)
		if data := u.input(c, n, other); data != nil {
			count := ((c.images-1)*g.Height + bottom - top) * g.Width
			wishes[m] = wishFor(data[top*g.Width*g.In+u.in:], g.In, u.inCount, count, pixels)
		}
	}
	return wishes
}
