package nn

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// bandFloats bounds how much of an image a convolution takes at a time, so
// that the padded copy stays in a core's cache.
const bandFloats = 1 << 15

// convOp is a convolution.
type convOp struct {
	channels int
	window
}

func (convOp) kind() string   { return "conv" }
func (convOp) traits() traits { return traits{keepsInput: true} }

func (o convOp) infer(in []Shape) (Shape, error) {
	if o.channels < 1 {
		return nil, fmt.Errorf("expects at least 1 channel, and is given %d", o.channels)
	}
	height, width, err := o.window.infer(in[0])
	if err != nil {
		return nil, err
	}
	return Shape{height, width, o.channels}, o.geometry(in[0]).Check()
}

// geometry returns the convolution of an image.
func (o convOp) geometry(in Shape) conv.Geometry {
	return conv.Geometry{
		Height: in[0], Width: in[1], In: in[2], Out: o.channels, Kernel: o.kernel,
		Stride: o.stride, Pad: o.pad, Dilation: o.dilation, Groups: o.groups,
	}
}

func (o convOp) params(n *Node) []paramSpec {
	in := n.inputs[0].shape.channels() / o.groups
	specs := []paramSpec{{suffix: "weight", role: kernelRole,
		shape: Shape{o.kernel[0], o.kernel[1], in, o.channels}}}
	if !o.noBias {
		specs = append(specs, paramSpec{suffix: "bias", role: offsetRole, shape: Shape{o.channels}})
	}
	return specs
}

func (o convOp) bind(s *site) layer {
	if o.groups > 1 || o.dilation != [2]int{1, 1} {
		panic("nn: grouped and dilated convolutions have no layer")
	}
	in, out := s.node.inputs[0].shape, s.node.shape
	l := &convolution{
		site: s, weight: s.params[0], channelsIn: in[2], channelsOut: out[2],
		in: image{in[0], in[1]}, out: image{out[0], out[1]}, kernel: image(o.kernel),
		// Rows and columns of the padded image that the kernel visits.
		ahead: windowing{image: image{in[0], in[1]}, channels: in[2], kernel: image(o.kernel),
			step: image(o.stride), dilate: image{1, 1}, pad: image(o.pad)},
		// The gradient of the input is the convolution of the output's, its
		// pixels spread by the stride, with the kernel turned by 180 degrees.
		back: windowing{image: image{out[0], out[1]}, channels: out[2], kernel: image(o.kernel),
			step: image{1, 1}, dilate: image(o.stride),
			pad: image{o.kernel[0] - 1 - o.pad[0], o.kernel[1] - 1 - o.pad[1]}},
	}
	if !o.noBias {
		l.bias = s.params[1]
	}
	l.ahead.plan(l.out)
	l.back.plan(l.in)
	l.forwardTask, l.inputTask = l.forwardBands, l.inputBands
	l.weightTask, l.reduceTask = l.weightParts, l.reducePart
	s.wants(l.packedSize(l.channelsIn, l.channelsOut), l.ahead.copySize())
	if s.gradOut != nil {
		s.wants(max(l.packedSize(l.channelsOut, l.channelsIn), l.maxParts()*l.partSize()),
			l.back.copySize())
	}
	return l
}

// image is a height and a width.
type image [2]int

// convolution computes every row of the output by one product: the row's windows
// times the kernel, summed over the kernel's rows.
type convolution struct {
	*site
	weight, bias            *param
	channelsIn, channelsOut int
	in, out, kernel         image
	ahead, back             windowing
	panels                  kernel.Panels
	parts                   int // into which the batch is cut for the weights' gradient
	forwardTask, inputTask  func(worker, lo, hi int)
	weightTask, reduceTask  func(worker, lo, hi int)
}

// packedSize returns the floats of the kernel packed for a product of depth
// kernel x from channels to the others.
func (l *convolution) packedSize(from, to int) int {
	return kernel.PanelsSize(l.kernel[0]*l.kernel[1]*from, to)
}

func (l *convolution) forward() {
	depth := l.kernel[1] * l.channelsIn
	to := l.channelsOut
	l.panels = kernel.Pack(l.shared, l.weight.value, l.kernel[0]*depth, to, to, 1)
	l.panels.Segment = depth * kernel.PanelColumns
	l.team.For(l.batch*l.ahead.bands, 1, l.forwardTask)
}

func (l *convolution) forwardBands(worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		sample, band := i/l.ahead.bands, i%l.ahead.bands
		first, last := l.ahead.band(band)
		rows := l.ahead.rows(l.own[worker], l.site.in[0].sample(sample), first, last)
		to := l.site.out.sample(sample)
		width := l.out[1] * l.channelsOut
		for y := first; y < last; y++ {
			line := to[y*width : (y+1)*width]
			if l.bias != nil {
				repeat(line, l.bias.value)
			}
			kernel.Multiply(kernel.Product{
				Rows: l.out[1], Columns: l.channelsOut,
				Depth: l.kernel[1] * l.channelsIn, Segments: l.kernel[0],
				A: rows.windows(y), B: l.panels,
				C: line, CRow: l.channelsOut, Accumulate: l.bias != nil,
			})
		}
	}
}

// repeat fills dst with copies of row.
func repeat(dst, row []float32) {
	for n := copy(dst, row); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}
