package layer

import (
	"github.com/dsbuild/dsbuild/internal/kernel/pool"
	"github.com/dsbuild/dsbuild/train/nn"
)

// newMaxPool makes the layer of nn.MaxPool.
func newMaxPool(o nn.MaxPool, s *Site) Layer {
	g := windowed(o.Window, s.input())
	g.Ceil = o.Ceil
	return maxOver(s, pool.New(g))
}

// newAdaptiveMaxPool makes the layer of nn.AdaptiveMaxPool.
func newAdaptiveMaxPool(o nn.AdaptiveMaxPool, s *Site) Layer {
	return maxOver(s, adaptive(o.Adaptive, s.input()))
}

// windowed returns the pooling of an image over windows.
func windowed(w nn.Window, in nn.Shape) pool.Geometry {
	return pool.Geometry{
		Height: in[0], Width: in[1], Channels: in[2], Kernel: w.Kernel, Stride: w.Stride,
		Pad: w.Pad, Dilation: w.Dilation,
	}
}

// adaptive returns the pooling of an image to a given height and width.
func adaptive(o nn.Adaptive, in nn.Shape) *pool.Pool {
	return pool.NewAdaptive(in[0], in[1], in[2], o.Height, o.Width)
}

// maxPool notes for each output which pixel of its window it came from.
type maxPool struct {
	*Site
	pool   *pool.Pool
	places []uint8 // for training
}

func maxOver(s *Site, p *pool.Pool) *maxPool {
	l := &maxPool{Site: s, pool: p}
	if s.GradOut != nil {
		l.places = make([]uint8, s.MaxBatch*p.PlaceSize())
	}
	return l
}

func (l *maxPool) Forward() {
	var places []uint8
	if l.Training {
		places = l.places
	}
	l.pool.Max(l.Team, l.Batch, l.Out.Data, places, l.In[0].Data)
}

func (l *maxPool) Backward() {
	if l.GradIn[0] != nil {
		l.pool.MaxGradient(l.Team, l.Batch, l.GradIn[0].Data, l.GradOut.Data, l.places, l.Adds)
	}
}

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
