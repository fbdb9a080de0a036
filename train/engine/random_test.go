package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// randomNetwork returns a network of layers and branches as they come.
func randomNetwork(r *rand.Rand) func(b *nn.Builder) *nn.Node {
	return func(b *nn.Builder) *nn.Node {
		nodes := []*nn.Node{b.Input(nn.Shape{5 + r.IntN(12), 5 + r.IntN(12), 1 + 2*r.IntN(2)})}
		for range 3 + r.IntN(8) {
			x, other := nodes[len(nodes)-1], nodes[r.IntN(len(nodes))]
			nodes = append(nodes, randomLayer(r, b, fmt.Sprint("n", len(nodes)), x, other))
		}
		x := nodes[len(nodes)-1]
		if r.IntN(2) == 0 {
			x = b.GlobalAvgPool("pool", x)
		}
		return b.Linear("fc", b.Flatten("flatten", x), 5)
	}
}

// randomLayer adds a layer behind x, which joins it to another node where their
// shapes allow.
func randomLayer(r *rand.Rand, b *nn.Builder, name string, x, other *nn.Node) *nn.Node {
	switch r.IntN(8) {
	case 0:
		return b.BatchNorm(name, x)
	case 1:
		return b.ReLU(name, x)
	case 2:
		return b.ReLU6(name, x)
	case 3:
		return b.MaxPool(name, x, 3, nn.Stride(1+r.IntN(2)), nn.Pad(1))
	case 4:
		if slices.Equal(x.Shape(), other.Shape()) {
			return b.Add(name, x, other)
		}
	case 5:
		channels := x.Shape().Channels()
		return b.Conv(name, x, channels, nn.Kernel(3), nn.Pad(1), nn.Groups(channels))
	}
	out := []int{4, 17, 32, 48}[r.IntN(4)]
	return b.Conv(name, x, out, nn.Kernel(3), nn.Pad(1+r.IntN(2)), nn.Stride(1+r.IntN(5)/4))
}

// Whatever layers meet, fused ones in shared memory compute what single ones do,
// and the number of threads changes no bit.
func TestRandomNetworks(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := mustGraph(t, randomNetwork(rand.New(rand.NewPCG(seed, 5))))
			n := 2 + int(seed%4)
			images, labels := randomBatch(g, n, seed)
			run := func(o Options) []float32 {
				o.MaxBatch = n + 1
				s := mustSession(t, nn.NewWeights(g, seed), o)
				loss := s.Train(images, labels, 0).Loss
				return slices.Concat(gradientsOf(s), s.Predict(images, n), []float32{float32(loss)})
			}
			fused := run(Options{Threads: 1})
			near(t, fused, run(Options{Threads: 1, apart: true}), 1e-3)
			if !sameBits(run(Options{Threads: 3}), fused) {
				t.Error("three threads compute what one does not")
			}
		})
	}
}
