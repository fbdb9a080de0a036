package vector

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// tile is how many floats of a norm's image are taken at a time: the columns of
// long rows are gone through one by one, and the rows should stay in the nearest
// cache meanwhile.
const tile = 1 << 12

// rowsOf returns how many whole rows of a period images have that the assembly
// takes, and how many of them at a time.
func rowsOf(floats, period, size int) (rows, once int) {
	if current == isa.Generic || period%lanes != 0 || period == 0 || period > most {
		return 0, 1
	}
	if period == step && current == isa.AVX512 {
		size = most
	}
	return floats / period, max(size/period, 1)
}

func (n *Norm) moments(sum, squares, x []float32) int {
	period := len(n.Mean)
	rows, once := rowsOf(len(x), period, tile)
	for row := 0; row < rows; row += once {
		x, count := &x[row*period], min(once, rows-row)
		if current == isa.AVX512 {
			momentsAVX512(&sum[0], &squares[0], x, &n.Mean[0], period, count)
		} else {
			momentsAVX2(&sum[0], &squares[0], x, &n.Mean[0], period, count)
		}
	}
	return rows * period
}

func (n *Norm) forward(to, x, residual []float32, past bool) int {
	period := len(n.Scale)
	rows, once := rowsOf(len(x), period, most)
	if rows == 0 {
		return 0
	}
	past = past && uintptr(unsafe.Pointer(&to[0]))%(4*lanes) == 0
	_ = n.Offset[period-1]
	for row := 0; row < rows; row += once {
		at, count := row*period, min(once, rows-row)
		if residual == nil {
			n.forwardRows(&to[at], &x[at], count, past)
		} else {
			n.forwardAddRows(&to[at], &x[at], &residual[at], count, past)
		}
	}
	return rows * period
}

func (n *Norm) forwardRows(to, x *float32, rows int, past bool) {
	low, high := n.bounds()
	scale, offset, period := &n.Scale[0], &n.Offset[0], len(n.Scale)
	switch {
	case current == isa.AVX512 && past:
		forwardStreamAVX512(to, x, scale, offset, period, rows, low, high)
	case current == isa.AVX512:
		forwardAVX512(to, x, scale, offset, period, rows, low, high)
	case past:
		forwardStreamAVX2(to, x, scale, offset, period, rows, low, high)
	default:
		forwardAVX2(to, x, scale, offset, period, rows, low, high)
	}
}

func (n *Norm) forwardAddRows(to, x, residual *float32, rows int, past bool) {
	low, high := n.bounds()
	scale, offset, period := &n.Scale[0], &n.Offset[0], len(n.Scale)
	switch {
	case current == isa.AVX512 && past:
		forwardAddStreamAVX512(to, x, residual, scale, offset, period, rows, low, high)
	case current == isa.AVX512:
		forwardAddAVX512(to, x, residual, scale, offset, period, rows, low, high)
	case past:
		forwardAddStreamAVX2(to, x, residual, scale, offset, period, rows, low, high)
	default:
		forwardAddAVX2(to, x, residual, scale, offset, period, rows, low, high)
	}
}

func (n *Norm) sums(sum, product, grad, x []float32) int {
	period := len(n.Mean)
	rows, once := rowsOf(len(x), period, tile)
	if rows == 0 {
		return 0
	}
	for row := 0; row < rows; row += once {
		at, count := row*period, min(once, rows-row)
		switch {
		case n.ReLU:
			n.sumsReLU(&sum[0], &product[0], &grad[at], &x[at], count)
		case current == isa.AVX512:
			sumsAVX512(&sum[0], &product[0], &grad[at], &x[at], &n.Mean[0], period, count)
		default:
			sumsAVX2(&sum[0], &product[0], &grad[at], &x[at], &n.Mean[0], period, count)
		}
	}
	return rows * period
}

func (n *Norm) sumsReLU(sum, product, grad, x *float32, rows int) {
	low, high := n.bounds()
	period := len(n.Mean)
	scale, offset := &cut(n.Scale, period)[0], &cut(n.Offset, period)[0]
	if current == isa.AVX512 {
		sumsReLUAVX512(sum, product, grad, x, &n.Mean[0], scale, offset, period, rows, low, high)
	} else {
		sumsReLUAVX2(sum, product, grad, x, &n.Mean[0], scale, offset, period, rows, low, high)
	}
}

func (n *Norm) maskedSums(sum, product, masked, grad, x, out []float32) int {
	low, high := n.bounds()
	period, mean, s, p := len(n.Mean), &n.Mean[0], &sum[0], &product[0]
	rows, once := rowsOf(len(x), period, tile)
	for row := 0; row < rows; row += once {
		at, count := row*period, min(once, rows-row)
		to, g, x, y := &masked[at], &grad[at], &x[at], &out[at]
		if current == isa.AVX512 {
			maskedSumsAVX512(s, p, to, g, x, y, mean, period, count, low, high)
		} else {
			maskedSumsAVX2(s, p, to, g, x, y, mean, period, count, low, high)
		}
	}
	return rows * period
}

func (n *Norm) backward(to, grad, x []float32, isMasked bool) int {
	period := len(n.A)
	rows, once := rowsOf(len(x), period, most)
	if rows == 0 {
		return 0
	}
	a, b, k := &n.A[0], &cut(n.B, period)[0], &cut(n.K, period)[0]
	for row := 0; row < rows; row += once {
		at, count := row*period, min(once, rows-row)
		switch {
		case isMasked:
			n.backwardReLU(&to[at], &grad[at], &x[at], count)
		case current == isa.AVX512:
			backwardAVX512(&to[at], &grad[at], &x[at], a, b, k, period, count)
		default:
			backwardAVX2(&to[at], &grad[at], &x[at], a, b, k, period, count)
		}
	}
	return rows * period
}

func (n *Norm) backwardReLU(to, grad, x *float32, rows int) {
	low, high := n.bounds()
	period := len(n.A)
	a, b, k := &n.A[0], &cut(n.B, period)[0], &cut(n.K, period)[0]
	scale, offset := &cut(n.Scale, period)[0], &cut(n.Offset, period)[0]
	if current == isa.AVX512 {
		backwardReLUAVX512(to, grad, x, a, b, k, scale, offset, period, rows, low, high)
	} else {
		backwardReLUAVX2(to, grad, x, a, b, k, scale, offset, period, rows, low, high)
	}
}
