package pool

// A line is a run of windows in one row of the output, with what goes with them
// in the input. Distances are in floats.
type line struct {
	pixels            int       // windows
	from              []float32 // the input in a forward pass
	to                []float32
	at, pixelIn       int // of the first window's first tap in the input; from window to window
	rows, rowIn       int // of the window that lie in the image
	taps, tapIn       int // of a row that lie in the image
	place, pixelOut   int // of the first window in the output
	number            int // of the first tap in its window
	window            int // taps in a row of a whole window
	places, high      []uint8
	share             float32 // of a pixel in the mean
	channel, channels int     // those from channel on, up to channels
}

// line returns the run of windows in row y of the output of an image.
func (o *operands) line(image, y int, r run) line {
	rows, columns := &o.rows, &o.columns
	down, across := rows.windows[y], columns.windows[r.index]
	l := line{
		pixels: r.n, at: ((image*rows.side+down.first)*columns.side + across.first) * o.channels,
		pixelIn: r.stride * o.channels, rows: down.count, taps: across.count,
		rowIn: rows.step * columns.side * o.channels, tapIn: columns.step * o.channels,
		place:    ((image*len(rows.windows)+y)*len(columns.windows) + r.index) * o.channels,
		pixelOut: o.channels, number: down.skipped*columns.taps + across.skipped,
		window: columns.taps, channels: o.channels,
		share: 1 / float32(down.length*across.length), from: o.from, to: o.to,
	}
	if o.places != nil {
		n := o.batch * o.ToSize()
		l.places, l.high = o.places[:n], o.places[n:]
	}
	return l
}

// maxRow computes a row of the output, counted through the batch.
func (o *operands) maxRow(row int) {
	height := len(o.rows.windows)
	for _, r := range o.columns.runs {
		l := o.line(row/height, row%height, r)
		l.max()
	}
}

func (o *operands) meanRow(row int) {
	height := len(o.rows.windows)
	for _, r := range o.columns.runs {
		l := o.line(row/height, row%height, r)
		l.mean()
	}
}

// back returns the part of a line that reaches one row of the input, through
// the row of its windows that has the given number.
func (o *operands) back(image, y int, c cover, r run) line {
	l := o.line(image, c.window, r)
	l.at += (y - o.rows.windows[c.window].first) * o.columns.side * o.channels
	l.number = c.tap*o.columns.taps + o.columns.windows[r.index].skipped
	return l
}

// maxGradientRow computes a row of the input's gradient, counted through the
// batch.
func (o *operands) maxGradientRow(row int) {
	image, y := o.start(row)
	for _, c := range o.rows.covers[y] {
		for _, r := range o.columns.runs {
			l := o.back(image, y, c, r)
			l.maxGradient()
		}
	}
}

func (o *operands) meanGradientRow(row int) {
	image, y := o.start(row)
	for _, c := range o.rows.covers[y] {
		for _, r := range o.columns.runs {
			l := o.back(image, y, c, r)
			l.meanGradient()
		}
	}
}

// start sets a row of the input's gradient to zero, unless it is added to.
func (o *operands) start(row int) (image, y int) {
	n := o.columns.side * o.channels
	if !o.adds {
		clear(o.to[row*n : (row+1)*n])
	}
	return row / o.rows.side, row % o.rows.side
}
