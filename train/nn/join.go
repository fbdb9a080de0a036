package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
)

// addOp is the sum of two values.
type addOp struct{ leaf }

func (addOp) kind() string   { return "add" }
func (addOp) traits() traits { return traits{inPlace: true, gradInPlace: true} }

func (addOp) infer(in []Shape) (Shape, error) {
	if !in[0].equal(in[1]) {
		return nil, fmt.Errorf("expects two values of one shape, and is given %v and %v", in[0], in[1])
	}
	return in[0], nil
}

func (addOp) bind(s *site) layer {
	l := &add{site: s}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

type add struct {
	*site
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *add) forward() { l.team.For(l.batch*l.out.size, pointGrain, l.forwardTask) }

func (l *add) forwardPart(_, lo, hi int) {
	vector.Add(l.out.data[lo:hi], l.in[0].data[lo:hi], l.in[1].data[lo:hi])
}

func (l *add) backward() { l.team.For(l.batch*l.out.size, pointGrain, l.backwardTask) }

// backwardPart copies the gradient to inputs that do not share its memory.
func (l *add) backwardPart(_, lo, hi int) {
	for _, grad := range l.gradIn {
		if grad != nil && &grad.data[0] != &l.gradOut.data[0] {
			copy(grad.data[lo:hi], l.gradOut.data[lo:hi])
		}
	}
}

// concatOp puts values one behind the other along the channels.
type concatOp struct{ leaf }

func (concatOp) kind() string   { return "concat" }
func (concatOp) traits() traits { return traits{} }

func (concatOp) infer(in []Shape) (Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("has no inputs")
	}
	out := append(Shape(nil), in[0]...)
	for _, s := range in[1:] {
		if len(s) != len(out) || !s[:len(s)-1].equal(out[:len(out)-1]) {
			return nil, fmt.Errorf("expects values that differ in channels only, "+
				"and is given %v and %v", in[0], s)
		}
		out[len(out)-1] += s.channels()
	}
	return out, nil
}

func (concatOp) bind(s *site) layer {
	l := &concat{site: s}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

type concat struct {
	*site
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *concat) pixels() int { return l.batch * l.node.shape.pixels() }

func (l *concat) forward()  { l.team.For(l.pixels(), 256, l.forwardTask) }
func (l *concat) backward() { l.team.For(l.pixels(), 256, l.backwardTask) }

func (l *concat) forwardPart(_, lo, hi int) {
	width, at := l.node.shape.channels(), 0
	for i, in := range l.node.inputs {
		n := in.shape.channels()
		for p := lo; p < hi; p++ {
			copy(l.out.data[p*width+at:][:n], l.in[i].data[p*n:])
		}
		at += n
	}
}

func (l *concat) backwardPart(_, lo, hi int) {
	width, at := l.node.shape.channels(), 0
	for i, in := range l.node.inputs {
		n := in.shape.channels()
		for p := lo; p < hi && l.gradIn[i] != nil; p++ {
			copy(l.gradIn[i].data[p*n:][:n], l.gradOut.data[p*width+at:])
		}
		at += n
	}
}
