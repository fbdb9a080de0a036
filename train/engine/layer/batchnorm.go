package layer

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

const (
	// batchNormRows is how many rows of the kernels' period are summed up on
	// their own, unless batchNormChunk floats are fewer.
	batchNormRows  = 512
	batchNormChunk = 1 << 16
	// batchNormStream is from how many floats on the caches do not hold an output
	// until the next layer reads it.
	batchNormStream = 6 << 20
)

// newBatchNorm makes the layer of nn.BatchNorm.
func newBatchNorm(o nn.BatchNorm, s *Site) Layer {
	channels := s.Node.Shape().Channels()
	period := vector.Period(channels)
	of := func() []float32 { return make([]float32, period) }
	l := &batchNorm{
		Site: s, channels: channels, period: period, grain: batchNormGrain(channels, period),
		scale: s.Params[0], offset: s.Params[1], mean: s.Params[2], variance: s.Params[3],
		count: s.Params[4].Count, epsilon: o.Epsilon, momentum: o.Momentum,
		batchMean: make([]float64, channels), inverse: make([]float64, channels),
		totals: make([]float64, 2*period),
		norm: vector.Norm{Mean: of(), Scale: of(), Offset: of(), A: of(), B: of(), K: of(),
			ReLU: s.Fused.ReLU, Ceiling: s.Fused.Ceiling},
	}
	l.measureTask, l.applyTask = l.measure, l.apply
	l.sumTask, l.backwardTask = l.sum, l.backwardPart
	l.copyTask = l.copyGradient
	chunks := (s.MaxBatch*s.Node.Shape().Pixels() + l.grain - 1) / l.grain
	s.wants(chunks * 2 * period)
	return l
}

// batchNormGrain returns how many pixels are worked on at a time.
func batchNormGrain(channels, period int) int {
	rows := min(max(batchNormChunk/period, 128), batchNormRows)
	return rows * period / channels
}

// batchNorm computes
//
//	out = scale * (in - mean) / sqrt(variance + epsilon) + offset
//
// with the residual added and held to a range, where these are fused. Sums run
// over chunks of fixed size and are put together in order.
type batchNorm struct {
	*Site
	channels, period, grain       int // grain in pixels
	epsilon, momentum             float64
	scale, offset, mean, variance *Param
	count                         *int64
	batchMean, inverse            []float64 // inverse of the standard deviation
	totals                        []float64
	norm                          vector.Norm // of the current batch
	streams                       bool        // the output goes past the caches
	measureTask, applyTask        func(worker, lo, hi int)
	sumTask, backwardTask         func(worker, lo, hi int)
	copyTask                      func(worker, lo, hi int)
}

func (l *batchNorm) pixels() int { return l.Batch * l.Node.Shape().Pixels() }

// rows returns the pixels [lo,hi) of a buffer, or nil for no buffer.
func (l *batchNorm) rows(b *Buffer, lo, hi int) []float32 {
	if b == nil {
		return nil
	}
	return b.Data[lo*l.channels : hi*l.channels]
}

// partial returns the two sums of the chunk that starts at pixel lo, cleared.
func (l *batchNorm) partial(lo int) (first, second []float32) {
	pair := l.shared[lo/l.grain*2*l.period:][:2*l.period]
	clear(pair)
	return pair[:l.period], pair[l.period:]
}

// gather adds up the sums of all chunks.
func (l *batchNorm) gather() {
	clear(l.totals)
	for lo := 0; lo < l.pixels(); lo += l.grain {
		pair := l.shared[lo/l.grain*2*l.period:][:len(l.totals)]
		for i, v := range pair {
			l.totals[i] += float64(v)
		}
	}
	for i := l.channels; i < l.period; i++ { // the same channels again
		l.totals[i%l.channels] += l.totals[i]
		l.totals[l.period+i%l.channels] += l.totals[l.period+i]
	}
}

func (l *batchNorm) Forward() {
	if l.Training {
		l.guess()
		l.Team.For(l.pixels(), l.grain, l.measureTask)
		l.gather()
		l.settle()
		l.repeat(l.norm.Mean, l.norm.Scale, l.norm.Offset)
		*l.count++
	} else {
		l.recall()
	}
	l.streams = l.pixels()*l.channels >= batchNormStream && l.apart()
	l.Team.For(l.pixels(), l.grain, l.applyTask)
}

