package engine

import (
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// networks have every layer, and every way in which layers can meet.
var networks = map[string]func(b *nn.Builder) *nn.Node{
	"linear": func(b *nn.Builder) *nn.Node {
		x := b.Linear("fc1", b.Input(nn.Shape{7}), 5)
		return b.Linear("fc2", b.ReLU("relu", x), 3, nn.NoBias())
	},
	"conv": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{6, 5, 2}), 3, nn.Kernel(3), nn.Pad(1))
		x = b.Conv("conv2", x, 17, nn.Kernel(3), nn.Pad(1), nn.NoBias())
		x = b.Conv("conv3", x, 2, nn.Kernel(1))
		return b.Linear("fc", b.Flatten("flatten", x), 3)
	},
	"strides": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{9, 11, 1}), 4, nn.Kernel(3, 5), nn.Stride(2, 1), nn.Pad(1, 2))
		x = b.Conv("conv2", x, 5, nn.Kernel(3, 2), nn.Stride(2, 3), nn.Pad(0, 1))
		x = b.Conv("conv3", x, 3, nn.Kernel(1), nn.Stride(2), nn.Pad(1)) // pads more than its kernel sees
		return b.Linear("fc", b.Flatten("flatten", x), 3)
	},
	"batch norm": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{5, 5, 2}), 4, nn.Kernel(3), nn.Pad(1))
		x = b.ReLU("relu1", b.BatchNorm("bn1", x))
		x = b.Linear("fc1", b.Flatten("flatten", x), 6)
		return b.Linear("fc2", b.BatchNorm("bn2", x), 3)
	},
	"pools": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{13, 14, 2}), 5, nn.Kernel(3), nn.Pad(1))
		x = b.MaxPool("pool1", x, 2)
		x = b.Conv("conv2", x, 5, nn.Kernel(3), nn.Pad(1))
		x = b.MaxPool("pool2", x, 3, nn.Stride(2), nn.Pad(1))
		x = b.Conv("conv3", x, 4)
		x = b.AvgPool("pool3", x, 3, nn.Stride(1), nn.Pad(1))
		x = b.Conv("conv4", x, 3)
		return b.Flatten("flatten", b.GlobalAvgPool("pool4", x))
	},
	"other pools":      otherPools,
	"transposed convs": transposedConvs,
	"response norms":   responseNorms,
	"dropout": func(b *nn.Builder) *nn.Node {
		x := b.Linear("fc1", b.Input(nn.Shape{7}), 20)
		x = b.Dropout("drop1", x, 0.3)
		return b.Linear("fc2", b.Dropout("drop2", b.ReLU("relu", x), 0.5), 3)
	},
	"branches": func(b *nn.Builder) *nn.Node {
		in := b.Input(nn.Shape{6, 6, 2})
		x := b.Conv("conv1", in, 4, nn.Kernel(3), nn.Pad(1))
		left := b.ReLU("relu1", b.BatchNorm("bn1", x))
		left = b.Conv("conv2", left, 4, nn.Kernel(3), nn.Pad(1))
		sum := b.ReLU("relu2", b.Add("add", left, x))
		pool := b.MaxPool("pool", sum, 3, nn.Stride(1), nn.Pad(1))
		both := b.Concat("concat", sum, b.Conv("conv3", in, 3), pool)
		both = b.Add("twice", both, both)
		a, c := b.Flatten("flatten1", both), b.Flatten("flatten2", b.ReLU("relu3", x))
		return b.Linear("fc", b.Concat("features", a, c, b.Linear("fc0", c, 2)), 3)
	},
	"groups": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{9, 8, 2}), 6, nn.Kernel(3), nn.Pad(2), nn.Dilation(2))
		x = b.Conv("conv2", b.ReLU("relu1", x), 9, nn.Kernel(3), nn.Pad(1), nn.Groups(3), nn.Stride(2))
		x = b.Conv("conv3", x, 9, nn.Kernel(3), nn.Pad(1), nn.Groups(9))
		x = b.Conv("conv4", b.ReLU("relu3", x), 9, nn.Kernel(3), nn.Stride(2), nn.Pad(1), nn.Groups(9), nn.NoBias())
		x = b.Conv("conv5", x, 4, nn.Kernel(2, 1), nn.Dilation(2, 1))
		return b.Linear("fc", b.Flatten("flatten", x), 3)
	},
	"inverted residual": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{5, 6, 2}), 3, nn.Kernel(3), nn.Pad(1))
		y := b.ReLU6("relu1", b.BatchNorm("bn1", b.Conv("conv2", x, 6, nn.NoBias())))
		y = b.Conv("conv3", y, 6, nn.Kernel(3), nn.Pad(1), nn.Groups(6), nn.NoBias())
		y = b.ReLU6("relu2", b.BatchNorm("bn2", y))
		y = b.BatchNorm("bn3", b.Conv("conv4", y, 3, nn.NoBias()))
		x = b.Add("add", x, y)
		y = b.ReLU6("relu3", b.Conv("conv5", x, 4, nn.Kernel(3), nn.Stride(2)))
		return b.Linear("fc", b.ReLU6("relu4", b.Linear("fc1", b.Flatten("flatten", y), 5)), 3)
	},
	"wide": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{8, 12, 2}), 32, nn.Kernel(3), nn.Pad(1), nn.NoBias())
		x = b.ReLU("relu1", b.BatchNorm("bn1", x))
		y := b.BatchNorm("bn2", b.Conv("conv2", x, 32, nn.Kernel(3), nn.Pad(1), nn.NoBias()))
		x = b.ReLU("relu2", b.Add("add", x, y))
		x = b.MaxPool("pool", b.ReLU("relu3", b.Conv("conv3", x, 40, nn.Kernel(3))), 2)
		return b.Linear("fc", b.Flatten("flatten", x), 3)
	},
	"plain residual": func(b *nn.Builder) *nn.Node {
		x := b.ReLU("relu1", b.Conv("conv1", b.Input(nn.Shape{5, 6, 2}), 3, nn.Kernel(3), nn.Pad(1)))
		x = b.ReLU("relu2", b.Add("add2", b.Conv("conv2", x, 3, nn.Kernel(3), nn.Pad(1)), x))
		y := b.Conv("conv3", x, 3, nn.Kernel(3), nn.Pad(1))
		z := b.Conv("conv4", x, 3)
		x = b.Add("add4", z, y)
		x = b.Add("add5", b.ReLU("relu5", b.Conv("conv5", x, 3, nn.Kernel(3), nn.Pad(1))), x)
		x = b.ReLU("relu6", x)
		return b.Linear("fc", b.Flatten("flatten", b.Conv("conv6", x, 2)), 3)
	},
	"residual": func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv1", b.Input(nn.Shape{4, 4, 2}), 3, nn.Kernel(3), nn.Pad(1))
		x = b.ReLU("relu1", x)
		y := b.BatchNorm("bn2", b.Conv("conv2", x, 3, nn.Kernel(3), nn.Pad(1)))
		x = b.ReLU("relu2", b.Add("add1", x, y))
		y = b.BatchNorm("bn3", b.Conv("conv3", x, 3, nn.Kernel(3), nn.Pad(1)))
		x = b.ReLU("relu3", b.Add("add2", y, x))
		return b.Linear("fc", b.Flatten("flatten", x), 3)
	},
}

