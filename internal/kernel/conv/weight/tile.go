package weight

// A tile is a task: sums over pixels of products of what they meet in the input
// with lines of 32 channels of the output,
//
//	to[r*toRow+k] (+)= sum over n < images, y < height, x < width of
//		from[n*xImage+y*xRow+x*xPixel+r] * lines[((n*height+y)*width+x)*32+k]
//
// for r < rows, k < columns. It adds to what there is where accumulate is set
// and overwrites it otherwise.
type tile struct {
	xPixel, xRow, xImage  int
	images, height, width int
	columns, toRow        int
	accumulate            bool
}

// generic is the contract.
func (t *tile) generic(to, from, lines []float32, rows int) {
	for r := range rows {
		var sum [panelColumns]float32
		line := lines
		for n := range t.images {
			for y := range t.height {
				x := from[n*t.xImage+y*t.xRow+r:]
				for i := range t.width {
					v := x[i*t.xPixel]
					l := (*[panelColumns]float32)(line)
					for k := range l {
						sum[k] += v * l[k]
					}
					line = line[panelColumns:]
				}
			}
		}
		out := to[r*t.toRow:][:t.columns]
		if !t.accumulate {
			copy(out, sum[:])
			continue
		}
		for k := range out {
			out[k] += sum[k]
		}
	}
}

// run computes the tile of any number of rows.
func (t *tile) run(to, from, lines []float32, rows int) {
	t.generic(to, from, lines, rows)
}

// copyLines copies n lines of so many floats, from one stride to another.
func copyLines(to []float32, toStride int, from []float32, fromStride, floats, n int) {
	if floats == toStride && floats == fromStride {
		copy(to[:n*floats], from[:n*floats])
		return
	}
	for i := range n {
		copy(to[i*toStride:][:floats], from[i*fromStride:][:floats])
	}
}

// padLines clears lines of a panel from the given column on.
func padLines(panel []float32, from, n int) {
	for i := range n {
		clear(panel[i*panelColumns+from : (i+1)*panelColumns])
	}
}

// addLines adds n lines of a panel to sum.
func addLines(sum, panel []float32, n int) {
	var sums [panelColumns]float32
	for i := range n {
		line := (*[panelColumns]float32)(panel[i*panelColumns:])
		for k, v := range line {
			sums[k] += v
		}
	}
	for k := range sum {
		sum[k] += sums[k]
	}
}

// addTo adds each element of other to that of sum.
func addTo(sum, other []float32) {
	other = other[:len(sum)]
	for i := range sum {
		sum[i] += other[i]
	}
}
