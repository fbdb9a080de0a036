package model

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// ofTorchvision names the networks that torchvision has as well.
func ofTorchvision() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return name == "cnn" })
}

func TestTensorsAreTorchvisions(t *testing.T) {
	for _, name := range ofTorchvision() {
		t.Run(name, func(t *testing.T) {
			want := readGolden(t, name)
			graph, err := Build(Options{Name: name, XDim: 224, Classes: 1000})
			if err != nil {
				t.Fatal(err)
			}
			summary := graph.Summary()
			if summary.Parameters != want.parameters {
				t.Errorf("%d parameters, torchvision's has %d", summary.Parameters, want.parameters)
			}
			billions := float64(summary.MultiplyAdds) / 1e9
			if math.Abs(billions-want.billions) > 0.0006 {
				t.Errorf("%.4f billion multiplications, torchvision's has %v", billions, want.billions)
			}
			var got []string
			for _, spec := range graph.Tensors() {
				shape := "scalar"
				if spec.Shape != nil {
					shape = spec.Shape.String()
				}
				got = append(got, spec.Name+" "+shape)
			}
			slices.Sort(got)
			slices.Sort(want.tensors)
			if !slices.Equal(got, want.tensors) {
				t.Errorf("tensors\n%s\ntorchvision's are\n%s",
					strings.Join(got, "\n"), strings.Join(want.tensors, "\n"))
			}
		})
	}
}

// Networks start with the deviations that torchvision draws.
func TestFirstWeightsAreTorchvisions(t *testing.T) {
	for name, want := range map[string]map[string]float64{
		"resnet18": {
			"conv1.weight":          math.Sqrt(2.0 / (64 * 49)),
			"layer2.0.conv2.weight": math.Sqrt(2.0 / (128 * 9)),
			"fc.weight":             1 / math.Sqrt(3*512),
			"fc.bias":               1 / math.Sqrt(3*512),
			"layer4.1.bn2.weight":   1,
			"layer4.1.bn2.bias":     0,
		},
		"mobilenet_v2": {
			"features.3.conv.1.0.weight": math.Sqrt(2.0 / (144 * 9)),
			"features.3.conv.2.weight":   math.Sqrt(2.0 / 24),
			"classifier.1.weight":        0.01,
			"classifier.1.bias":          0,
		},
	} {
		graph, err := Build(Options{Name: name, XDim: 64, Classes: 1000})
		if err != nil {
			t.Fatal(err)
		}
		w := nn.NewWeights(graph, 1)
		for tensor, want := range want {
			sum, values := 0.0, w.Tensor(tensor).Data().([]float32)
			for _, v := range values {
				sum += float64(v) * float64(v)
			}
			if got := math.Sqrt(sum / float64(len(values))); math.Abs(got-want) > 0.1*want {
				t.Errorf("%s of %s has the deviation %v, want %v", tensor, name, got, want)
			}
		}
	}
}

// The same weights and images make the logits that torchvision's network makes
// of them in float64, within what float32 rounds: 2e-5 of the largest, and 1e-4
// with Winograd's convolutions.
func TestLogitsAreTorchvisions(t *testing.T) {
	for _, name := range ofTorchvision() {
		t.Run(name, func(t *testing.T) {
			if name == "vgg16" && os.Getenv("DSBUILD_LARGE") == "" {
				t.Skip("takes 1.2 GB: DSBUILD_LARGE is not set")
			}
			want := readGolden(t, name)
			graph, err := Build(Options{Name: name, XDim: want.side, Classes: 10})
			if err != nil {
				t.Fatal(err)
			}
			w := nn.NewWeights(graph, 1)
			if err := w.Import(filled(graph)); err != nil {
				t.Fatal(err)
			}
			images := uniform("images", 2*want.side*want.side*3)
			for tolerance, exact := range map[float64]bool{2e-5: true, 1e-4: false} {
				s, err := engine.New(w, engine.Options{MaxBatch: 2, Inference: true, Exact: exact})
				if err != nil {
					t.Fatal(err)
				}
				compareLogits(t, s.Predict(images, 2), want.logits, tolerance)
				s.Close()
			}
		})
	}
}

func compareLogits(t *testing.T, got []float32, want []float64, tolerance float64) {
	t.Helper()
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	worst := 0.0
	for i, v := range want {
		worst = max(worst, math.Abs(float64(got[i])-v)/largest)
	}
	t.Logf("off by %.1e of the largest logit", worst)
	if !(worst <= tolerance) {
		t.Errorf("logits %v, torchvision has %v", got, want)
	}
}

// A step of training gives the loss and the gradients that torchvision's network
// has in float64. Most are within 1e-5 of the gradient's norm, or of 1 where that is
// less; but where float32 rounds a value across the bend of a ReLU, all gradients
// before it move by some thousandths, and so 2e-2 is allowed.
func TestGradientsAreTorchvisions(t *testing.T) {
	for _, name := range []string{"mobilenet_v2", "resnet18"} {
		t.Run(name, func(t *testing.T) {
			want := readGolden(t, name)
			graph, err := Build(Options{Name: name, XDim: want.side, Classes: 10, Dropout: -1})
			if err != nil {
				t.Fatal(err)
			}
			for _, exact := range []bool{true, false} {
				w := nn.NewWeights(graph, 1)
				if err := w.Import(filled(graph)); err != nil {
					t.Fatal(err)
				}
				s, err := engine.New(w, engine.Options{MaxBatch: 4, Exact: exact})
				if err != nil {
					t.Fatal(err)
				}
				compareStep(t, s, w, want)
				s.Close()
			}
		})
	}
}

func compareStep(t *testing.T, s *engine.Session, w *nn.Weights, want golden) {
	t.Helper()
	const tolerance = 2e-2
	images := uniform("images", 4*want.side*want.side*3)
	loss := s.Train(images, []int32{0, 3, 6, 9}, 0).Loss / 4
	if math.Abs(loss-want.loss) > 2e-5*want.loss {
		t.Errorf("loss %v, torchvision has %v", loss, want.loss)
	}
	for _, p := range s.Learnables() {
		copy(p.Value, p.Grad) // to have it in the layout of files
	}
	tensors, worst := w.Export(), 0.0
	for name, want := range want.gradients {
		values := tensors[name].Data().([]float32)
		square, product := 0.0, 0.0
		for i, u := range uniform(name, len(values)) {
			square += float64(values[i]) * float64(values[i])
			product += float64(values[i]) * float64(u)
		}
		off := max(math.Abs(math.Sqrt(square)-want.norm), math.Abs(product-want.product)) /
			max(want.norm, 1)
		if worst = max(worst, off); !(off <= tolerance) {
			t.Errorf("the gradient of %s has the norm %v and product %v, torchvision's has %v and %v",
				name, math.Sqrt(square), product, want.norm, want.product)
		}
	}
	t.Logf("off by %.1e of the gradients' norms", worst)
}

func ExampleBuild_byName() {
	graph, err := Build(Options{Name: "resnet18", XDim: 224, Classes: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	summary := graph.Summary()
	last := summary.Layers[len(summary.Layers)-1]
	fmt.Println(summary.Parameters, last.Name, last.Output)
	// Output:
	// 11689512 fc 1000
}
