package engine

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// auxiliary is a network with a classifier in the middle and one at the end.
func auxiliary(b *nn.Builder) []*nn.Node {
	x := b.ReLU("relu1", b.Conv("conv1", b.Input(nn.Shape{6, 6, 2}), 4, nn.Kernel(3), nn.Pad(1)))
	aux := b.Linear("aux.fc", b.Flatten("aux.flatten", b.MaxPool("aux.pool", x, 2)), 3)
	x = b.ReLU("relu2", b.BatchNorm("bn2", b.Conv("conv2", x, 5, nn.Kernel(3))))
	return []*nn.Node{b.Linear("fc", b.Flatten("flatten", x), 3), aux}
}

func TestSeveralOutputs(t *testing.T) {
	b := nn.NewBuilder()
	g, err := b.Graph(auxiliary(b)...)
	if err != nil {
		t.Fatal(err)
	}
	const n, share = 6, 0.3
	images, labels := randomBatch(g, n, 7)
	s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, LossWeights: []float64{1, share},
		Watch: []string{"fc", "aux.fc"}})
	got := s.Train(images, labels, 0)
	first := layer.Evaluate(floats(s.Activation("fc")), labels)
	second := layer.Evaluate(floats(s.Activation("aux.fc")), labels)
	if want := first.Loss + share*second.Loss; math.Abs(got.Loss-want) > 1e-9 {
		t.Errorf("the loss is %v, want %v", got.Loss, want)
	}
	if got.Correct != first.Correct {
		t.Errorf("%d are correct, want those of the main output, %d", got.Correct, first.Correct)
	}
	checkDirections(t, s, func() float64 { return s.Train(images, labels, 0).Loss / n })
	s.Predict(images, n)
	if s.Activation("aux.fc") != nil {
		t.Error("an auxiliary output is computed to predict")
	}
}

func TestLossWeightsThatDoNotFit(t *testing.T) {
	b := nn.NewBuilder()
	g, _ := b.Graph(auxiliary(b)...)
	o := Options{LossWeights: []float64{1}}
	if _, err := New(nn.NewWeights(g, 1), o); err == nil {
		t.Error("one loss weight is taken for two outputs")
	}
}

// mustEnds returns a graph of several outputs.
func mustEnds(t *testing.T, network func(b *nn.Builder) []*nn.Node) *nn.Graph {
	t.Helper()
	b := nn.NewBuilder()
	g, err := b.Graph(network(b)...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// segments is a network whose pixels have logits each, with a second output in
// the middle that the first one is made of.
func segments(b *nn.Builder) []*nn.Node {
	x := b.ReLU("relu1", b.Conv("conv1", b.Input(nn.Shape{7, 5, 2}), 6, nn.Kernel(3), nn.Pad(1)))
	aux := b.Conv("aux", x, 4, nn.Kernel(3), nn.Pad(1))
	x = b.ReLU("relu2", b.BatchNorm("bn2", b.Concat("cat", b.ReLU("relu3", aux), x)))
	return []*nn.Node{b.Conv("head", x, 4), aux}
}

// The loss of images of logits is the mean of all pixels that have a label.
func TestOutputsThatAreImages(t *testing.T) {
	g := mustEnds(t, segments)
	const n, share, pixels = 3, 0.4, 35
	images, _ := randomBatch(g, n, 7)
	labels, counted := make([]int32, n*pixels), 0
	for i := range labels {
		if labels[i] = int32(i*i%7) % 4; i%5 == 0 {
			labels[i] = Unlabelled
		} else {
			counted++
		}
	}
	s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n + 1, Threads: 2,
		LossWeights: []float64{1, share}, Watch: []string{"head", "aux"}})
	got := s.Train(images, labels, 0)
	want := 0.0
	for name, weight := range map[string]float64{"head": 1, "aux": share} {
		logits := floats(s.Activation(name))
		grad := floats(s.Gradient(name))
		for i, label := range labels {
			row := slices.Clone(logits[4*i:][:4])
			if Softmax(row, row); label != Unlabelled {
				want -= weight * math.Log(float64(row[label])) / float64(counted)
			} else if name == "head" && !slices.Equal(grad[4*i:][:4], make([]float32, 4)) {
				t.Errorf("pixel %d has no label, and gradients %v", i, grad[4*i:][:4])
			}
		}
	}
	if math.Abs(got.Loss/n-want) > 1e-5 {
		t.Errorf("the loss is %v, want %v", got.Loss/n, want)
	}
	if got.Counted != counted || got.Correct < 1 || got.Correct >= counted {
		t.Errorf("%d of %d are right, want some of %d", got.Correct, got.Counted, counted)
	}
	plain := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Threads: 3,
		LossWeights: []float64{1, share}})
	checkDirections(t, plain, func() float64 { return plain.Train(images, labels, 0).Loss / n })
	if r := plain.Evaluate(images, labels); r.Counted != counted || !(r.Loss > 0) {
		t.Errorf("evaluation returns %+v", r)
	}
}

// ends is a network of outputs of all kinds, that are made of each other.
func ends(b *nn.Builder) []*nn.Node {
	x := b.Conv("conv1", b.Input(nn.Shape{6, 5, 2}), 3, nn.Kernel(3), nn.Pad(1))
	y := b.ReLU("relu1", x)
	vector := b.Linear("fc", b.Flatten("flatten", b.GlobalAvgPool("pool", y)), 5)
	z := b.BatchNorm("bn", b.Add("add", b.Conv("conv2", y, 3), x))
	return []*nn.Node{vector, x, b.Flatten("flat", z), y, b.MaxPool("max", z, 2)}
}

func TestLossesOfTheCaller(t *testing.T) {
	g := mustEnds(t, ends)
	const n = 3
	images, _ := randomBatch(g, n, 7)
	squares := func(outputs []Output) float64 {
		loss := 0.0
		for i, o := range outputs {
			weight := 1 / float32((i+1)*o.Node.Shape().Size())
			for j, v := range o.Values {
				loss += float64(weight * (v - 1) * (v - 1))
				o.Gradient[j] += 2 * weight * (v - 1)
			}
		}
		return loss
	}
	for _, apart := range []bool{false, true} {
		s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Threads: 2, apart: apart,
			AllOutputs: true})
		train := func() float64 { return s.TrainWith(images, n, 0, squares).Loss }
		checkDirections(t, s, train)
		if allocations := testing.AllocsPerRun(5, func() { train() }); allocations != 0 {
			t.Errorf("a step allocates %v times", allocations)
		}
		s.Predict(images[:2*g.Input().Size()], 2)
		for i, node := range g.Outputs() {
			if got := len(s.Output(i)); got != 2*node.Shape().Size() {
				t.Errorf("output %d has %d values", i, got)
			}
		}
	}
	s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Inference: true})
	s.Predict(images, n)
	if s.Output(0) == nil || s.Output(1) != nil {
		t.Error("predictions compute others than the main output unasked")
	}
}
