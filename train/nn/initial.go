package nn

import (
	"math"

	"github.com/dsbuild/dsbuild/dataset"
)

// FanOut initializes a layer's kernel from a normal distribution of variance
// 2/fan-out instead of 2/fan-in, which preserves the magnitude of gradients rather
// than that of activations (He et al., 2015, "Delving Deep into Rectifiers"). As in
// PyTorch, the fan-out counts all output channels regardless of groups.
func FanOut() Option {
	return func(s *settings) {
		s.initial = func(_, fanOut float64) (kernel, bias spread) {
			return spread{size: math.Sqrt(2 / fanOut)}, spread{}
		}
	}
}

// Deviation initializes a layer's kernel from a normal distribution with this
// standard deviation.
func Deviation(deviation float64) Option {
	return func(s *settings) {
		s.initial = func(_, _ float64) (kernel, bias spread) {
			return spread{size: deviation}, spread{}
		}
	}
}

// FanInEven initializes a layer's kernel and bias uniformly between -1/√fan-in and
// 1/√fan-in, which is PyTorch's default.
func FanInEven() Option {
	return func(s *settings) {
		s.initial = func(fanIn, _ float64) (kernel, bias spread) {
			both := spread{size: 1 / math.Sqrt(fanIn), even: true}
			return both, both
		}
	}
}

// An initial returns how the first values of a layer with these fans are drawn.
type initial func(fanIn, fanOut float64) (kernel, bias spread)

// of returns how the first values of a layer are drawn whose kernel has a shape
// that ends in its input and output channels.
func (i initial) of(shape Shape) (kernel, bias spread) {
	if i == nil {
		return spread{}, spread{}
	}
	return i(float64(shape.fanIn()), float64(shape.Size()/shape[len(shape)-2]))
}

// fanIn returns of how many values a kernel of this shape makes one.
func (s Shape) fanIn() int { return s.Size() / s.Channels() }

// A spread says how values are drawn: from a normal distribution of this
// deviation, or evenly from -size to size. The zero spread draws kernels with
// variance 2/fan-in and leaves biases at 0.
type spread struct {
	size float64
	even bool
}

// draw sets a tensor's values by a key of the seed and its name, in the order of
// files, so that they do not depend on the layout in memory.
func (t *Parameter) draw(seed uint64) {
	draws := make([]float32, len(t.data))
	r := dataset.Key{Seed: seed, Sample: t.name}.Rand("weights")
	for i := range draws {
		if t.spread.even {
			draws[i] = float32((2*r.Float64() - 1) * t.spread.size)
		} else {
			draws[i] = float32(r.NormFloat64() * t.spread.size)
		}
	}
	t.fromFile(draws)
}