// mustGraph returns the graph of a network that must be right.
func mustGraph(t testing.TB, network func(b *nn.Builder) *nn.Node) *nn.Graph {
	t.Helper()
	b := nn.NewBuilder()
	g, err := b.Graph(network(b))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func mustSession(t testing.TB, w *nn.Weights, o Options) *Session {
	t.Helper()
	s, err := New(w, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// randomBatch returns images of normal noise and labels.
func randomBatch(g *nn.Graph, n int, seed uint64) ([]float32, []int32) {
	r := rand.New(rand.NewPCG(seed, 1))
	images, labels := make([]float32, n*g.Input().Size()), make([]int32, n)
	for i := range images {
		images[i] = float32(r.NormFloat64())
	}
	for i := range labels {
		labels[i] = int32(r.IntN(g.Output().Size()))
	}
	return images, labels
}

// Every tensor's gradient, along random directions, against the difference of
// the losses on both sides. Of several steps the best one counts: over a long
// one units pass the bend of a ReLU or the tie of a maximum, and with a short
// one the rounding of float32 shows.
func TestGradientsAgainstDifferences(t *testing.T) {
	for name, network := range networks {
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			w := nn.NewWeights(g, 3)
			const n = 6
			s := mustSession(t, w, Options{MaxBatch: n + 1, Threads: 2, Seed: 5})
			images, labels := randomBatch(g, n, 7)
			checkDirections(t, s, func() float64 { return s.Train(images, labels, 4).Loss / n })
		})
	}
}

// checkDirections compares the gradients of all tensors, along random
// directions, with differences of losses, which train returns.
func checkDirections(t *testing.T, s *Session, train func() float64) {
	t.Helper()
	train()
	grads := make([][]float32, len(s.Learnables()))
	for i, p := range s.Learnables() {
		grads[i] = append(grads[i], p.Grad...)
	}
	r := rand.New(rand.NewPCG(9, 9))
	for i, p := range s.Learnables() {
		wrong := 0 // of three directions one may cross a bend
		for range 3 {
			direction := make([]float32, len(p.Value))
			var want float64
			for j := range direction {
				direction[j] = float32(r.NormFloat64())
				want += float64(direction[j]) * float64(grads[i][j])
			}
			got, ok := agrees(p, direction, want, train)
			if ok {
				continue
			}
			if wrong++; wrong > 1 {
				t.Errorf("%s: loss grows by %.6f, the gradient says %.6f", p.Name, got, want)
			}
		}
	}
}

func agrees(p nn.Learnable, direction []float32, want float64, train func() float64) (got float64,
	ok bool) {
	for _, step := range []float32{1e-3, 3e-4, 1e-4, 3e-5, 1e-5} {
		got = difference(p, direction, step, train)
		if math.Abs(got-want) <= 2e-3+0.02*math.Abs(want) {
			return got, true
		}
	}
	return got, false
}

// difference returns the derivative of the loss along a direction.
func difference(p nn.Learnable, direction []float32, step float32, train func() float64) float64 {
	was := append([]float32(nil), p.Value...)
	var losses [2]float64
	for side, sign := range []float32{-1, 1} {
		for j := range p.Value {
			p.Value[j] = was[j] + sign*step*direction[j]
		}
		losses[side] = train()
	}
	copy(p.Value, was)
	return (losses[1] - losses[0]) / float64(2*step)
}

// floats returns a tensor's values.
func floats(t *tensor.Dense) []float32 { return t.Data().([]float32) }
