package pool

// A window is what one of them covers of a side.
type window struct {
	first, count int // pixels in the image, the axis's step apart
	skipped      int // taps before first that lie outside
	length       int // what its mean is divided by
}

// A run are neighbouring windows that are alike, each as far behind the other.
type run struct{ index, n, stride int }

// A cover says that tap number tap of a window covers a pixel.
type cover struct{ window, tap int }

// An axis is the windows along the rows or columns of an image.
type axis struct {
	side, step, taps int // pixels, from tap to tap, of a whole window
	windows          []window
	runs             []run
	covers           [][]cover // by pixel
}

// slidingAxis returns the windows of a geometry along a dimension.
func slidingAxis(g Geometry, dimension, side, out int) axis {
	k, pad, step := g.Kernel[dimension], g.Pad[dimension], g.Dilation[dimension]
	a := axis{side: side, step: step, taps: k}
	for i := range out {
		start := i*g.Stride[dimension] - pad
		w := window{length: min(k, (side+pad-start+step-1)/step)}
		lo := (max(-start, 0) + step - 1) / step
		hi := min(k, max((side-start+step-1)/step, lo))
		w.first, w.count, w.skipped = start+lo*step, hi-lo, lo
		if g.ExcludePad {
			w.length = max(w.count, 1)
		}
		a.windows = append(a.windows, w)
	}
	return a.indexed()
}

// adaptiveAxis returns n windows that cover a side.
func adaptiveAxis(side, n int) axis {
	a := axis{side: side, step: 1}
	for i := range n {
		first, last := i*side/n, ((i+1)*side+n-1)/n
		a.windows = append(a.windows, window{first: first, count: last - first, length: last - first})
		a.taps = max(a.taps, last-first)
	}
	return a.indexed()
}

// indexed returns the axis with its runs and covers.
func (a axis) indexed() axis {
	a.covers = make([][]cover, a.side)
	for i, w := range a.windows {
		for tap := range w.count {
			at := w.first + tap*a.step
			a.covers[at] = append(a.covers[at], cover{i, w.skipped + tap})
		}
		if !a.extend(i) {
			a.runs = append(a.runs, run{index: i, n: 1})
		}
	}
	return a
}

// extend lets the last run go on with window i, where that is like the others.
func (a *axis) extend(i int) bool {
	if len(a.runs) == 0 {
		return false
	}
	w, last, r := a.windows[i], a.windows[i-1], &a.runs[len(a.runs)-1]
	stride := w.first - last.first
	last.first = w.first
	if w != last || r.n > 1 && stride != r.stride {
		return false
	}
	r.stride = stride
	r.n++
	return true
}

// limit cuts runs down to so many windows.
func (a *axis) limit(windows int) {
	var runs []run
	for _, r := range a.runs {
		for r.n > windows {
			runs = append(runs, run{r.index, windows, r.stride})
			r.index, r.n = r.index+windows, r.n-windows
		}
		runs = append(runs, r)
	}
	a.runs = runs
}
