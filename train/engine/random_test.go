package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// randomNetwork returns a network of layers and branches as they come. It ends in
// a vector and, sometimes, in values from the middle as well.
func randomNetwork(r *rand.Rand) func(b *nn.Builder) []*nn.Node {
	return func(b *nn.Builder) []*nn.Node {
		nodes := []*nn.Node{b.Input(nn.Shape{5 + r.IntN(12), 5 + r.IntN(12), 1 + 2*r.IntN(2)})}
		for range 3 + r.IntN(10) {
			x, other := nodes[len(nodes)-1], nodes[r.IntN(len(nodes))]
			nodes = append(nodes, randomLayer(r, b, fmt.Sprint("n", len(nodes)), x, other))
		}
		x := nodes[len(nodes)-1]
		if r.IntN(2) == 0 {
			x = b.GlobalAvgPool("pool", x)
		}
		ends := []*nn.Node{b.Linear("fc", b.Flatten("flatten", x), 5)}
		for _, n := range nodes[1:] {
			if r.IntN(12) == 0 && n != x {
				ends = append(ends, n)
			}
		}
		return ends
	}
}

// randomLayer adds a layer behind x, which joins it to another node where their
// shapes allow.
func randomLayer(r *rand.Rand, b *nn.Builder, name string, x, other *nn.Node) *nn.Node {
	channels := x.Shape().Channels()
	switch r.IntN(14) {
	case 0, 1:
		return b.BatchNorm(name, x)
	case 2:
		return b.ReLU(name, x)
	case 3:
		return b.ReLU6(name, x)
	case 4:
		return b.MaxPool(name, x, 3, nn.Stride(1+r.IntN(2)), nn.Pad(1))
	case 5:
		return b.AvgPool(name, x, 3, nn.Stride(1+r.IntN(2)), nn.Pad(1), nn.CeilMode())
	case 6, 7:
		if slices.Equal(x.Shape(), other.Shape()) {
			return b.Add(name, x, other)
		}
	case 8:
		if slices.Equal(x.Shape()[:2], other.Shape()[:2]) && channels < 150 {
			return b.Concat(name, other, x, other)
		}
	case 9:
		return b.Conv(name, x, channels, nn.Kernel(3), nn.Pad(1), nn.Groups(channels))
	case 10:
		if r.IntN(2) == 0 {
			return b.Dropout(name, x, 0.3)
		}
		return b.LocalResponseNorm(name, x, 5, 0.5, 0.75, 1)
	case 11:
		if x.Shape().Pixels() < 200 {
			return b.ConvTranspose(name, x, 8, nn.Kernel(3), nn.Stride(2), nn.Pad(1))
		}
	}
	out := []int{4, 17, 32, 48}[r.IntN(4)]
	return b.Conv(name, x, out, nn.Kernel(3), nn.Pad(1+r.IntN(2)), nn.Stride(1+r.IntN(5)/4))
}

// distances adds the squares of what differs from 1, by output's weights.
func distances(outputs []Output) float64 {
	sum := 0.0
	for i, o := range outputs {
		weight := 1 / float32((i+1)*len(o.Values))
		for j, v := range o.Values {
			sum += float64(weight * (v - 1) * (v - 1))
			o.Gradient[j] += 2 * weight * (v - 1)
		}
	}
	return sum
}

// A trial is a network with a batch.
type trial struct {
	graph  *nn.Graph
	n      int
	images []float32
	seed   uint64
}

// learn trains on the batch once, behind a larger one if stale says so, and
// returns loss, gradients and predictions.
func (c trial) learn(t *testing.T, o Options, stale bool) (learned, predicted []float32) {
	o.MaxBatch, o.AllOutputs, o.Seed = c.n+1, true, 5
	s := mustSession(t, nn.NewWeights(c.graph, c.seed), o)
	if stale {
		images, _ := randomBatch(c.graph, c.n+1, c.seed+1)
		s.Predict(images, c.n+1)
		s.TrainWith(images, c.n+1, 1, distances)
	}
	loss := s.TrainWith(c.images, c.n, 2, distances).Loss
	learned = append(gradientsOf(s), float32(loss))
	s.Predict(c.images, c.n)
	for i := range c.graph.Outputs() {
		predicted = append(predicted, s.Output(i)...)
	}
	return learned, predicted
}

// Whatever layers meet, fused ones in shared memory compute what single ones do,
// and neither the number of threads nor what lay in memory changes a bit.
func TestRandomNetworks(t *testing.T) {
	for seed := range uint64(80) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := mustEnds(t, randomNetwork(rand.New(rand.NewPCG(seed, 5))))
			c := trial{graph: g, n: 2 + int(seed%4), seed: seed}
			c.images, _ = randomBatch(g, c.n, seed)
			fused, predicted := c.learn(t, Options{Threads: 1}, false)
			all := Options{Threads: 2}
			for _, n := range g.Nodes() {
				all.Watch = append(all.Watch, n.Name())
			}
			for what, o := range map[string]Options{"apart": {Threads: 1, apart: true}, "watched": all} {
				learned, others := c.learn(t, o, false)
				t.Log(what)
				near(t, learned, fused, 1e-3)
				near(t, others, predicted, 1e-3)
			}
			if learned, others := c.learn(t, Options{Threads: 3}, false); !sameBits(learned, fused) ||
				!sameBits(others, predicted) {
				t.Error("three threads compute what one does not")
			}
			if learned, _ := c.learn(t, Options{Threads: 2}, true); !sameBits(learned, fused) {
				t.Error("what lay in memory is seen")
			}
		})
	}
}
