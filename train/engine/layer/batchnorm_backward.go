package layer

// Backward computes, with g the gradient of what is normalised and m the pixels,
//
//	in' = scale*inverse * (g - sum(g)/m - (in-mean)*inverse^2 * sum(g*(in-mean))/m)
//
// as a weighted sum of g and in.
func (l *batchNorm) Backward() {
	if l.copies() {
		l.Team.For(l.pixels(), l.grain, l.copyTask)
	}
	l.Team.For(l.pixels(), l.grain, l.sumTask)
	l.gather()
	l.weigh()
	if l.GradIn[0] != nil {
		l.repeat(l.norm.A, l.norm.B, l.norm.K)
		l.Team.For(l.pixels(), l.grain, l.backwardTask)
	}
}

// weigh computes the gradients of the parameters, and the weights of the sum that
// is the gradient of the input, from the sums of g and of g*(in-mean).
func (l *batchNorm) weigh() {
	n := l.channels
	share := 1 / float64(l.pixels())
	sums, products := l.totals[:n], l.totals[l.period:][:n]
	means, inverses, weight := l.batchMean[:n], l.inverse[:n], l.scale.Value[:n]
	scaleGrad, offsetGrad := l.scale.Grad[:n], l.offset.Grad[:n]
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
func (l *batchNorm) masked() *Buffer {
	if l.Fused.GradResidual != nil {
		return l.Fused.GradResidual
	}
	return l.GradOut
}

// readsOutput tells whether what a ReLU lets through is to be seen by the output
// alone.
func (l *batchNorm) readsOutput() bool { return l.Fused.ReLU && l.Fused.Residual != nil }

// copies tells whether the residual's gradient is the output's, in memory of its
// own.
func (l *batchNorm) copies() bool {
	residual := l.Fused.GradResidual
	return residual != nil && !l.Fused.ReLU && &residual.Data[0] != &l.GradOut.Data[0]
}

func (l *batchNorm) copyGradient(_, lo, hi int) {
	copy(l.rows(l.Fused.GradResidual, lo, hi), l.rows(l.GradOut, lo, hi))
}

// sum computes the sums of g and of g*(in-mean) over a chunk.
func (l *batchNorm) sum(_, lo, _ int) {
	lo, hi := l.fromEnd(lo)
	sum, product := l.partial(lo)
	in, grad := l.rows(l.In[0], lo, hi), l.rows(l.GradOut, lo, hi)
	if l.readsOutput() {
		masked := l.rows(l.masked(), lo, hi)
		l.norm.MaskedSums(sum, product, masked, grad, in, l.rows(l.Out, lo, hi))
		return
	}
	l.norm.Sums(sum, product, grad, in)
}

func (l *batchNorm) backwardPart(_, lo, hi int) {
	from := l.GradOut
	if l.readsOutput() {
		from = l.masked()
	}
	l.norm.Backward(l.rows(l.GradIn[0], lo, hi), l.rows(from, lo, hi), l.rows(l.In[0], lo, hi),
		l.Fused.ReLU && !l.readsOutput())
}
