package layer

import (
	"math"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newDropout makes the layer of nn.Dropout.
func newDropout(o nn.Dropout, s *Site) Layer {
	l := &dropout{Site: s, key: s.dropoutKey(s.Node.Name()), mask: vector.Mask{
		Scale:     float32(1 / (1 - o.Rate)),
		Threshold: uint32(min(math.Round(o.Rate*(1<<32)), 1<<32-1)),
	}}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

// dropoutKey returns the key of a layer's masks.
func (s *State) dropoutKey(name string) uint64 {
	return dataset.Key{Seed: s.Seed, Sample: name}.Rand("dropout").Uint64()
}

// dropout multiplies by a mask, whose elements depend on seed, name, step and
// their number alone.
type dropout struct {
	*Site
	key                       uint64
	mask                      vector.Mask // of the current step
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *dropout) Forward() {
	if !l.Training || l.mask.Threshold == 0 {
		if n := l.Batch * l.Out.Size; &l.In[0].Data[0] != &l.Out.Data[0] {
			copy(l.Out.Data[:n], l.In[0].Data[:n])
		}
		return
	}
	l.mask.Key = vector.Mix(l.key + l.Step*0x9e3779b97f4a7c15)
	l.Team.For(l.Batch*l.Out.Size, pointGrain, l.forwardTask)
}

func (l *dropout) forwardPart(_, lo, hi int) {
	l.mask.Apply(l.Out.Data[lo:hi], l.In[0].Data[lo:hi], lo)
}

func (l *dropout) Backward() {
	if l.GradIn[0] != nil {
		l.Team.For(l.Batch*l.Out.Size, pointGrain, l.backwardTask)
	}
}

func (l *dropout) backwardPart(_, lo, hi int) {
	l.mask.Apply(l.GradIn[0].Data[lo:hi], l.GradOut.Data[lo:hi], lo)
}
