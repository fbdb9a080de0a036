package nn

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
)

// dropoutOp sets values to zero at random.
type dropoutOp struct{ rate float64 }

func (dropoutOp) kind() string             { return "dropout" }
func (dropoutOp) params(*Node) []paramSpec { return nil }
func (dropoutOp) traits() traits           { return traits{inPlace: true, gradInPlace: true} }

func (o dropoutOp) infer(in []Shape) (Shape, error) {
	if !(o.rate >= 0 && o.rate < 1) {
		return nil, fmt.Errorf("rate is %v, and must be from 0 to below 1", o.rate)
	}
	return in[0], nil
}

func (o dropoutOp) bind(s *site) layer {
	l := &dropout{site: s, key: s.dropoutKey(s.node.name), mask: vector.Mask{
		Scale:     float32(1 / (1 - o.rate)),
		Threshold: uint32(min(math.Round(o.rate*(1<<32)), 1<<32-1)),
	}}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// dropout multiplies by a mask, whose elements depend on seed, name, step and
// their number alone.
type dropout struct {
	*site
	key                       uint64
	mask                      vector.Mask // of the current step
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *dropout) forward() {
	if !l.training || l.mask.Threshold == 0 {
		if n := l.batch * l.out.size; &l.in[0].data[0] != &l.out.data[0] {
			copy(l.out.data[:n], l.in[0].data[:n])
		}
		return
	}
	l.mask.Key = vector.Mix(l.key + l.step*0x9e3779b97f4a7c15)
	l.team.For(l.batch*l.out.size, pointGrain, l.forwardTask)
}

func (l *dropout) forwardPart(_, lo, hi int) {
	l.mask.Apply(l.out.data[lo:hi], l.in[0].data[lo:hi], lo)
}

func (l *dropout) backward() { l.team.For(l.batch*l.out.size, pointGrain, l.backwardTask) }

func (l *dropout) backwardPart(_, lo, hi int) {
	l.mask.Apply(l.gradIn[0].data[lo:hi], l.gradOut.data[lo:hi], lo)
}
