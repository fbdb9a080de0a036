package nn

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

const (
	batchNormEpsilon  = 1e-5
	batchNormMomentum = 0.1 // the weight of the new batch in the running statistics
	// batchNormChunk is how many values are summed up on their own: few enough
	// for a cache and for plain float32 sums.
	batchNormChunk = 1 << 14
)

// batchNormOp normalises each channel.
type batchNormOp struct{}

func (batchNormOp) kind() string { return "batch_norm" }

func (batchNormOp) infer(in []Shape) (Shape, error) { return in[0], nil }

func (batchNormOp) traits() traits { return traits{gradInPlace: true, keepsInput: true} }

func (batchNormOp) params(n *Node) []paramSpec {
	shape := Shape{n.shape.channels()}
	return []paramSpec{
		{suffix: "weight", role: scaleRole, shape: shape, order: n.order},
		{suffix: "bias", role: offsetRole, shape: shape, order: n.order},
		{suffix: "running_mean", role: meanRole, shape: shape, order: n.order},
		{suffix: "running_var", role: varRole, shape: shape, order: n.order},
		{suffix: "num_batches_tracked", role: counterRole},
	}
}

func (batchNormOp) bind(s *site) layer {
	channels := s.node.shape.channels()
	l := &batchNorm{
		site: s, channels: channels, grain: max(batchNormChunk/channels, 1),
		scale: s.params[0], offset: s.params[1], mean: s.params[2], variance: s.params[3],
		count: s.params[4].count, batchMean: make([]float64, channels),
		inverse: make([]float64, channels), meanRow: make([]float32, channels),
		factors: make([]float32, 3*channels),
	}
	l.measureTask, l.applyTask = l.measure, l.apply
	l.sumTask, l.backwardTask = l.sum, l.backwardPart
	chunks := (s.maxBatch*s.node.shape.pixels() + l.grain - 1) / l.grain
	s.wants(chunks*2*channels, 0)
	return l
}

// batchNorm computes out = scale * (in - mean) / sqrt(variance + epsilon) +
// offset. Sums run over chunks of fixed size and are put together in order.
type batchNorm struct {
	*site
	channels, grain               int // grain in pixels
	scale, offset, mean, variance *param
	count                         *int64
	batchMean, inverse            []float64 // inverse of the standard deviation
	meanRow                       []float32 // batchMean
	factors                       []float32 // three for each channel, by factor
	measureTask, applyTask        func(worker, lo, hi int)
	sumTask, backwardTask         func(worker, lo, hi int)
}

func (l *batchNorm) pixels() int { return l.batch * l.node.shape.pixels() }

// rows returns the pixels [lo,hi) of a buffer.
func (l *batchNorm) rows(b *buffer, lo, hi int) []float32 {
	return b.data[lo*l.channels : hi*l.channels]
}

// partial returns the two sums of the chunk that starts at pixel lo.
func (l *batchNorm) partial(lo int) (first, second []float32) {
	c := l.channels
	pair := l.shared[lo/l.grain*2*c:][:2*c]
	return pair[:c], pair[c:]
}

func (l *batchNorm) forward() {
	if l.training {
		l.team.For(l.pixels(), l.grain, l.measureTask)
		l.combine()
	}
	for c := range l.channels {
		mean, inverse := l.batchMean[c], l.inverse[c]
		if !l.training {
			mean = float64(l.mean.value[c])
			inverse = 1 / math.Sqrt(float64(l.variance.value[c])+batchNormEpsilon)
		}
		scale := float64(l.scale.value[c]) * inverse
		l.factors[c] = float32(scale)
		l.factors[l.channels+c] = float32(float64(l.offset.value[c]) - mean*scale)
	}
	l.team.For(l.pixels(), l.grain, l.applyTask)
}

// measure computes the mean of a chunk and the summed squares of what differs
// from it.
func (l *batchNorm) measure(_, lo, hi int) {
	rows := l.rows(l.in[0], lo, hi)
	mean, squares := l.partial(lo)
	clear(mean)
	kernel.AddRows(mean, rows)
	inverse := 1 / float32(hi-lo)
	for c := range mean {
		mean[c] *= inverse
	}
	clear(squares)
	for n := len(mean); len(rows) > 0; rows = rows[n:] {
		row, squares := rows[:n], squares[:n]
		mean := mean[:n]
		for c, v := range row {
			d := v - mean[c]
			squares[c] += d * d
		}
	}
}

