package engine

import (
	"math"
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
	checkDirections(t, s, images, labels)
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
