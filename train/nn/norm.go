package nn

import (
	"cmp"
	"fmt"
)

const (
	defaultEpsilon  = 1e-5
	defaultMomentum = 0.1
)

// BatchNorm is batch normalisation of each channel:
//
//	out = scale * (in - mean) / sqrt(variance + Epsilon) + offset
type BatchNorm struct {
	Epsilon  float64
	Momentum float64 // the weight of the new batch in the running statistics
}

// BatchNorm adds batch normalisation of each channel (Ioffe and Szegedy,
// 2015). It takes Epsilon (default 1e-5) and Momentum (default 0.1). A batch that
// has one value a channel trains offsets alone.
func (b *Builder) BatchNorm(name string, x *Node, options ...Option) *Node {
	s := newSettings(1, options)
	return b.add(name, BatchNorm{Epsilon: cmp.Or(s.epsilon, defaultEpsilon),
		Momentum: cmp.Or(s.momentum, defaultMomentum)}, x)
}

// Kind returns "batch_norm".
func (BatchNorm) Kind() string { return "batch_norm" }

// Infer returns the input's shape.
func (o BatchNorm) Infer(in []Shape) (Shape, error) {
	if o.Epsilon < 0 || o.Momentum < 0 || o.Momentum > 1 {
		return nil, fmt.Errorf("has epsilon %v, which must not be negative, and momentum %v, which "+
			"is from 0 to 1", o.Epsilon, o.Momentum)
	}
	return in[0], nil
}

func (BatchNorm) params(n *Node) []paramSpec {
	shape := Shape{n.shape.Channels()}
	return []paramSpec{
		{suffix: "weight", role: scaleRole, shape: shape, order: n.order},
		{suffix: "bias", role: offsetRole, shape: shape, order: n.order},
		{suffix: "running_mean", role: meanRole, shape: shape, order: n.order},
		{suffix: "running_var", role: varRole, shape: shape, order: n.order},
		{suffix: "num_batches_tracked", role: counterRole},
	}
}

// LocalResponseNorm is local response normalisation over Size neighbouring
// channels:
//
//	out = in / (K + Alpha/Size * sum of their squares)^Beta
type LocalResponseNorm struct {
	leaf
	Size           int
	Alpha, Beta, K float64
}

// LocalResponseNorm adds local response normalisation over size neighbouring
// channels (Krizhevsky et al., 2012, section 3.3), with the sum of their squares
// divided by size, as PyTorch does.
func (b *Builder) LocalResponseNorm(
	name string, x *Node, size int, alpha, beta, k float64,
) *Node {
	return b.add(name, LocalResponseNorm{Size: size, Alpha: alpha, Beta: beta, K: k}, x)
}

// Kind returns "local_response_norm".
func (LocalResponseNorm) Kind() string { return "local_response_norm" }

// Infer returns the image's shape.
func (o LocalResponseNorm) Infer(in []Shape) (Shape, error) {
	switch {
	case !in[0].IsImage():
		return nil, notImage(in[0])
	case o.Size < 1:
		return nil, fmt.Errorf("expects a size of at least 1, but got %d", o.Size)
	case !(o.K > 0) || !(o.Alpha >= 0):
		return nil, fmt.Errorf("expects k above 0 and alpha of at least 0, but got %v and %v",
			o.K, o.Alpha)
	}
	return in[0], nil
}