// combine puts the chunks' means and squares together (Chan, Golub and
// LeVeque, 1979) and moves the running statistics.
func (l *batchNorm) combine() {
	pixels := l.pixels()
	for c := range l.channels {
		var mean, squares, count float64
		for lo := 0; lo < pixels; lo += l.grain {
			means, seconds := l.partial(lo)
			n := float64(min(l.grain, pixels-lo))
			d := float64(means[c]) - mean
			mean += d * n / (count + n)
			squares += float64(seconds[c]) + d*d*count*n/(count+n)
			count += n
		}
		l.batchMean[c], l.meanRow[c] = mean, float32(mean)
		l.inverse[c] = 1 / math.Sqrt(squares/count+batchNormEpsilon)
		unbiased := squares / max(count-1, 1)
		move(&l.mean.value[c], mean)
		move(&l.variance.value[c], unbiased)
	}
	*l.count++
}

// move moves a running statistic towards a batch's.
func move(running *float32, batch float64) {
	*running = float32((1-batchNormMomentum)*float64(*running) + batchNormMomentum*batch)
}

func (l *batchNorm) apply(_, lo, hi int) {
	in, out := l.rows(l.in[0], lo, hi), l.rows(l.out, lo, hi)
	n := l.channels
	scale, offset := l.factors[:n], l.factors[n:2*n]
	for ; len(in) > 0; in, out = in[n:], out[n:] {
		row, to := in[:len(scale)], out[:len(scale)]
		offset := offset[:len(scale)]
		for c, s := range scale {
			to[c] = row[c]*s + offset[c]
		}
	}
}

// backward computes, with g the gradient of the output and m the pixels,
//
//	in' = scale*inverse * (g - sum(g)/m - (in-mean)*inverse^2 * sum(g*(in-mean))/m)
//
// as a weighted sum of g and in.
func (l *batchNorm) backward() {
	l.team.For(l.pixels(), l.grain, l.sumTask)
	m := float64(l.pixels())
	n := l.channels
	for c := range n {
		var sum, product float64
		for lo := 0; lo < l.pixels(); lo += l.grain {
			sums, products := l.partial(lo)
			sum += float64(sums[c])
			product += float64(products[c])
		}
		inverse := l.inverse[c]
		l.scale.grad[c] = float32(product * inverse)
		l.offset.grad[c] = float32(sum)
		a := float64(l.scale.value[c]) * inverse
		b := -a * inverse * inverse * product / m
		l.factors[c], l.factors[n+c] = float32(a), float32(b)
		l.factors[2*n+c] = float32(-a*sum/m - b*l.batchMean[c])
	}
	if l.gradIn[0] != nil {
		l.team.For(l.pixels(), l.grain, l.backwardTask)
	}
}

// sum computes the sums of g and of g*(in-mean) over a chunk.
func (l *batchNorm) sum(_, lo, hi int) {
	in, grad := l.rows(l.in[0], lo, hi), l.rows(l.gradOut, lo, hi)
	sums, products := l.partial(lo)
	clear(sums)
	kernel.AddRows(sums, grad)
	clear(products)
	n := l.channels
	mean := l.meanRow
	for ; len(in) > 0; in, grad = in[n:], grad[n:] {
		row, g := in[:len(products)], grad[:len(products)]
		mean := mean[:len(products)]
		for c, v := range row {
			products[c] += g[c] * (v - mean[c])
		}
	}
}

func (l *batchNorm) backwardPart(_, lo, hi int) {
	in, grad, to := l.rows(l.in[0], lo, hi), l.rows(l.gradOut, lo, hi), l.rows(l.gradIn[0], lo, hi)
	n := l.channels
	a, b, k := l.factors[:n], l.factors[n:2*n], l.factors[2*n:]
	for ; len(in) > 0; in, grad, to = in[n:], grad[n:], to[n:] {
		row, g, to := in[:len(a)], grad[:len(a)], to[:len(a)]
		b, k := b[:len(a)], k[:len(a)]
		for c, a := range a {
			to[c] = a*g[c] + b[c]*row[c] + k[c]
		}
	}
}