// apart tells whether the output lies over neither the input nor the residual.
func (l *batchNorm) apart() bool {
	residual, out := l.Fused.Residual, &l.Out.Data[0]
	return out != &l.In[0].Data[0] && (residual == nil || out != &residual.Data[0])
}

// recall takes the statistics from the running ones.
func (l *batchNorm) recall() {
	for c := range l.channels {
		scale := float64(l.scale.Value[c]) /
			math.Sqrt(float64(l.variance.Value[c])+l.epsilon)
		l.norm.Scale[c] = float32(scale)
		l.norm.Offset[c] = float32(float64(l.offset.Value[c]) - float64(l.mean.Value[c])*scale)
	}
	l.repeat(l.norm.Scale, l.norm.Offset)
}

// repeat fills arrays up to the period with their first channels.
func (l *batchNorm) repeat(arrays ...[]float32) {
	for _, a := range arrays {
		vector.Repeat(a[l.channels:], a[:l.channels])
	}
}

// guess takes the mean of a few pixels from all over the batch for that of all:
// sums of what differs from it keep their digits.
func (l *batchNorm) guess() {
	const most = 16
	pixels := l.pixels()
	n := min(pixels, most)
	mean := l.norm.Mean[:l.channels]
	clear(mean)
	for i := range n {
		at := i * pixels / n
		vector.Add(mean, mean, l.rows(l.In[0], at, at+1))
	}
	vector.Affine(mean, mean, 1/float32(n), 0)
	l.repeat(l.norm.Mean)
}

// settle computes the statistics from the sums of what differs from the guessed
// means and of its squares, moves the running ones, and sets up the norm. One
// value alone tells nothing of the variance: the running one stays.
func (l *batchNorm) settle() {
	n := l.channels
	share := 1 / float64(l.pixels())
	unbiased, single := 1/max(float64(l.pixels())-1, 1), l.pixels() == 1
	sums, squares := l.totals[:n], l.totals[l.period:][:n]
	means, inverses, center := l.batchMean[:n], l.inverse[:n], l.norm.Mean[:n]
	scales, offsets := l.norm.Scale[:n], l.norm.Offset[:n]
	weight, bias := l.scale.Value[:n], l.offset.Value[:n]
	runningMean, runningVariance := l.mean.Value[:n], l.variance.Value[:n]
	for c, sum := range sums {
		shift := sum * share
		spread := max(squares[c]-sum*shift, 0)
		mean := float64(center[c]) + shift
		inverse := 1 / math.Sqrt(spread*share+l.epsilon)
		means[c], inverses[c] = mean, inverse
		runningMean[c] = l.moved(runningMean[c], mean)
		if !single {
			runningVariance[c] = l.moved(runningVariance[c], spread*unbiased)
		}
		scale := float64(weight[c]) * inverse
		center[c], scales[c] = float32(mean), float32(scale)
		offsets[c] = float32(float64(bias[c]) - mean*scale)
	}
}

// moved returns a running statistic moved towards a batch's.
func (l *batchNorm) moved(running float32, batch float64) float32 {
	return float32((1-l.momentum)*float64(running) + l.momentum*batch)
}

// fromEnd returns the chunk that lies as far from the end as that of pixel lo does
// from the beginning: the sums go backwards over images, whose end was written last
// and is in the cache, and leave the beginning there for the passes forwards.
func (l *batchNorm) fromEnd(lo int) (first, last int) {
	chunks := (l.pixels() + l.grain - 1) / l.grain
	first = (chunks - 1 - lo/l.grain) * l.grain
	return first, min(first+l.grain, l.pixels())
}

func (l *batchNorm) measure(_, lo, _ int) {
	lo, hi := l.fromEnd(lo)
	sum, squares := l.partial(lo)
	l.norm.Moments(sum, squares, l.rows(l.In[0], lo, hi))
}

func (l *batchNorm) apply(_, lo, hi int) {
	to, in := l.rows(l.Out, lo, hi), l.rows(l.In[0], lo, hi)
	residual := l.rows(l.Fused.Residual, lo, hi)
	if l.streams {
		l.norm.ForwardStream(to, in, residual)
	} else {
		l.norm.Forward(to, in, residual)
	}
}
