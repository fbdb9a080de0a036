package weight

// A wish is memory that will be read soon. Tiles have time to spare at every
// pixel for a prefetch of a line of the cache, so that a tile fetches one line
// of as many vectors as it has pixels.
type wish struct {
	data         []float32 // the first line of the first vector
	step         int       // from one vector to the next
	lines        int       // of a vector
	pixels       int       // vectors that a tile fetches a line of
	piece, limit int       // the next piece of the work, and where it ends
}

// wishFor wants n vectors of so many floats. Tiles have so many pixels.
func wishFor(data []float32, step, floats, n, pixels int) wish {
	if floats == step { // all are one
		n, floats, step = (n*floats+lineFloats-1)/lineFloats, lineFloats, lineFloats
	}
	w := wish{data: data, step: step, lines: (floats + lineFloats - 1) / lineFloats, pixels: pixels}
	w.limit = (n + pixels - 1) / pixels * w.lines
	return w
}

// share returns share i of n of a wish.
func (w wish) share(i, n int) wish {
	w.piece, w.limit = w.limit*i/n, w.limit*(i+1)/n
	return w
}

// next returns from where on and in which steps a tile is to fetch lines; if
// there is nothing, the step is 0.
func (t *tile) next() (data []float32, step int) {
	for i := range t.wishes {
		w := &t.wishes[i]
		if w.piece >= w.limit {
			continue
		}
		at := w.piece/w.lines*w.pixels*w.step + w.piece%w.lines*lineFloats
		w.piece++
		if at < len(w.data) {
			return w.data[at:], w.step
		}
	}
	return nil, 0
}
