package pool

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A ResponseNorm is local response normalisation over neighbouring channels of
// a pixel (Krizhevsky et al., 2012, "ImageNet Classification with Deep
// Convolutional Neural Networks", section 3.3), with the sum of Size squares
// multiplied by Alpha/Size, as PyTorch does:
//
//	y[c] = x[c] / (K + Alpha/Size * sum over i of x[i]^2)^Beta
//
// where i runs from c-Size/2 to c+(Size-1)/2 as far as there are channels. Nothing
// it does allocates, and bits do not depend on the threads.
type ResponseNorm struct {
	Channels, Size int
	Alpha, Beta, K float32
}

// scratch returns the floats that a worker needs: for a row of channels with
// neighbours, one for their sums and one for their factors.
func (n *ResponseNorm) scratch() int { return (3*n.Channels + n.Size + 15) / 16 * 16 }

// Workspace returns the floats that a run needs.
func (n *ResponseNorm) Workspace(workers int) int { return workers * n.scratch() }

// responses are the memory of a run.
type responses struct {
	*ResponseNorm
	to, from, grad, work []float32
	adds                 bool
}

var (
	normPixels = parallel.NewTask(func(r *responses, worker, lo, hi int) {
		for pixel := lo; pixel < hi; pixel++ {
			r.norm(worker, pixel)
		}
	})
	normGradientPixels = parallel.NewTask(func(r *responses, worker, lo, hi int) {
		for pixel := lo; pixel < hi; pixel++ {
			r.gradient(worker, pixel)
		}
	})
)

// Forward normalises pixels.
func (n *ResponseNorm) Forward(team *parallel.Team, pixels int, to, from, work []float32) {
	size := pixels * n.Channels
	normPixels.Run(team, pixels, max(unitFloats/n.Channels, 1),
		responses{ResponseNorm: n, to: to[:size], from: from[:size],
			work: work[:n.Workspace(team.Size())]})
}

// Gradient computes the gradient of what went into Forward, from, out of that
// of what came out. Where it adds, it does so to what is in to.
func (n *ResponseNorm) Gradient(team *parallel.Team, pixels int, to, grad, from, work []float32,
	adds bool) {
	size := pixels * n.Channels
	normGradientPixels.Run(team, pixels, max(unitFloats/n.Channels, 1),
		responses{n, to[:size], from[:size], grad[:size], work[:n.Workspace(team.Size())], adds})
}

// row returns the scratch memory of a worker.
func (r *responses) row(worker int) (neighbours, sums, factors []float32) {
	work := r.work[worker*r.scratch():][:r.scratch()]
	n := r.Channels + r.Size
	return work[:n], work[n:][:r.Channels], work[n+r.Channels:][:r.Channels]
}

// measure sets the sums in brackets and factors to their power of -Beta.
func (r *responses) measure(neighbours, sums, factors, x []float32) {
	before := r.Size / 2
	clear(neighbours)
	for c, v := range x {
		neighbours[before+c] = v * v
	}
	r.sumNeighbours(sums, neighbours)
	scale := r.Alpha / float32(r.Size)
	for c, v := range sums {
		sums[c] = r.K + scale*v
	}
	r.power(factors, sums)
}

// sumNeighbours sets each sum to that of Size values from its place on.
func (r *responses) sumNeighbours(sums, neighbours []float32) {
	copy(sums, neighbours)
	for i := 1; i < r.Size; i++ {
		for c, v := range neighbours[i:][:len(sums)] {
			sums[c] += v
		}
	}
}

// power sets factors to x^-Beta.
func (r *responses) power(factors, x []float32) {
	if r.Beta == 0.75 {
		for c, v := range x {
			root := math.Sqrt(float64(v))
			factors[c] = float32(1 / (root * math.Sqrt(root)))
		}
		return
	}
	for c, v := range x {
		factors[c] = float32(math.Pow(float64(v), -float64(r.Beta)))
	}
}

func (r *responses) norm(worker, pixel int) {
	x := r.from[pixel*r.Channels:][:r.Channels]
	to := r.to[pixel*r.Channels:][:r.Channels]
	neighbours, sums, factors := r.row(worker)
	r.measure(neighbours, sums, factors, x)
	for c, v := range x {
		to[c] = v * factors[c]
	}
}

// gradient computes, with d the sum in brackets and g the gradient of y,
//
//	g[c] d[c]^-Beta - 2 Alpha Beta/Size x[c] * sum over j of g[j] y[j]/d[j]
//
// where j are the channels whose neighbour c is.
func (r *responses) gradient(worker, pixel int) {
	x := r.from[pixel*r.Channels:][:r.Channels]
	to := r.to[pixel*r.Channels:][:r.Channels]
	grad := r.grad[pixel*r.Channels:][:r.Channels]
	neighbours, sums, factors := r.row(worker)
	r.measure(neighbours, sums, factors, x)
	before := (r.Size - 1) / 2
	clear(neighbours)
	for c, g := range grad {
		neighbours[before+c] = g * x[c] * factors[c] / sums[c]
	}
	r.sumNeighbours(sums, neighbours)
	scale := 2 * r.Alpha * r.Beta / float32(r.Size)
	if !r.adds {
		clear(to)
	}
	for c, g := range grad {
		to[c] += g*factors[c] - scale*x[c]*sums[c]
	}
}
