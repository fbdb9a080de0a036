package nn

import (
	"fmt"
	"math"
)

// maxPoolOp is the maximum over windows.
type maxPoolOp struct{ window }

func (maxPoolOp) kind() string             { return "max_pool" }
func (maxPoolOp) params(*Node) []paramSpec { return nil }
func (maxPoolOp) traits() traits           { return traits{} }

func (o maxPoolOp) infer(in []Shape) (Shape, error) {
	shape, err := inferPool(o.window, in[0])
	if err == nil && o.kernel[0]*o.kernel[1] > 256 {
		err = fmt.Errorf("expects a window of at most 256 pixels, and is given %dx%d",
			o.kernel[0], o.kernel[1])
	}
	return shape, err
}

// inferPool returns the shape that a pooling gives.
func inferPool(w window, in Shape) (Shape, error) {
	height, width, err := w.infer(in)
	if err != nil {
		return nil, err
	}
	if 2*w.pad[0] > w.kernel[0] || 2*w.pad[1] > w.kernel[1] {
		return nil, fmt.Errorf("expects a pad of at most half the window %v, and is given %v",
			w.kernel, w.pad)
	}
	return Shape{height, width, in.channels()}, nil
}

func (o maxPoolOp) bind(s *site) layer {
	l := &maxPool{site: s, pooling: newPooling(o.window, s.node)}
	l.isPair = o.kernel == [2]int{2, 2} && o.pad == [2]int{}
	l.places = make([]uint8, s.maxBatch*s.out.size)
	for place := range l.offsets {
		l.offsets[place] = (place/o.kernel[1]*l.from[1] + place%o.kernel[1]) * l.from[2]
	}
	l.forwardTask, l.backwardTask = l.forwardRows, l.backwardSamples
	return l
}

// pooling is the geometry of a pooling.
type pooling struct {
	window
	from, to Shape
}

func newPooling(w window, n *Node) pooling { return pooling{w, n.inputs[0].shape, n.shape} }

// span returns the rows (dimension 0) or columns (1) of the image that window
// number i covers.
func (p *pooling) span(dimension, i int) (first, last int) {
	start := i*p.stride[dimension] - p.pad[dimension]
	return max(start, 0), min(start+p.kernel[dimension], p.from[dimension])
}

// corner returns where in a sample the window of an output pixel begins, which
// is outside where the window is padded.
func (p *pooling) corner(y, x int) int {
	return ((y*p.stride[0]-p.pad[0])*p.from[1] + x*p.stride[1] - p.pad[1]) * p.from[2]
}

// maxPool notes for each output which pixel of its window it came from.
type maxPool struct {
	*site
	pooling
	isPair                    bool     // windows are 2x2 and lie within the image
	places                    []uint8  // in the window, row by row
	offsets                   [256]int // from a window's corner to its places
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *maxPool) forward() { l.team.For(l.batch*l.to[0], 4, l.forwardTask) }

// forwardRows computes rows of the output, counted through the batch.
func (l *maxPool) forwardRows(_, lo, hi int) {
	channels := l.from[2]
	for row := lo; row < hi; row++ {
		image := l.in[0].sample(row / l.to[0])
		y := row % l.to[0]
		for x := range l.to[1] {
			at := (row*l.to[1] + x) * channels
			out, places := l.out.data[at:at+channels], l.places[at:at+channels]
			if l.isPair {
				corner := l.corner(y, x)
				above := image[corner : corner+2*channels]
				below := image[corner+l.from[1]*channels:][:2*channels]
				maxOfPairs(out, places, above, below)
			} else {
				l.forwardWindow(out, places, image, y, x)
			}
		}
	}
}

// maxOfPairs writes the maximum over two pixels of two rows. Each candidate
// becomes a whole number that sorts as its value does, and by place where
// values are equal: comparing those takes no branches, which would be
// mispredicted half the time. What is not a number is the largest value or,
// where its sign is negative, the smallest.
func maxOfPairs(out []float32, places []uint8, above, below []float32) {
	n := len(out)
	a, b, c, d := above[:n], above[n:][:n], below[:n], below[n:][:n]
	places = places[:n]
	for i := range out {
		best := max(sortable(a[i], 3), sortable(b[i], 2), sortable(c[i], 1), sortable(d[i], 0))
		out[i] = math.Float32frombits(uint32(flip(int32(best >> 2))))
		places[i] = 3 - uint8(best&3)
	}
}

// sortable returns the value as a whole number, with its rank among equals.
func sortable(v float32, rank int64) int64 {
	return int64(flip(int32(math.Float32bits(v))))<<2 | rank
}

// flip turns the bits of a float32 into a whole number of the same order, and
// back.
func flip(bits int32) int32 { return bits ^ int32(uint32(bits>>31)>>1) }

// forwardWindow computes one pixel of the output.
func (l *maxPool) forwardWindow(out []float32, places []uint8, image []float32, y, x int) {
	top, bottom := l.span(0, y)
	left, right := l.span(1, x)
	for c := range out {
		best, bestPlace := float32(math.Inf(-1)), -1
		for row := top; row < bottom; row++ {
			for column := left; column < right; column++ {
				v := image[(row*l.from[1]+column)*len(out)+c]
				if v > best || v != v || bestPlace < 0 {
					inRow, inColumn := row-y*l.stride[0]+l.pad[0], column-x*l.stride[1]+l.pad[1]
					best, bestPlace = v, inRow*l.kernel[1]+inColumn
				}
			}
		}
		out[c], places[c] = best, uint8(bestPlace)
	}
}

func (l *maxPool) backward() { l.team.For(l.batch, 1, l.backwardTask) }

func (l *maxPool) backwardSamples(_, lo, hi int) {
	for i := lo; i < hi; i++ {
		to := l.gradIn[0].sample(i)
		clear(to)
		grad, places := l.gradOut.sample(i), l.places[i*l.out.size:][:l.out.size]
		for y := range l.to[0] {
			for x := range l.to[1] {
				corner, at := l.corner(y, x), (y*l.to[1]+x)*l.to[2]
				places := places[at : at+l.to[2]]
				for c, g := range grad[at : at+l.to[2]] {
					to[corner+l.offsets[places[c]]+c] += g
				}
			}
		}
	}
}
