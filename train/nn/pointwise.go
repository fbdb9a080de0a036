package nn

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

// pointGrain is how many values a goroutine takes at a time.
const pointGrain = 1 << 15

// reluOp is max(x, 0), held to a ceiling if it has one.
type reluOp struct {
	leaf
	ceiling float32 // 0 stands for none
}

func (o reluOp) kind() string {
	if o.ceiling != 0 {
		return "relu6"
	}
	return "relu"
}

func (reluOp) infer(in []Shape) (Shape, error) { return in[0], nil }
func (reluOp) traits() traits {
	return traits{inPlace: true, gradInPlace: true, keepsOutput: true}
}

func (o reluOp) bind(s *site) layer {
	l := &relu{site: s, ceiling: o.ceiling}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// ReLU6 adds max(x, 0), held to 6 (Krizhevsky, 2010).
func (b *Builder) ReLU6(name string, x *Node) *Node { return b.add(name, reluOp{ceiling: 6}, x) }

type relu struct {
	*site
	ceiling                   float32
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *relu) forward() { l.team.For(l.batch*l.out.size, pointGrain, l.forwardTask) }

func (l *relu) forwardPart(_, lo, hi int) {
	vector.ReLU(l.out.data[lo:hi], l.in[0].data[lo:hi], l.ceiling)
}

func (l *relu) backward() { l.team.For(l.batch*l.out.size, pointGrain, l.backwardTask) }

func (l *relu) backwardPart(_, lo, hi int) {
	vector.ReLUGradient(l.gradIn[0].data[lo:hi], l.gradOut.data[lo:hi], l.out.data[lo:hi], l.ceiling)
}

// addTo adds src to dst.
func addTo(dst, src []float32) { vector.Add(dst, dst[:len(src)], src) }
