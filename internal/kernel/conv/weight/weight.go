// Package weight computes gradients of convolutions' weights.
//
// A convolution's input and the gradient of its output flow in, the gradients
// of its kernel and its bias flow out:
//
//	gradient := weight.NewGradient(g)
//	work := make([]float32, gradient.Workspace(n, team.Size()))
//	gradient.Run(team, conv.GradientCall{Batch: n, Input: images, Output: out,
//		Weights: weights, Workspace: work})
//
// Each element of the kernel is a sum over all pixels of the output: the
// gradient of a channel there times what the element meets. Registers hold such
// sums for a few channels of the input by a line of 32 channels of the output,
// over as many pixels as a core's cache holds, which were padded and packed
// before. Channels are dealt out to the workers where there are enough of them,
// and pixels beside them where not: only then are there parts to be added up.
package weight

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A Gradient is a conv.Gradient of any geometry.
type Gradient struct{ single, several shape } // of one image, and of more

// NewGradient returns the gradient of the weights of g, which has its defaults
// and is right.
func NewGradient(g conv.Geometry) *Gradient {
	s := newShape(g, false)
	return &Gradient{s, s}
}

// NewGradientBF16 is NewGradient with input and output rounded to bfloat16 when
// they are copied; sums are of float32. Without kernel.HasBF16 it is right, and
// slow. Where the kernel has so few elements that rounding would take longer than
// it saves, nothing is rounded, nor of one image, which has none to be paired with.
func NewGradientBF16(g conv.Geometry) *Gradient {
	elements := g.Kernel[0] * g.Kernel[1] * g.In / g.Groups
	return &Gradient{newShape(g, false), newShape(g, elements >= minPaired)}
}

// plan cuts the work on a batch.
func (w *Gradient) plan(batch int) plan {
	if batch == 1 {
		return w.single.plan(batch)
	}
	return w.several.plan(batch)
}

// minPaired is how many elements of a kernel, for a channel of the output, are
// worth being rounded to bfloat16.
const minPaired = 48

// Workspace returns the floats that Run needs for a batch and a team.
func (w *Gradient) Workspace(batch, workers int) int {
	p := w.plan(batch)
	return p.sumsSize() + workers*p.scratchSize()
}

// Run overwrites the gradients of weights and bias.
func (w *Gradient) Run(team *parallel.Team, c conv.GradientCall) {
	j := job{plan: w.plan(c.Batch), call: c}
	j.check(team.Size())
	if c.Batch == 0 {
		conv.WeightGradient(j.given, 0, c.Weights, c.Bias, nil, nil)
		return
	}
	unitTask.Run(team, j.units(), 1, j)
	if j.sumsSize() == 0 {
		return
	}
	n := j.geometry.WeightSize()
	if c.Bias != nil {
		n = j.partSize()
	}
	sumTask.Run(team, n, sumGrain, j)
	if j.isJoint {
		j.geometry.Gather(j.given, c.Weights, c.Workspace)
	}
}

// A job is one run.
type job struct {
	plan
	call conv.GradientCall
}

var (
	unitTask = parallel.NewTask((*job).runUnits)
	sumTask  = parallel.NewTask((*job).sumParts)
)

// sumGrain is how many elements of the parts are added up at a time.
const sumGrain = 1 << 12

func (j *job) check(workers int) {
	g, c := j.given, j.call
	if len(c.Input) < c.Batch*g.InputSize() || len(c.Output) < c.Batch*g.OutputSize() ||
		len(c.Weights) < g.WeightSize() || c.Bias != nil && len(c.Bias) < g.Out ||
		len(c.Workspace) < j.sumsSize()+workers*j.scratchSize() {
		panic("weight: a slice is too short for the geometry and the batch")
	}
}

// sums returns where a part's gradients of weights and bias go; there is no
// place for a bias that nobody wants.
func (j *job) sums(part int) (weights, bias []float32) {
	if j.sumsSize() == 0 {
		return j.call.Weights, j.call.Bias
	}
	size := j.geometry.WeightSize()
	sums := j.call.Workspace[part*j.partSize():][:j.partSize()]
	if j.call.Bias == nil {
		return sums[:size], nil
	}
	return sums[:size], sums[size:]
}

// sumParts adds the elements [lo,hi) of all parts, in order.
func (j *job) sumParts(_, lo, hi int) {
	size, n := j.geometry.WeightSize(), j.partSize()
	total := j.call.Workspace[lo:hi]
	for part := 1; part < j.parts; part++ {
		addTo(total, j.call.Workspace[part*n+lo:part*n+hi])
	}
	if lo < size && !j.isJoint {
		copy(j.call.Weights[lo:size], total)
	}
	if hi > size {
		from := max(lo, size)
		copy(j.call.Bias[from-size:j.geometry.Out], total[from-lo:])
	}
}
