package winograd

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// A grid cuts images into tiles.
type grid struct {
	*basis
	height, width       int // of the images that are read
	outHeight, outWidth int
	pad                 [2]int
	down, across        int // tiles of an image
}

func newGrid(s *basis, height, width int, pad [2]int) grid {
	g := grid{basis: s, height: height, width: width, pad: pad}
	g.outHeight, g.outWidth = height+2*pad[0]-2, width+2*pad[1]-2
	g.down = (g.outHeight + s.tile - 1) / s.tile
	g.across = (g.outWidth + s.tile - 1) / s.tile
	return g
}

// tiles returns how many tiles an image has.
func (g *grid) tiles() int { return g.down * g.across }

// place returns which image a tile is of, and where its output begins.
func (g *grid) place(tile int) (sample, y, x int) {
	sample, tile = tile/g.tiles(), tile%g.tiles()
	return sample, tile / g.across * g.tile, tile % g.across * g.tile
}

// A window is a square of an image's pixels, some of which may lie beside it.
type window struct {
	image         []float32
	height, width int
	channels      int
	y, x, side    int
}

// inside tells whether all pixels are the image's.
func (w *window) inside() bool {
	return w.y >= 0 && w.x >= 0 && w.y+w.side <= w.height && w.x+w.side <= w.width
}

// view returns the window's pixels and how many vectors they have: those of the
// image, or, where pixels or channels are missing, a copy with zeros for them.
func (w *window) view(scratch []float32) (v view, count int) {
	count = (w.channels + lanes - 1) / lanes
	if w.inside() && w.channels%lanes == 0 {
		return view{data: w.image[(w.y*w.width+w.x)*w.channels:], row: w.width * w.channels,
			column: w.channels, step: lanes}, count
	}
	v = view{data: scratch, row: w.side * count * lanes, column: count * lanes, step: lanes}
	first, last := max(w.x, 0), min(w.x+w.side, w.width)
	for i := range w.side {
		row := scratch[i*v.row : (i+1)*v.row]
		if y := w.y + i; y < 0 || y >= w.height {
			clear(row)
			continue
		}
		clear(row[:(first-w.x)*v.column])
		clear(row[(last-w.x)*v.column:])
		line := w.image[((w.y+i)*w.width+first)*w.channels:][:(last-first)*w.channels]
		row = row[(first-w.x)*v.column:]
		if w.channels%lanes == 0 {
			copy(row, line)
			continue
		}
		for ; len(line) > 0; line, row = line[w.channels:], row[v.column:] {
			n := copy(row, line[:w.channels])
			clear(row[n:v.column])
		}
	}
	return v, count
}

// ask lets memory bring the window, where it lies inside of its image, into the
// caches.
func (w *window) ask() {
	if w.inside() {
		askRows(w.image[(w.y*w.width+w.x)*w.channels:], w.width*w.channels, w.side,
			w.side*w.channels)
	}
}

// A target is where results of a panel of channels go.
type target struct {
	call     *conv.Call
	finish   finish
	channels int // of the images
	first    int // channel
	columns  int // channels of the panel
}

// newTarget returns the target of a panel. bias is memory for its biases.
func newTarget(c *conv.Call, channels, panelNumber int, bias []float32) target {
	t := target{call: c, channels: channels, first: panelNumber * panel}
	t.columns = min(panel, channels-t.first)
	e := &c.Epilogue
	t.finish = finish{bias: noBias[:], low: -infinity, high: infinity}
	if e.Bias != nil {
		t.finish.bias = bias[:panel]
		n := copy(bias, e.Bias[t.first:t.first+t.columns])
		clear(bias[n:panel])
	}
	if e.ReLU {
		t.finish.low = 0
		if e.Ceiling > 0 {
			t.finish.high = e.Ceiling
		}
	}
	return t
}

// put makes a tile of the output of sums. scratch has room for two tiles.
func (g *grid) put(t *target, tile int, sums, scratch []float32) {
	sample, y, x := g.place(tile)
	at := ((sample*g.outHeight+y)*g.outWidth+x)*t.channels + t.first
	src := view{data: sums, row: g.side * panel, column: panel, step: lanes}
	e, residual := t.finish, t.call.Epilogue.Residual
	dst := view{row: g.outWidth * t.channels, column: t.channels, step: lanes}
	height, width := min(g.tile, g.outHeight-y), min(g.tile, g.outWidth-x)
	if height == g.tile && width == g.tile && t.columns%lanes == 0 {
		dst.data = t.call.To[at:]
		if residual != nil {
			e.residual = residual[at:]
		}
		g.makeOutput(dst, src, t.columns/lanes, e)
		return
	}
	square := g.tile * g.tile * panel
	part := view{data: scratch[:square], row: g.tile * panel, column: panel, step: lanes}
	eachPixel := func(f func(image, part int)) {
		for i := range height {
			for j := range width {
				f(at+i*dst.row+j*dst.column, i*part.row+j*part.column)
			}
		}
	}
	if residual != nil {
		e.residual = scratch[square : 2*square]
		eachPixel(func(image, part int) {
			copy(e.residual[part:part+panel], residual[image:image+t.columns])
		})
	}
	g.makeOutput(part, src, panel/lanes, e)
	eachPixel(func(image, at int) {
		copy(t.call.To[image:image+t.columns], part.data[at:])
	})
}
