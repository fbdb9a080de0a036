package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/pool"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newAvgPool makes the layer of nn.AvgPool.
func newAvgPool(o nn.AvgPool, s *Site) Layer {
	g := windowed(o.Window, s.input())
	g.Ceil, g.ExcludePad = o.Ceil, o.ExcludePad
	return &avgPool{s, pool.New(g)}
}

// newAdaptiveAvgPool makes the layer of nn.AdaptiveAvgPool.
func newAdaptiveAvgPool(o nn.AdaptiveAvgPool, s *Site) Layer {
	return &avgPool{s, adaptive(o.Adaptive, s.input())}
}

// avgPool is the mean over windows.
type avgPool struct {
	*Site
	pool *pool.Pool
}

func (l *avgPool) Forward() { l.pool.Mean(l.Team, l.Batch, l.Out.Data, l.In[0].Data) }

func (l *avgPool) Backward() {
	if l.GradIn[0] != nil {
		l.pool.MeanGradient(l.Team, l.Batch, l.GradIn[0].Data, l.GradOut.Data, l.Adds)
	}
}
