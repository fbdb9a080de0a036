package weight

// A tile is a task: sums over pixels of products of what they meet in the input
// with lines of channels of the output,
//
//	to[r*toRow+k] (+)= sum over n < images, y < height, x < width of
//		from[n*xImage+y*xRow+x*xPixel+r] * lines[((n*height+y)*width+x)*line+k]
//
// for r < rows, k < columns. It adds to what there is where accumulate is set
// and overwrites it otherwise.
type tile struct {
	xPixel, xRow, xImage  int
	images, height, width int
	columns, line, toRow  int
	accumulate            bool
	isPaired              bool           // elements are pairs of bfloat16 in the place of a float
	wishes                [2 * fold]wish // that are read soon
}

// maxSteps bounds the pixels that one call of the assembly goes through, since it
// cannot be interrupted.
const maxSteps = 4096

// run computes a tile of any number of rows. Rows of pixels longer than a chunk
// come alone, and are taken piece by piece.
func (t *tile) run(to, from, lines []float32, rows int) {
	t.check(to, from, lines, rows)
	if t.images*t.height > 1 || t.width <= maxSteps {
		t.runPiece(to, from, lines, rows)
		return
	}
	piece := *t
	for at := 0; at < t.width; at += maxSteps {
		piece.width = min(maxSteps, t.width-at)
		piece.runPiece(to, from[at*t.xPixel:], lines[at*t.line:], rows)
		piece.accumulate = true
	}
}

// generic is the contract, for at most panelColumns columns.
func (t *tile) generic(to, from, lines []float32, rows int) {
	for r := range rows {
		var sums [panelColumns]float32
		sum, at := sums[:t.columns], 0
		for n := range t.images {
			for y := range t.height {
				x := from[n*t.xImage+y*t.xRow+r:]
				for i := range t.width {
					t.addPixel(sum, x[i*t.xPixel], lines[at:])
					at += t.line
				}
			}
		}
		t.store(to[r*t.toRow:][:len(sum)], sum)
	}
}

// addPixel adds what an element of a pixel contributes.
func (t *tile) addPixel(sum []float32, v float32, line []float32) {
	line = line[:len(sum)]
	if t.isPaired {
		low, high := unpair(v)
		for k := range line {
			l, h := unpair(line[k])
			sum[k] += low*l + high*h
		}
		return
	}
	for k, l := range line {
		sum[k] += v * l
	}
}

// store puts a row of sums in its place.
func (t *tile) store(to, sum []float32) {
	if !t.accumulate {
		copy(to, sum)
		return
	}
	for k := range to {
		to[k] += sum[k]
	}
}

// check panics where a tile of so many rows would leave its slices.
func (t *tile) check(to, from, lines []float32, rows int) {
	pixels := t.images * t.height * t.width
	if t.columns < 1 || t.columns > panelColumns || pixels < 1 || rows < 1 ||
		len(to) < (rows-1)*t.toRow+t.columns || len(lines) < (pixels-1)*t.line+t.columns ||
		len(from) < (t.images-1)*t.xImage+(t.height-1)*t.xRow+(t.width-1)*t.xPixel+rows {
		panic("weight: a tile leaves its slices")
	}
}
