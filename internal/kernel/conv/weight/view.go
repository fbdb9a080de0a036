package weight

// A view is how the pixels that a chunk meets lie in memory, strides in floats.
type view struct {
	data                 []float32 // from the first one's first channel
	pixel, line          int       // of the input
	xPixel, xRow, xImage int       // from what a pixel, row, image of the output meets to the next
	images, rows, width  int       // of the output
}

// input returns a chunk's image n of the input, or the one that it is paired
// with, and all behind it. There may be none of the latter.
func (u *unit) input(c chunk, n, other int) []float32 {
	image := (c.image+n)*u.fold() + other
	if image >= u.call.Batch {
		return nil
	}
	return u.call.Input[image*u.geometry.InputSize():]
}

// view returns the pixels that a chunk meets, copied where they must be.
func (u *unit) view(c chunk) view {
	if u.isPointed && (u.inPlace || u.isPaired) {
		return u.points(c)
	}
	height, width := u.copied(c.rows)
	line := width * u.inCount
	for n := range c.images {
		for y := range height {
			to := u.pixels[(n*height+y)*line:][:line]
			from := c.row*u.geometry.Stride[0] + y*u.take[0] - u.geometry.Pad[0]
			if u.isPaired {
				u.pairRow(to, u.input(c, n, 0), u.input(c, n, 1), from)
			} else {
				u.copyRow(to, u.input(c, n, 0), from)
			}
		}
	}
	v := view{data: u.pixels, pixel: u.inCount, line: line, xPixel: u.step[1] * u.inCount,
		xRow: u.step[0] * line, xImage: height * line,
		images: c.images, rows: c.rows, width: u.width}
	if v.xRow == v.width*v.xPixel && v.xImage == v.rows*v.xRow { // rows without a gap
		v.images, v.rows, v.width = 1, 1, c.pixels
	}
	return v
}

// points returns the pixels of a kernel of one, for which rows make no difference.
func (u *unit) points(c chunk) view {
	g := &u.geometry
	v := view{pixel: u.inCount, xPixel: u.inCount, images: 1, rows: 1, width: c.pixels}
	first, count := c.row*u.width*g.In+u.in, c.rows*u.width
	if u.inPlace {
		v.data = u.input(c, 0, 0)[first:]
		return v
	}
	v.data = u.pixels
	stride, floats := g.In, u.inCount
	if floats == stride {
		stride, floats, count = floats*count, floats*count, 1
	}
	for n := range c.images {
		to, low, high := u.pixels[n*count*floats:], u.input(c, n, 0)[first:], u.input(c, n, 1)
		if high == nil {
			pairWithZeros(to, floats, low, stride, floats, count)
		} else {
			pairLines(to, floats, low, high[first:], stride, floats, count)
		}
	}
	return v
}

// pairRow copies the block's channels of row y of two images, padded, the second
// of which may be missing.
func (u *unit) pairRow(to, low, high []float32, y int) {
	first, from, n := u.seen(len(to), y)
	clear(to[:first])
	stride, floats := u.take[1]*u.geometry.In, u.inCount
	if stride == floats { // all are one
		floats, n = n*floats, min(n, 1)
	}
	switch {
	case n == 0:
	case high == nil:
		pairWithZeros(to[first:], floats, low[from:], stride, floats, n)
	default:
		pairLines(to[first:], floats, low[from:], high[from:], stride, floats, n)
	}
	clear(to[first+n*floats:])
}

// copyRow copies the block's channels of row y of an image, padded.
func (u *unit) copyRow(to, image []float32, y int) {
	first, from, n := u.seen(len(to), y)
	clear(to[:first])
	if n > 0 {
		copyLines(to[first:], u.inCount, image[from:], u.take[1]*u.geometry.In, u.inCount, n)
	}
	clear(to[first+n*u.inCount:])
}

// seen returns where in a padded row of so many floats the first of n pixels of row y
// of an image goes, and where in the image it is; n is 0 where all is padding.
func (u *unit) seen(floats, y int) (first, from, n int) {
	g := &u.geometry
	if y < 0 || y >= g.Height {
		return 0, 0, 0
	}
	take, pad := u.take[1], g.Pad[1]
	before := (pad + take - 1) / take // pixels that lie in the padding
	n = min(floats/u.inCount, (g.Width+pad-1)/take+1) - before
	if n <= 0 {
		return 0, 0, 0
	}
	return before * u.inCount, (y*g.Width+before*take-pad)*g.In + u.in, n
}
