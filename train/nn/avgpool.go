package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/pool"
)

// ExcludePad keeps the padding of an average pooling out of the count that sums
// are divided by.
func ExcludePad() Option { return func(w *window) { w.excludePad = true } }

// avgPoolOp is the mean over windows.
type avgPoolOp struct {
	leaf
	window
}

func (avgPoolOp) kind() string   { return "avg_pool" }
func (avgPoolOp) traits() traits { return traits{addsGradient: true} }

func (o avgPoolOp) infer(in []Shape) (Shape, error) {
	if o.dilation != [2]int{1, 1} {
		return nil, fmt.Errorf("expects no dilation, and is given %v", o.dilation)
	}
	return o.inferPool(in[0])
}

func (o avgPoolOp) bind(s *site) layer {
	return &avgPool{s, pool.New(o.pooling(s.node.inputs[0].shape))}
}

type avgPool struct {
	*site
	pool *pool.Pool
}

func (l *avgPool) forward() { l.pool.Mean(l.team, l.batch, l.out.data, l.in[0].data) }

func (l *avgPool) backward() {
	if l.gradIn[0] != nil {
		l.pool.MeanGradient(l.team, l.batch, l.gradIn[0].data, l.gradOut.data, l.adds)
	}
}

// adaptiveAvgPoolOp is the mean over windows that cover the image.
type adaptiveAvgPoolOp struct{ adaptive }

func (adaptiveAvgPoolOp) kind() string         { return "adaptive_avg_pool" }
func (o adaptiveAvgPoolOp) bind(s *site) layer { return &avgPool{s, o.pooling(s)} }

// AdaptiveAvgPool adds the mean over as many windows as the output is to be
// high and wide. Together they cover the image, and where its sides cannot be
// divided they overlap, as PyTorch's do.
func (b *Builder) AdaptiveAvgPool(name string, x *Node, height, width int) *Node {
	return b.add(name, adaptiveAvgPoolOp{adaptive{height: height, width: width}}, x)
}
