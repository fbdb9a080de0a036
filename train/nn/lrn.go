package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/pool"
)

// LocalResponseNorm adds local response normalisation over size neighbouring
// channels (Krizhevsky et al., 2012, section 3.3), with the sum of their squares
// divided by size, as PyTorch does:
//
//	y = x / (k + alpha/size * sum)^beta
func (b *Builder) LocalResponseNorm(
	name string, x *Node, size int, alpha, beta, k float64,
) *Node {
	return b.add(name, responseNormOp{size: size, alpha: alpha, beta: beta, k: k}, x)
}

// responseNormOp is local response normalisation.
type responseNormOp struct {
	leaf
	size           int
	alpha, beta, k float64
}

func (responseNormOp) kind() string   { return "local_response_norm" }
func (responseNormOp) traits() traits { return traits{keepsInput: true, addsGradient: true} }

func (o responseNormOp) infer(in []Shape) (Shape, error) {
	switch {
	case !in[0].isImage():
		return nil, fmt.Errorf("expects an image {height, width, channels}, and is given %v", in[0])
	case o.size < 1:
		return nil, fmt.Errorf("expects a size of at least 1, and is given %d", o.size)
	case !(o.k > 0) || !(o.alpha >= 0):
		return nil, fmt.Errorf("expects k above 0 and alpha not below, and is given %v and %v",
			o.k, o.alpha)
	}
	return in[0], nil
}

func (o responseNormOp) bind(s *site) layer {
	l := &responseNorm{s, pool.ResponseNorm{Channels: s.node.shape.channels(), Size: o.size,
		Alpha: float32(o.alpha), Beta: float32(o.beta), K: float32(o.k)}}
	s.wants(l.norm.Workspace(s.team.Size()), 0)
	return l
}

type responseNorm struct {
	*site
	norm pool.ResponseNorm
}

func (l *responseNorm) pixels() int { return l.batch * l.node.shape.pixels() }

func (l *responseNorm) forward() {
	l.norm.Forward(l.team, l.pixels(), l.out.data, l.in[0].data, l.shared)
}

func (l *responseNorm) backward() {
	if l.gradIn[0] != nil {
		l.norm.Gradient(l.team, l.pixels(), l.gradIn[0].data, l.gradOut.data, l.in[0].data,
			l.shared, l.adds)
	}
}
