package vector

import "math"

// A Norm is a batch norm (Ioffe and Szegedy, 2015) whose statistics are known.
// Its slices have a number for each place of the period, as Period says, and
// images start with a pixel's first channel. Only the slices that a method names
// are needed.
type Norm struct {
	Mean          []float32 // of the batch
	Scale, Offset []float32 // out = clamp(in*Scale + Offset + residual)
	A, B, K       []float32 // gradient of in = A*g + B*in + K
	ReLU          bool      // out is held to [0, Ceiling]
	Ceiling       float32   // 6 for ReLU6; 0 stands for none
}

// bounds returns the range of the output.
func (n *Norm) bounds() (low, high float32) {
	if !n.ReLU {
		return float32(math.Inf(-1)), float32(math.Inf(1))
	}
	return 0, ceiling(n.Ceiling)
}

// ceiling returns the upper bound that stands for c.
func ceiling(c float32) float32 {
	if c == 0 {
		return float32(math.Inf(1))
	}
	return c
}

// Moments adds to sum what differs from Mean, and to squares the squares of it.
// With a mean that is near the true one, both keep the digits of the variance
// (Chan, Golub and LeVeque, 1983).
func (n *Norm) Moments(sum, squares, x []float32) {
	period := len(n.Mean)
	sum, squares = cut(sum, period), cut(squares, period)
	done := n.moments(sum, squares, x)
	n.momentsGeneric(sum, squares, x[done:])
}

func (n *Norm) momentsGeneric(sum, squares, x []float32) {
	for len(x) > 0 {
		row := x[:min(len(x), len(n.Mean))]
		x = x[len(row):]
		sum, squares, mean := sum[:len(row)], squares[:len(row)], cut(n.Mean, len(row))
		for i, v := range row {
			d := v - mean[i]
			sum[i] += d
			squares[i] += d * d
		}
	}
}

// Forward writes the output for x and residual, which may be nil. It reads Scale
// and Offset.
func (n *Norm) Forward(to, x, residual []float32) {
	n.forwardWhole(cut(to, len(x)), x, residual, false)
}

// ForwardStream is Forward of images that no cache holds: the output goes past
// the caches, unless it is askew in memory. to is neither x nor residual.
func (n *Norm) ForwardStream(to, x, residual []float32) {
	n.forwardWhole(cut(to, len(x)), x, residual, true)
}

func (n *Norm) forwardWhole(to, x, residual []float32, past bool) {
	if residual != nil {
		residual = cut(residual, len(x))
	}
	done := n.forward(to, x, residual, past)
	if residual != nil {
		residual = residual[done:]
	}
	n.forwardGeneric(to[done:], x[done:], residual)
}

func (n *Norm) forwardGeneric(to, x, residual []float32) {
	low, high := n.bounds()
	for len(x) > 0 {
		row := x[:min(len(x), len(n.Scale))]
		out, scale, offset := to[:len(row)], cut(n.Scale, len(row)), cut(n.Offset, len(row))
		if residual == nil {
			for i, v := range row {
				out[i] = min(max(v*scale[i]+offset[i], low), high)
			}
		} else {
			add := residual[:len(row)]
			for i, v := range row {
				out[i] = min(max(v*scale[i]+offset[i]+add[i], low), high)
			}
			residual = residual[len(row):]
		}
		x, to = x[len(row):], to[len(row):]
	}
}
