package engine

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/train/nn"
)

// block is a residual network as ResNet's are, with a block that goes down.
func block(b *nn.Builder) *nn.Node {
	x := b.Conv("conv1", b.Input(nn.Shape{12, 12, 3}), 8, nn.Kernel(3), nn.Pad(1), nn.NoBias())
	x = b.MaxPool("maxpool", b.ReLU("relu", b.BatchNorm("bn1", x)), 3, nn.Stride(2), nn.Pad(1))
	y := b.Conv("0.conv1", x, 8, nn.Kernel(3), nn.Pad(1), nn.NoBias())
	y = b.ReLU("0.relu1", b.BatchNorm("0.bn1", y))
	y = b.BatchNorm("0.bn2", b.Conv("0.conv2", y, 8, nn.Kernel(3), nn.Pad(1), nn.NoBias()))
	x = b.ReLU("0.relu2", b.Add("0.add", y, x))
	y = b.Conv("1.conv1", x, 16, nn.Kernel(3), nn.Pad(1), nn.Stride(2), nn.NoBias())
	y = b.ReLU("1.relu1", b.BatchNorm("1.bn1", y))
	y = b.BatchNorm("1.bn2", b.Conv("1.conv2", y, 16, nn.Kernel(3), nn.Pad(1), nn.NoBias()))
	x = b.BatchNorm("1.down.1", b.Conv("1.down.0", x, 16, nn.Stride(2), nn.NoBias()))
	x = b.ReLU("1.relu2", b.Add("1.add", y, x))
	x = b.Flatten("flatten", b.GlobalAvgPool("avgpool", x))
	return b.Linear("fc", b.Dropout("drop", x, 0.2), 4)
}

// listing returns the steps of a pass, one a line.
func listing(t *testing.T, g *nn.Graph, training bool) string {
	t.Helper()
	steps, err := Steps(g, training)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, s := range steps {
		lines = append(lines, strings.Join(s.Layers, " + "))
	}
	return strings.Join(lines, "\n")
}

func TestStepsOfResidualNetwork(t *testing.T) {
	g := mustGraph(t, block)
	const training = `conv1
bn1 + relu
maxpool
0.conv1
0.bn1 + 0.relu1
0.conv2
0.bn2 + 0.add + 0.relu2
1.conv1
1.bn1 + 1.relu1
1.conv2
1.bn2
1.down.0
1.down.1 + 1.add + 1.relu2
avgpool
drop
fc`
	if got := listing(t, g, true); got != training {
		t.Errorf("training has the steps\n%s\nwant\n%s", got, training)
	}
	const inference = `conv1 + bn1 + relu
maxpool
0.conv1 + 0.bn1 + 0.relu1
0.conv2 + 0.bn2 + 0.add + 0.relu2
1.conv1 + 1.bn1 + 1.relu1
1.conv2 + 1.bn2
1.down.0 + 1.down.1 + 1.add + 1.relu2
avgpool
fc`
	if got := listing(t, g, false); got != inference {
		t.Errorf("inference has the steps\n%s\nwant\n%s", got, inference)
	}
}

// Fused layers compute what single ones do.
func TestFusedIsAsApart(t *testing.T) {
	all := map[string]func(b *nn.Builder) *nn.Node{"block": block}
	for name, network := range networks {
		all[name] = network
	}
	for name, network := range all {
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			const n = 5
			images, labels := randomBatch(g, n, 7)
			var results [2][]float32
			for i, apart := range []bool{true, false} {
				s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Seed: 5, apart: apart})
				loss := s.Train(images, labels, 4).Loss
				results[i] = append(gradientsOf(s), float32(loss))
				results[i] = append(results[i], s.Predict(images, n)...)
				results[i] = append(results[i], s.Predict(images[:g.Input().Size()], 1)...)
			}
			near(t, results[1], results[0], 1e-4)
		})
	}
}

