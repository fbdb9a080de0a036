package nn

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

const (
	// widestColumn is how many channels a column has at most.
	widestColumn = 64
	// columnsRows is how many pixels of a column are summed up on their own.
	columnsRows = 256
)

// width returns how many channels a column has that stays in a cache, or 0 where
// the images are cut by pixels: where they have many, or channels that do not
// fill registers.
func (l *batchNorm) width() int {
	if l.channels%32 != 0 || l.channels < widestColumn {
		return 0
	}
	for _, width := range [...]int{widestColumn, 32} {
		if l.pixels()*width <= batchNormColumns {
			return width
		}
	}
	return 0
}

// columns returns the norm of the channels [lo,hi).
func (l *batchNorm) columns(lo, hi int) vector.Norm {
	n := l.norm
	n.Stride = l.channels
	n.Mean, n.Scale, n.Offset = n.Mean[lo:hi], n.Scale[lo:hi], n.Offset[lo:hi]
	n.A, n.B, n.K = n.A[lo:hi], n.B[lo:hi], n.K[lo:hi]
	return n
}

// end returns where a column of the channels up to hi ends in the memory of
// pixels.
func (l *batchNorm) end(pixels, hi int) int { return (pixels-1)*l.channels + hi }

// total runs add over a column in pieces of columnsRows pixels, each given as
// floats [from,to), and returns the sums of what it adds, in memory of the worker.
func (l *batchNorm) total(worker, lo, hi int, add func(first, second []float32, from, to int)) (
	first, second []float32) {
	width := hi - lo
	memory := l.own[worker][:4*width]
	first, second = memory[:width], memory[width:2*width]
	a, b := memory[2*width:3*width], memory[3*width:]
	clear(memory)
	for pixel := 0; pixel < l.pixels(); pixel += columnsRows {
		clear(memory[2*width:])
		last := min(pixel+columnsRows, l.pixels())
		add(a, b, pixel*l.channels+lo, l.end(last, hi))
		vector.Add(first, first, a)
		vector.Add(second, second, b)
	}
	return first, second
}

// columnsForward normalises the channels [lo,hi).
func (l *batchNorm) columnsForward(worker, lo, hi int) {
	n := l.columns(lo, hi)
	sum, squares := l.total(worker, lo, hi, func(sum, squares []float32, from, to int) {
		n.Moments(sum, squares, l.in[0].data[from:to])
	})
	for i, v := range sum {
		l.settle(lo+i, float64(v), float64(squares[i]))
	}
	end := l.end(l.pixels(), hi)
	var residual []float32
	if l.fused.residual != nil {
		residual = l.fused.residual.data[lo:end]
	}
	n.Forward(l.out.data[lo:end], l.in[0].data[lo:end], residual)
}

// columnsBackward computes the gradients of the channels [lo,hi).
func (l *batchNorm) columnsBackward(worker, lo, hi int) {
	n := l.columns(lo, hi)
	sum, product := l.total(worker, lo, hi, func(sum, product []float32, from, to int) {
		l.sums(&n, sum, product, from, to)
	})
	for i, v := range sum {
		l.weigh(lo+i, float64(v), float64(product[i]))
	}
	if l.gradIn[0] != nil {
		l.gradient(&n, lo, l.end(l.pixels(), hi))
	}
}
