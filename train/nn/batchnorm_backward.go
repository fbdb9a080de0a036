package nn

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

// backward computes, with g the gradient of what is normalised and m the pixels,
//
//	in' = scale*inverse * (g - sum(g)/m - (in-mean)*inverse^2 * sum(g*(in-mean))/m)
//
// as a weighted sum of g and in.
func (l *batchNorm) backward() {
	if l.copies() {
		l.team.For(l.pixels(), l.grain, l.copyTask)
	}
	if width := l.width(); width > 0 {
		l.team.For(l.channels, width, l.columnsBackTask)
		return
	}
	l.team.For(l.pixels(), l.grain, l.sumTask)
	l.gather()
	for c := range l.channels {
		l.weigh(c, l.totals[c], l.totals[l.period+c])
	}
	if l.gradIn[0] != nil {
		l.repeat(l.norm.A, l.norm.B, l.norm.K)
		l.team.For(l.pixels(), l.grain, l.backwardTask)
	}
}

// weigh computes the gradients of a channel's parameters, and the weights of the
// sum that is the gradient of its input, from the sums of g and of g*(in-mean).
func (l *batchNorm) weigh(c int, sum, product float64) {
	m, inverse := float64(l.pixels()), l.inverse[c]
	l.scale.grad[c] = float32(product * inverse)
	l.offset.grad[c] = float32(sum)
	a := float64(l.scale.value[c]) * inverse
	b := -a * inverse * inverse * product / m
	l.norm.A[c], l.norm.B[c] = float32(a), float32(b)
	l.norm.K[c] = float32(-a*sum/m - b*l.batchMean[c])
}

// masked returns where the gradient lies that a fused ReLU behind a residual
// lets through: where the residual wants it, or in place.
func (l *batchNorm) masked() *buffer {
	if l.fused.gradResidual != nil {
		return l.fused.gradResidual
	}
	return l.gradOut
}

// readsOutput tells whether what a ReLU lets through is to be seen by the output
// alone.
func (l *batchNorm) readsOutput() bool { return l.fused.relu && l.fused.residual != nil }

// copies tells whether the residual's gradient is the output's, in memory of its
// own.
func (l *batchNorm) copies() bool {
	residual := l.fused.gradResidual
	return residual != nil && !l.fused.relu && &residual.data[0] != &l.gradOut.data[0]
}

func (l *batchNorm) copyGradient(_, lo, hi int) {
	copy(l.rows(l.fused.gradResidual, lo, hi), l.rows(l.gradOut, lo, hi))
}

// sum computes the sums of g and of g*(in-mean) over a chunk.
func (l *batchNorm) sum(_, lo, hi int) {
	sum, product := l.partial(lo)
	l.sums(&l.norm, sum, product, lo*l.channels, hi*l.channels)
}

// sums adds up the sums of the floats [lo,hi) for a norm of all channels or of
// columns, and writes the gradient of the residual.
func (l *batchNorm) sums(n *vector.Norm, sum, product []float32, lo, hi int) {
	in, grad := l.in[0].data[lo:hi], l.gradOut.data[lo:hi]
	if l.readsOutput() {
		n.MaskedSums(sum, product, l.masked().data[lo:hi], grad, in, l.out.data[lo:hi])
		return
	}
	n.Sums(sum, product, grad, in)
}

func (l *batchNorm) backwardPart(_, lo, hi int) {
	l.gradient(&l.norm, lo*l.channels, hi*l.channels)
}

// gradient writes the gradient of the input for the floats [lo,hi).
func (l *batchNorm) gradient(n *vector.Norm, lo, hi int) {
	from := l.gradOut
	if l.readsOutput() {
		from = l.masked()
	}
	n.Backward(l.gradIn[0].data[lo:hi], from.data[lo:hi], l.in[0].data[lo:hi],
		l.fused.relu && !l.readsOutput())
}
