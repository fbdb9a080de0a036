package nn

// avgPoolOp is the mean over windows, padding counted as zeros.
type avgPoolOp struct{ window }

func (avgPoolOp) kind() string                      { return "avg_pool" }
func (avgPoolOp) params(*Node) []paramSpec          { return nil }
func (avgPoolOp) traits() traits                    { return traits{} }
func (o avgPoolOp) infer(in []Shape) (Shape, error) { return inferPool(o.window, in[0]) }

func (o avgPoolOp) bind(s *site) layer {
	l := &avgPool{site: s, pooling: newPooling(o.window, s.node),
		share: 1 / float32(o.kernel[0]*o.kernel[1])}
	l.forwardTask, l.backwardTask = l.forwardRows, l.backwardSamples
	return l
}

type avgPool struct {
	*site
	pooling
	share                     float32 // of a pixel in its window
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *avgPool) forward() { l.team.For(l.batch*l.to[0], 1, l.forwardTask) }

// forwardRows computes rows of the output, counted through the batch.
func (l *avgPool) forwardRows(_, lo, hi int) {
	for row := lo; row < hi; row++ {
		image := l.in[0].sample(row / l.to[0])
		for x := range l.to[1] {
			out := l.out.data[(row*l.to[1]+x)*l.to[2]:][:l.to[2]]
			clear(out)
			l.eachPixel(row%l.to[0], x, func(at int) { addTo(out, image[at:at+len(out)]) })
			for c := range out {
				out[c] *= l.share
			}
		}
	}
}

// eachPixel calls f with the place in a sample of each pixel that the window
// of an output pixel covers.
func (l *avgPool) eachPixel(y, x int, f func(at int)) {
	top, bottom := l.span(0, y)
	left, right := l.span(1, x)
	for row := top; row < bottom; row++ {
		for column := left; column < right; column++ {
			f((row*l.from[1] + column) * l.from[2])
		}
	}
}

func (l *avgPool) backward() { l.team.For(l.batch, 1, l.backwardTask) }

func (l *avgPool) backwardSamples(_, lo, hi int) {
	for i := lo; i < hi; i++ {
		to := l.gradIn[0].sample(i)
		clear(to)
		grad := l.gradOut.sample(i)
		for y := range l.to[0] {
			for x := range l.to[1] {
				g := grad[(y*l.to[1]+x)*l.to[2]:][:l.to[2]]
				l.eachPixel(y, x, func(at int) {
					to := to[at : at+len(g)]
					for c, v := range g {
						to[c] += v * l.share
					}
				})
			}
		}
	}
}
