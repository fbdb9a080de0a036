package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/pool"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newResponseNorm makes the layer of nn.LocalResponseNorm.
func newResponseNorm(o nn.LocalResponseNorm, s *Site) Layer {
	l := &responseNorm{s, pool.ResponseNorm{Channels: s.Node.Shape().Channels(), Size: o.Size,
		Alpha: float32(o.Alpha), Beta: float32(o.Beta), K: float32(o.K)}}
	s.wants(l.norm.Workspace(s.Team.Size()))
	return l
}

// responseNorm is local response normalisation.
type responseNorm struct {
	*Site
	norm pool.ResponseNorm
}

func (l *responseNorm) pixels() int { return l.Batch * l.Node.Shape().Pixels() }

func (l *responseNorm) Forward() {
	l.norm.Forward(l.Team, l.pixels(), l.Out.Data, l.In[0].Data, l.shared)
}

func (l *responseNorm) Backward() {
	if l.GradIn[0] != nil {
		l.norm.Gradient(l.Team, l.pixels(), l.GradIn[0].Data, l.GradOut.Data, l.In[0].Data,
			l.shared, l.Adds)
	}
}
