package vector

// Sums adds to sum the gradient grad of the output, and to product its products
// with x-Mean. Where ReLU is set, only elements count whose output lies between
// the bounds, which is found out again from x, Scale and Offset: that holds for
// outputs without a residual.
func (n *Norm) Sums(sum, product, grad, x []float32) {
	period := len(n.Mean)
	sum, product, grad = cut(sum, period), cut(product, period), cut(grad, len(x))
	done := n.sums(sum, product, grad, x)
	n.sumsGeneric(sum, product, grad[done:], x[done:])
}

func (n *Norm) sumsGeneric(sum, product, grad, x []float32) {
	low, high := n.bounds()
	for len(x) > 0 {
		row := x[:min(len(x), len(n.Mean))]
		g, mean := grad[:len(row)], cut(n.Mean, len(row))
		sum, product := sum[:len(row)], product[:len(row)]
		if n.ReLU {
			scale, offset := cut(n.Scale, len(row)), cut(n.Offset, len(row))
			for i, v := range row {
				if y := v*scale[i] + offset[i]; y > low && y < high {
					sum[i] += g[i]
					product[i] += g[i] * (v - mean[i])
				}
			}
		} else {
			for i, v := range row {
				sum[i] += g[i]
				product[i] += g[i] * (v - mean[i])
			}
		}
		x, grad = x[len(row):], grad[len(row):]
	}
}

// MaskedSums is Sums of the gradient where the output out lies between the bounds
// and of 0 elsewhere, which it writes to masked. It serves norms with ReLU and a
// residual, whose own gradient masked is.
func (n *Norm) MaskedSums(sum, product, masked, grad, x, out []float32) {
	period := len(n.Mean)
	sum, product = cut(sum, period), cut(product, period)
	masked, grad, out = cut(masked, len(x)), cut(grad, len(x)), cut(out, len(x))
	done := n.maskedSums(sum, product, masked, grad, x, out)
	n.maskedSumsGeneric(sum, product, masked[done:], grad[done:], x[done:], out[done:])
}

func (n *Norm) maskedSumsGeneric(sum, product, masked, grad, x, out []float32) {
	low, high := n.bounds()
	for len(x) > 0 {
		row := x[:min(len(x), len(n.Mean))]
		g, to, y, mean := grad[:len(row)], masked[:len(row)], out[:len(row)], cut(n.Mean, len(row))
		sum, product := sum[:len(row)], product[:len(row)]
		for i, v := range row {
			g := g[i]
			if !(y[i] > low && y[i] < high) {
				g = 0
			}
			to[i] = g
			sum[i] += g
			product[i] += g * (v - mean[i])
		}
		end := len(row)
		x, grad, masked, out = x[end:], grad[end:], masked[end:], out[end:]
	}
}

// Backward writes the gradient of the input. It reads A, B and K and, where
// isMasked is set, counts gradients as Sums does with ReLU.
func (n *Norm) Backward(to, grad, x []float32, isMasked bool) {
	to, grad = cut(to, len(x)), cut(grad, len(x))
	done := n.backward(to, grad, x, isMasked)
	n.backwardGeneric(to[done:], grad[done:], x[done:], isMasked)
}

func (n *Norm) backwardGeneric(dst, grad, x []float32, isMasked bool) {
	low, high := n.bounds()
	for len(x) > 0 {
		row := x[:min(len(x), len(n.A))]
		to, g := dst[:len(row)], grad[:len(row)]
		a, b, k := cut(n.A, len(row)), cut(n.B, len(row)), cut(n.K, len(row))
		if isMasked {
			scale, offset := cut(n.Scale, len(row)), cut(n.Offset, len(row))
			for i, v := range row {
				g := g[i]
				if y := v*scale[i] + offset[i]; !(y > low && y < high) {
					g = 0
				}
				to[i] = a[i]*g + b[i]*v + k[i]
			}
		} else {
			for i, v := range row {
				to[i] = a[i]*g[i] + b[i]*v + k[i]
			}
		}
		x, grad, dst = x[len(row):], grad[len(row):], dst[len(row):]
	}
}
