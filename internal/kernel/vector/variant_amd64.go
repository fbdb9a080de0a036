package vector

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// whole returns how many of n floats the assembly takes.
func whole(n int) int {
	switch current {
	case isa.AVX512:
		return n &^ (lanes - 1)
	case isa.AVX2:
		return n &^ (lanes/2 - 1)
	}
	return 0
}

func relu(to, x []float32, top float32) (done int) {
	n := whole(len(x))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			reluAVX512(&to[at], &x[at], size, top)
		} else {
			reluAVX2(&to[at], &x[at], size, top)
		}
	}
	return n
}

func reluGradient(to, grad, out []float32, top float32) (done int) {
	n := whole(len(out))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			reluGradientAVX512(&to[at], &grad[at], &out[at], size, top)
		} else {
			reluGradientAVX2(&to[at], &grad[at], &out[at], size, top)
		}
	}
	return n
}

func add(to, a, b []float32) (done int) {
	n := whole(len(a))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			addAVX512(&to[at], &a[at], &b[at], size)
		} else {
			addAVX2(&to[at], &a[at], &b[at], size)
		}
	}
	return n
}

func affine(to, x []float32, scale, offset float32) (done int) {
	n := whole(len(x))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			affineAVX512(&to[at], &x[at], size, scale, offset)
		} else {
			affineAVX2(&to[at], &x[at], size, scale, offset)
		}
	}
	return n
}

func blend(to, x, y []float32, a, b, c float32) (done int) {
	n := whole(len(x))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			blendAVX512(&to[at], &x[at], &y[at], size, a, b, c)
		} else {
			blendAVX2(&to[at], &x[at], &y[at], size, a, b, c)
		}
	}
	return n
}

// sumSquares takes no more than most floats, as sums do.
func sumSquares(sums *[lanes]float64, x []float32) (done int) {
	n := whole(len(x))
	if n > 0 && current == isa.AVX512 {
		sumSquaresAVX512(&sums[0], &x[0], n)
	} else if n > 0 {
		sumSquaresAVX2(&sums[0], &x[0], n)
	}
	return n
}

func exponentials(sums *[lanes]float32, to, x []float32, shift float32) (done int) {
	n := whole(len(x))
	if n > 0 && current == isa.AVX512 {
		exponentialsAVX512(&sums[0], &to[0], &x[0], n, shift)
	} else if n > 0 {
		exponentialsAVX2(&sums[0], &to[0], &x[0], n, shift)
	}
	return n
}

func maximum(highest *[lanes]float32, x []float32) (done int) {
	n := whole(len(x))
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		if current == isa.AVX512 {
			maximumAVX512(&highest[0], &x[at], size)
		} else {
			maximumAVX2(&highest[0], &x[at], size)
		}
	}
	return n
}

func (m Mask) apply(to, x []float32, first int) (done int) {
	n := whole(len(x))
	for at := 0; at < n; at += most {
		size, pair := min(most, n-at), uint64((first+at)/2)
		if current == isa.AVX512 {
			maskAVX512(&to[at], &x[at], size, m.Key, pair, m.Threshold, m.Scale)
		} else {
			maskAVX2(&to[at], &x[at], size, m.Key, pair, m.Threshold, m.Scale)
		}
	}
	return n
}

// addProducts does whole halves of the widest registers of columns.
func addProducts(p *Products) (done int) {
	if current == isa.Generic || p.Depth < productDepth {
		return 0
	}
	n, columns := p.Columns&^(lanes/2-1), productColumns
	if p.Rows < 2 {
		columns = mostProducts
	}
	for at := 0; at < n; at += columns {
		size := min(columns, n-at)
		for row := 0; row < p.Rows; {
			count := 1
			if p.Rows-row >= productRows {
				count = productRows
			}
			p.addTo(row, count, at, size)
			row += count
		}
	}
	return n
}

// addTo adds to columns of one row or of productRows.
func (p *Products) addTo(row, count, at, size int) {
	to, matrix, factors := &p.To[row*p.ToRow+at], &p.Matrix[at], &p.Factors[row*p.FactorRow]
	switch {
	case current == isa.AVX512 && count == 1:
		addProducts1AVX512(to, matrix, factors, 4*p.ToRow, 4*p.Row, 4*p.FactorRow, size)
	case current == isa.AVX512:
		addProducts4AVX512(to, matrix, factors, 4*p.ToRow, 4*p.Row, 4*p.FactorRow, size)
	case count == 1:
		addProducts1AVX2(to, matrix, factors, 4*p.ToRow, 4*p.Row, 4*p.FactorRow, size)
	default:
		addProducts4AVX2(to, matrix, factors, 4*p.ToRow, 4*p.Row, 4*p.FactorRow, size)
	}
}
