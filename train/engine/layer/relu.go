package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// pointGrain is how many values a goroutine takes at a time.
const pointGrain = 1 << 15

// newReLU makes the layer of nn.ReLU.
func newReLU(o nn.ReLU, s *Site) Layer {
	l := &relu{Site: s, ceiling: o.Ceiling}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// relu is max(x, 0), held to a ceiling if it has one.
type relu struct {
	*Site
	ceiling                   float32
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *relu) Forward() { l.Team.For(l.Batch*l.Out.Size, pointGrain, l.forwardTask) }

func (l *relu) forwardPart(_, lo, hi int) {
	vector.ReLU(l.Out.Data[lo:hi], l.In[0].Data[lo:hi], l.ceiling)
}

func (l *relu) Backward() {
	if l.GradIn[0] != nil {
		l.Team.For(l.Batch*l.Out.Size, pointGrain, l.backwardTask)
	}
}

func (l *relu) backwardPart(_, lo, hi int) {
	vector.ReLUGradient(l.GradIn[0].Data[lo:hi], l.GradOut.Data[lo:hi], l.Out.Data[lo:hi], l.ceiling)
}