// Winograd's convolutions, and bfloat16, compute the same with more rounding.
func TestRoundingOfKernels(t *testing.T) {
	g := mustGraph(t, networks["wide"])
	const n = 6
	images, labels := randomBatch(g, n, 7)
	run := func(o Options) []float32 {
		s, err := New(nn.NewWeights(g, 3), o)
		if err != nil {
			if o.Precision == BFloat16 && !direct.IsFastBF16() {
				t.Skip(err)
			}
			t.Fatal(err)
		}
		defer s.Close()
		s.Train(images, labels, 0)
		all := append(gradientsOf(s), s.Predict(images, n)...)
		return append(all, s.Predict(images[:g.Input().Size()], 1)...)
	}
	exact := run(Options{MaxBatch: n, Exact: true})
	fast := run(Options{MaxBatch: n})
	near(t, fast, exact, 1e-3)
	if sameBits(fast, exact) {
		t.Error("exact sessions compute what others do")
	}
	coarse := run(Options{MaxBatch: n, Precision: BFloat16})
	near(t, coarse, exact, 0.1)
	if sameBits(coarse, exact) {
		t.Error("sessions of bfloat16 compute what others do")
	}
}

// near fails where an element of got lies further from want than tolerance
// times 1 or want, whichever is more.
func near(t *testing.T, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i, v := range want {
		limit := tolerance * max(1, math.Abs(float64(v)))
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= limit) {
			t.Fatalf("value %d is %v, want %v", i, got[i], v)
		}
	}
}

// A watched node is there under its name, and what it has is what the network
// computes without being watched.
func TestWatchedNodes(t *testing.T) {
	g := mustGraph(t, block)
	const n = 3
	images, labels := randomBatch(g, n, 7)
	plain := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Seed: 5})
	want := plain.Train(images, labels, 4)
	var told []string
	names := []string{"input", "0.bn2", "0.add", "0.relu2", "avgpool", "flatten", "fc"}
	s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Seed: 5, Watch: names})
	s.options.OnActivation = func(node string, v *tensor.Dense) {
		told = append(told, node)
		if v.Shape()[0] != n {
			t.Errorf("%s has shape %v", node, v.Shape())
		}
	}
	if got := s.Train(images, labels, 4); math.Abs(got.Loss-want.Loss) > 1e-5 {
		t.Errorf("the loss is %v, want %v", got.Loss, want.Loss)
	}
	near(t, gradientsOf(s), gradientsOf(plain), 1e-5)
	if !slices.Equal(told, names) {
		t.Errorf("told of %v, want %v", told, names)
	}
	add, relu := floats(s.Activation("0.add")), floats(s.Activation("0.relu2"))
	gradAdd, gradReLU := floats(s.Gradient("0.add")), floats(s.Gradient("0.relu2"))
	for i, v := range add {
		if relu[i] != max(v, 0) {
			t.Fatalf("value %d is %v before and %v behind the ReLU", i, v, relu[i])
		}
		if v > 0 && gradAdd[i] != gradReLU[i] || v < 0 && gradAdd[i] != 0 {
			t.Fatalf("gradient %d is %v before and %v behind the ReLU", i, gradAdd[i], gradReLU[i])
		}
	}
	if got := s.Gradient("input"); got == nil || got.Size() != len(images) {
		t.Errorf("the gradient of the input is %v", got)
	}
	if s.Activation("conv1") != nil || plain.Activation("fc") != nil {
		t.Error("nodes can be read that are not watched")
	}
	if _, err := New(nn.NewWeights(g, 3), Options{Watch: []string{"bn9"}}); err == nil ||
		!strings.Contains(err.Error(), `node "bn9" is to be watched`) {
		t.Errorf("error %v", err)
	}
}

// The gradient of the input is that of the loss, by differences.
func TestGradientOfInput(t *testing.T) {
	g := mustGraph(t, networks["plain residual"])
	const n = 2
	images, labels := randomBatch(g, n, 7)
	s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Watch: []string{"input"}})
	s.Train(images, labels, 0)
	grad := slices.Clone(floats(s.Gradient("input")))
	for i := 0; i < len(images); i += 17 {
		was := images[i]
		const step = 1e-2
		images[i] = was + step
		above := s.Train(images, labels, 0).Loss
		images[i] = was - step
		below := s.Train(images, labels, 0).Loss
		images[i] = was
		if got := (above - below) / (2 * step) / n; math.Abs(got-float64(grad[i])) > 1e-3 {
			t.Errorf("pixel %d: the loss grows by %v, the gradient says %v", i, got, grad[i])
		}
	}
}
