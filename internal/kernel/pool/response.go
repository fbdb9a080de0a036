package pool

import (
	"fmt"

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

// Workspace returns the floats that a run needs. It panics where Channels or Size
// are below 1.
func (n *ResponseNorm) Workspace(workers int) int {
	if min(n.Channels, n.Size) < 1 {
		panic(fmt.Sprintf("pool: response norm of %d neighbours among %d channels", n.Size, n.Channels))
	}
	return workers * n.scratch()
}

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
	size, work := pixels*n.Channels, work[:n.Workspace(team.Size())]
	normPixels.Run(team, pixels, max(unitFloats/n.Channels, 1),
		responses{ResponseNorm: n, to: to[:size], from: from[:size], work: work})
}

// Gradient computes the gradient of what went into Forward, from, out of that
// of what came out. Where it adds, it does so to what is in to.
func (n *ResponseNorm) Gradient(team *parallel.Team, pixels int, to, grad, from, work []float32,
	adds bool) {
	size, work := pixels*n.Channels, work[:n.Workspace(team.Size())]
	normGradientPixels.Run(team, pixels, max(unitFloats/n.Channels, 1),
		responses{n, to[:size], from[:size], grad[:size], work, adds})
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
	clear(neighbours[:before])
	product(neighbours[before:][:r.Channels], x, x)
	clear(neighbours[before+r.Channels:])
	brackets(sums, neighbours, r.Size, r.Alpha/float32(r.Size), r.K)
	power(factors, sums, r.Beta)
}

func (r *responses) norm(worker, pixel int) {
	x := r.from[pixel*r.Channels:][:r.Channels]
	neighbours, sums, factors := r.row(worker)
	r.measure(neighbours, sums, factors, x)
	product(r.to[pixel*r.Channels:][:r.Channels], x, factors)
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
	clear(neighbours[:before])
	ratio(neighbours[before:][:r.Channels], grad, x, factors, sums)
	clear(neighbours[before+r.Channels:])
	brackets(sums, neighbours, r.Size, 1, 0)
	if !r.adds {
		clear(to)
	}
	collect(to, grad, factors, x, sums, 2*r.Alpha*r.Beta/float32(r.Size))
}
