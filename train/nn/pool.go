package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/pool"
)

// maxPoolOp is the maximum over windows.
type maxPoolOp struct {
	leaf
	window
}

func (maxPoolOp) kind() string                      { return "max_pool" }
func (maxPoolOp) traits() traits                    { return traits{addsGradient: true} }
func (o maxPoolOp) infer(in []Shape) (Shape, error) { return o.inferPool(in[0]) }

func (o maxPoolOp) bind(s *site) layer {
	return newMaxPool(s, pool.New(o.pooling(s.node.inputs[0].shape)))
}

// pooling returns the pooling of an image.
func (w window) pooling(in Shape) pool.Geometry {
	return pool.Geometry{
		Height: in[0], Width: in[1], Channels: in[2], Kernel: w.kernel, Stride: w.stride,
		Pad: w.pad, Dilation: w.dilation, Ceil: w.ceil, ExcludePad: w.excludePad,
	}
}

// inferPool returns the shape that a pooling gives.
func (w window) inferPool(in Shape) (Shape, error) {
	if _, _, err := w.infer(in); err != nil {
		return nil, err
	}
	g := w.pooling(in)
	if err := g.Check(); err != nil {
		return nil, err
	}
	height, width := g.Output()
	return Shape{height, width, in.channels()}, nil
}

// maxPool notes for each output which pixel of its window it came from.
type maxPool struct {
	*site
	pool   *pool.Pool
	places []uint8 // for training
}

func newMaxPool(s *site, p *pool.Pool) *maxPool {
	l := &maxPool{site: s, pool: p}
	if s.gradOut != nil {
		l.places = make([]uint8, s.maxBatch*p.PlaceSize())
	}
	return l
}

func (l *maxPool) forward() {
	var places []uint8
	if l.training {
		places = l.places
	}
	l.pool.Max(l.team, l.batch, l.out.data, places, l.in[0].data)
}

func (l *maxPool) backward() {
	if l.gradIn[0] != nil {
		l.pool.MaxGradient(l.team, l.batch, l.gradIn[0].data, l.gradOut.data, l.places, l.adds)
	}
}

// adaptive is the base of poolings to a given height and width.
type adaptive struct {
	leaf
	height, width int
}

func (adaptive) traits() traits { return traits{addsGradient: true} }

func (o adaptive) infer(in []Shape) (Shape, error) {
	if !in[0].isImage() {
		return nil, fmt.Errorf("expects an image {height, width, channels}, and is given %v", in[0])
	}
	if o.height < 1 || o.width < 1 {
		return nil, fmt.Errorf("expects a height and width of at least 1, and is given %dx%d",
			o.height, o.width)
	}
	return Shape{o.height, o.width, in[0].channels()}, nil
}

func (o adaptive) pooling(s *site) *pool.Pool {
	in := s.node.inputs[0].shape
	return pool.NewAdaptive(in[0], in[1], in[2], o.height, o.width)
}

// reach makes adaptive poolings windowed. Windows whose sizes differ count as
// the largest.
func (o adaptive) reach(in Shape) (size [2]int, apart [2]float64) {
	for i, out := range [2]int{o.height, o.width} {
		for n := range out {
			size[i] = max(size[i], ((n+1)*in[i]+out-1)/out-n*in[i]/out)
		}
		apart[i] = float64(in[i]) / float64(out)
	}
	return size, apart
}

// adaptiveMaxPoolOp is the maximum over windows that cover the image.
type adaptiveMaxPoolOp struct{ adaptive }

func (adaptiveMaxPoolOp) kind() string         { return "adaptive_max_pool" }
func (o adaptiveMaxPoolOp) bind(s *site) layer { return newMaxPool(s, o.pooling(s)) }

// AdaptiveMaxPool adds the maximum over as many windows as the output is to be
// high and wide. Together they cover the image, and where its sides cannot be
// divided they overlap, as PyTorch's do.
func (b *Builder) AdaptiveMaxPool(name string, x *Node, height, width int) *Node {
	return b.add(name, adaptiveMaxPoolOp{adaptive{height: height, width: width}}, x)
}
