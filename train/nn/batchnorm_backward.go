package nn

// backward computes, with g the gradient of what is normalised and m the pixels,
//
//	in' = scale*inverse * (g - sum(g)/m - (in-mean)*inverse^2 * sum(g*(in-mean))/m)
//
// as a weighted sum of g and in.
func (l *batchNorm) backward() {
	if l.copies() {
		l.team.For(l.pixels(), l.grain, l.copyTask)
	}
	l.team.For(l.pixels(), l.grain, l.sumTask)
	l.gather()
	l.weigh()
	if l.gradIn[0] != nil {
		l.repeat(l.norm.A, l.norm.B, l.norm.K)
		l.team.For(l.pixels(), l.grain, l.backwardTask)
	}
}

// weigh computes the gradients of the parameters, and the weights of the sum that
// is the gradient of the input, from the sums of g and of g*(in-mean).
func (l *batchNorm) weigh() {
	n := l.channels
	share := 1 / float64(l.pixels())
	sums, products := l.totals[:n], l.totals[l.period:][:n]
	means, inverses, weight := l.batchMean[:n], l.inverse[:n], l.scale.value[:n]
	scaleGrad, offsetGrad := l.scale.grad[:n], l.offset.grad[:n]
	as, bs, ks := l.norm.A[:n], l.norm.B[:n], l.norm.K[:n]
	for c, sum := range sums {
		inverse, product := inverses[c], products[c]
		scaleGrad[c], offsetGrad[c] = float32(product*inverse), float32(sum)
		a := float64(weight[c]) * inverse
		b := -a * inverse * inverse * product * share
		as[c], bs[c], ks[c] = float32(a), float32(b), float32(-a*sum*share-b*means[c])
	}
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
func (l *batchNorm) sum(_, lo, _ int) {
	lo, hi := l.fromEnd(lo)
	sum, product := l.partial(lo)
	in, grad := l.rows(l.in[0], lo, hi), l.rows(l.gradOut, lo, hi)
	if l.readsOutput() {
		masked := l.rows(l.masked(), lo, hi)
		l.norm.MaskedSums(sum, product, masked, grad, in, l.rows(l.out, lo, hi))
		return
	}
	l.norm.Sums(sum, product, grad, in)
}

func (l *batchNorm) backwardPart(_, lo, hi int) {
	from := l.gradOut
	if l.readsOutput() {
		from = l.masked()
	}
	l.norm.Backward(l.rows(l.gradIn[0], lo, hi), l.rows(from, lo, hi), l.rows(l.in[0], lo, hi),
		l.fused.relu && !l.readsOutput())
}
