package engine_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/safetensors"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// goldenNetwork is the same as Network in testdata/golden.py.
func goldenNetwork(t *testing.T) *nn.Graph {
	t.Helper()
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{11, 9, 2})
	x = b.Conv("conv1", x, 4, nn.Kernel(3), nn.Pad(1), nn.NoBias())
	x = b.ReLU("relu1", b.BatchNorm("bn1", x))
	x = b.MaxPool("pool1", x, 3, nn.Stride(2), nn.Pad(1))
	x = b.Conv("conv2", x, 5, nn.Kernel(3, 2), nn.Stride(2, 1), nn.Pad(1), nn.NoBias())
	x = b.BatchNorm("bn2", x)
	x = b.ReLU("relu2", b.Add("add", b.Conv("conv3", x, 5, nn.Kernel(3), nn.Pad(1)), x))
	x = b.Concat("cat", x, b.AvgPool("pool2", x, 3, nn.Stride(1), nn.Pad(1)))
	side := b.Linear("side", b.Flatten("flatten0", b.GlobalAvgPool("pool0", x)), 3)
	x = b.Flatten("flatten1", b.AvgPool("pool3", x, 2, nn.Stride(1), nn.Pad(1)))
	x = b.ReLU("relu3", b.BatchNorm("bn3", b.Linear("fc1", x, 6, nn.NoBias())))
	graph, err := b.Graph(b.Add("sum", b.Linear("fc2", x, 3), side))
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// section returns the tensors whose names start with a prefix, without it.
func section(f safetensors.File, prefix string) map[string]*tensor.Dense {
	tensors := map[string]*tensor.Dense{}
	for name, t := range f.Tensors {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			tensors[rest] = t
		}
	}
	return tensors
}

// PyTorch's own numbers: the same weights and batch give the same gradients,
// and after three steps the same losses, weights, statistics and logits. Both
// sides round to float32 in their own order, so 2e-5 apart is the same.
func TestAgainstPyTorch(t *testing.T) {
	for name, newOptimizer := range map[string]func([]nn.Learnable) optim.Optimizer{
		"adam": func(p []nn.Learnable) optim.Optimizer {
			return optim.NewAdam(p, optim.AdamOptions{WeightDecay: 0.1})
		},
		"sgd": func(p []nn.Learnable) optim.Optimizer {
			return optim.NewSGD(p, optim.SGDOptions{Momentum: 0.9, WeightDecay: 0.01, Nesterov: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := safetensors.Read(filepath.Join("testdata", "golden_"+name+".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			w := nn.NewWeights(goldenNetwork(t), 1)
			if err := w.Import(section(f, "before.")); err != nil {
				t.Fatal(err)
			}
			s, err := engine.New(w, engine.Options{MaxBatch: 8, Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			compareTraining(t, f, w, s, newOptimizer(s.Learnables()))
		})
	}
}

func compareTraining(
	t *testing.T, f safetensors.File, w *nn.Weights, s *engine.Session, o optim.Optimizer,
) {
	t.Helper()
	images := f.Tensors["images"].Data().([]float32)
	var labels []int32
	for _, label := range f.Tensors["labels"].Data().([]int64) {
		labels = append(labels, int32(label))
	}
	rate := 0.05
	if _, ok := o.(*optim.Adam); ok {
		rate = 0.01
	}
	for step, want := range f.Tensors["losses"].Data().([]float32) {
		r := s.Train(images, labels, step)
		if got := r.Loss / float64(len(labels)); math.Abs(got-float64(want)) > 2e-5 {
			t.Errorf("step %d: loss %v, PyTorch has %v", step, got, want)
		}
		if step == 0 {
			compareGradients(t, section(f, "grad."), w, s)
		}
		o.Step(s, rate)
	}
	got := w.Export()
	for name, want := range section(f, "after.") {
		compare(t, name, got[name], want)
	}
	logits := append([]float32(nil), s.Predict(images, len(labels))...)
	compare(t, "logits", tensor.New(tensor.WithShape(5, 3), tensor.WithBacking(logits)), f.Tensors["logits"])
}

// compareGradients puts the gradients in the place of weights, to have them
// in PyTorch's layout.
func compareGradients(t *testing.T, want map[string]*tensor.Dense, w *nn.Weights, s *engine.Session) {
	t.Helper()
	before := w.Export()
	for _, p := range s.Learnables() {
		copy(p.Value, p.Grad)
	}
	got := w.Export()
	for name := range want {
		compare(t, "gradient of "+name, got[name], want[name])
	}
	if err := w.Import(before); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, name string, got, want *tensor.Dense) {
	t.Helper()
	if got == nil || !got.Shape().Eq(want.Shape()) {
		t.Fatalf("%s is %v, want shape %v", name, got, want.Shape())
	}
	wants, ok := want.Data().([]float32)
	if !ok {
		if got.Data() != want.Data() {
			t.Errorf("%s is %v, PyTorch has %v", name, got.Data(), want.Data())
		}
		return
	}
	for i, v := range got.Data().([]float32) {
		if d := math.Abs(float64(v) - float64(wants[i])); !(d <= 2e-5*(1+math.Abs(float64(wants[i])))) {
			t.Errorf("%s[%d] is %v, PyTorch has %v", name, i, v, wants[i])
			return
		}
	}
}
