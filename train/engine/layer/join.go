package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newAdd makes the layer of nn.Add.
func newAdd(_ nn.Add, s *Site) Layer {
	l := &add{Site: s}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// add is the sum of two values.
type add struct {
	*Site
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *add) Forward() { l.Team.For(l.Batch*l.Out.Size, pointGrain, l.forwardTask) }

func (l *add) forwardPart(_, lo, hi int) {
	vector.Add(l.Out.Data[lo:hi], l.In[0].Data[lo:hi], l.In[1].Data[lo:hi])
}

func (l *add) Backward() { l.Team.For(l.Batch*l.Out.Size, pointGrain, l.backwardTask) }

// backwardPart copies the gradient to inputs that do not share its memory.
func (l *add) backwardPart(_, lo, hi int) {
	for _, grad := range l.GradIn {
		if grad != nil && &grad.Data[0] != &l.GradOut.Data[0] {
			copy(grad.Data[lo:hi], l.GradOut.Data[lo:hi])
		}
	}
}

// newConcat makes the layer of nn.Concat.
func newConcat(_ nn.Concat, s *Site) Layer {
	l := &concat{Site: s}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// concat puts values one behind the other along the channels.
type concat struct {
	*Site
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *concat) pixels() int { return l.Batch * l.Node.Shape().Pixels() }

func (l *concat) Forward()  { l.Team.For(l.pixels(), 256, l.forwardTask) }
func (l *concat) Backward() { l.Team.For(l.pixels(), 256, l.backwardTask) }

func (l *concat) forwardPart(_, lo, hi int) {
	width, at := l.Node.Shape().Channels(), 0
	for i, in := range l.Node.Inputs() {
		n := in.Shape().Channels()
		for p := lo; p < hi; p++ {
			copy(l.Out.Data[p*width+at:][:n], l.In[i].Data[p*n:])
		}
		at += n
	}
}

func (l *concat) backwardPart(_, lo, hi int) {
	width, at := l.Node.Shape().Channels(), 0
	for i, in := range l.Node.Inputs() {
		n := in.Shape().Channels()
		for p := lo; p < hi && l.GradIn[i] != nil; p++ {
			copy(l.GradIn[i].Data[p*n:][:n], l.GradOut.Data[p*width+at:])
		}
		at += n
	}
}
