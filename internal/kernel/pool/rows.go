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

// line returns the run of windows in row y of the output of an image, for a
// block of channels.
func (o *operands) line(image, y int, r run, b block) line {
	rows, columns := &o.rows, &o.columns
	down, across := rows.windows[y], columns.windows[r.index]
	l := line{
		pixels: r.n, at: ((image*rows.side+down.first)*columns.side + across.first) * o.channels,
		pixelIn: r.stride * o.channels, rows: down.count, taps: across.count,
		rowIn: rows.step * columns.side * o.channels, tapIn: columns.step * o.channels,
		place:    ((image*len(rows.windows)+y)*len(columns.windows) + r.index) * o.channels,
		pixelOut: o.channels, number: down.skipped*columns.taps + across.skipped,
		window: columns.taps, channel: b.first, channels: b.last,
		share: 1 / float32(down.length*across.length), from: o.from, to: o.to,
	}
	if o.places != nil {
		n := o.batch * o.ToSize()
		l.places, l.high = o.places[:n], o.places[n:]
	}
	return l
}

// maxRow computes a block of channels of a row of the output, counted through
// the batch.
func (o *operands) maxRow(unit int) {
	row, b := o.ahead.block(unit, o.channels)
	height := len(o.rows.windows)
	for _, r := range o.columns.runs {
		l := o.line(row/height, row%height, r, b)
		l.max()
	}
}

func (o *operands) meanRow(unit int) {
	row, b := o.ahead.block(unit, o.channels)
	height := len(o.rows.windows)
	for _, r := range o.columns.runs {
		l := o.line(row/height, row%height, r, b)
		l.mean()
	}
}

// reach returns the part of a line that reaches row y of the input, through the
// row of its windows that has the given number.
func (o *operands) reach(image, y int, c cover, r run, b block) line {
	l := o.line(image, c.window, r, b)
	l.at += (y - o.rows.windows[c.window].first) * o.columns.side * o.channels
	l.number = c.tap*o.columns.taps + o.columns.windows[r.index].skipped
	return l
}

// maxGradientRow computes a block of channels of a row of the input's gradient,
// counted through the batch.
func (o *operands) maxGradientRow(unit int) {
	image, y, b := o.start(unit)
	for _, c := range o.rows.covers[y] {
		for _, r := range o.columns.runs {
			l := o.reach(image, y, c, r, b)
			l.maxGradient()
		}
	}
}

func (o *operands) meanGradientRow(unit int) {
	image, y, b := o.start(unit)
	for _, c := range o.rows.covers[y] {
		for _, r := range o.columns.runs {
			l := o.reach(image, y, c, r, b)
			l.meanGradient()
		}
	}
}

// start sets a row of the input's gradient to zero, unless it is added to.
func (o *operands) start(unit int) (image, y int, b block) {
	row, b := o.back.block(unit, o.channels)
	if width := o.columns.side * o.channels; !o.adds {
		for at := row * width; at < (row+1)*width; at += o.channels {
			clear(o.to[at+b.first : at+b.last])
		}
	}
	return row / o.rows.side, row % o.rows.side, b
}
