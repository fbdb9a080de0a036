package nn

import (
	"math"
	"strings"
	"testing"
)

// auxiliary is a network with a classifier in the middle and one at the end.
func auxiliary(b *Builder) []*Node {
	x := b.ReLU("relu1", b.Conv("conv1", b.Input(Shape{6, 6, 2}), 4, Kernel(3), Pad(1)))
	aux := b.Linear("aux.fc", b.Flatten("aux.flatten", b.MaxPool("aux.pool", x, 2)), 3)
	x = b.ReLU("relu2", b.BatchNorm("bn2", b.Conv("conv2", x, 5, Kernel(3))))
	return []*Node{b.Linear("fc", b.Flatten("flatten", x), 3), aux}
}

func TestSeveralOutputs(t *testing.T) {
	b := NewBuilder()
	g, err := b.Graph(auxiliary(b)...)
	if err != nil {
		t.Fatal(err)
	}
	const n, share = 6, 0.3
	images, labels := randomBatch(g, n, 7)
	s := mustSession(t, NewWeights(g, 3), SessionOptions{MaxBatch: n, LossWeights: []float64{1, share},
		Watch: []string{"fc", "aux.fc"}})
	got := s.Train(images, labels, 0)
	first := evaluate(floats(s.Activation("fc")), labels)
	second := evaluate(floats(s.Activation("aux.fc")), labels)
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

func TestOutputsThatAreWrong(t *testing.T) {
	for want, outputs := range map[string]func(b *Builder) []*Node{
		"at least one output": func(b *Builder) []*Node { b.Input(Shape{3}); return nil },
		`node "fc" is an output twice`: func(b *Builder) []*Node {
			fc := b.Linear("fc", b.Input(Shape{3}), 2)
			return []*Node{fc, fc}
		},
		`node "aux" is an output: expects 2 as output "fc" has, and is given 3`: func(b *Builder) []*Node {
			in := b.Input(Shape{3})
			return []*Node{b.Linear("fc", in, 2), b.Linear("aux", in, 3)}
		},
	} {
		b := NewBuilder()
		if _, err := b.Graph(outputs(b)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	b := NewBuilder()
	g, _ := b.Graph(auxiliary(b)...)
	o := SessionOptions{LossWeights: []float64{1}}
	if _, err := NewSession(NewWeights(g, 1), o); err == nil {
		t.Error("one loss weight is taken for two outputs")
	}
}
