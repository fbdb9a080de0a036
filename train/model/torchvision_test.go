package model

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A golden is a file that testdata/golden.py has written.
type golden struct {
	parameters int
	billions   float64  // of multiplications
	tensors    []string // "name shape"
	side       int      // of the images that the logits belong to
	logits     []float64
}

func readGolden(t *testing.T, name string) golden {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var g golden
	for lines := bufio.NewScanner(f); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "parameters":
			g.parameters = integer(t, words[1])
		case "multiplications":
			g.billions = number(t, words[1])
		case "logits":
			g.side = integer(t, words[1])
			for _, word := range words[2:] {
				g.logits = append(g.logits, number(t, word))
			}
		default:
			g.tensors = append(g.tensors, lines.Text())
		}
	}
	return g
}

func integer(t *testing.T, word string) int {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func number(t *testing.T, word string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(word, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

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
				s, err := nn.NewSession(w, nn.SessionOptions{MaxBatch: 2, Inference: true, Exact: exact})
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

// filled returns a network's tensors with the values of fill in golden.py.
func filled(g *nn.Graph) map[string]*tensor.Dense {
	tensors := map[string]*tensor.Dense{}
	for _, spec := range g.Tensors() {
		if spec.Shape == nil {
			tensors[spec.Name] = tensor.New(tensor.FromScalar(int64(0)))
			continue
		}
		values := uniform(spec.Name, spec.Shape.Size())
		scale, offset := float32(1)/8, float32(0)
		switch {
		case strings.HasSuffix(spec.Name, "running_var"):
			scale, offset = 1.0/2, 1
		case len(spec.Shape) > 1:
			scale = float32(math.Sqrt(6 / float64(spec.Shape[1:].Size())))
		case strings.HasSuffix(spec.Name, "weight"):
			scale, offset = 1.0/4, 1
		}
		for i, v := range values {
			values[i] = offset + v*scale
		}
		tensors[spec.Name] = tensor.New(tensor.WithShape(spec.Shape...), tensor.WithBacking(values))
	}
	return tensors
}

// uniform returns the numbers of uniform in golden.py.
func uniform(name string, count int) []float32 {
	values, start := make([]float32, count), crc32.ChecksumIEEE([]byte(name))
	for i := range values {
		x := (uint32(i) + start) * 2654435761
		x = (x ^ x>>15) * 2246822519
		x ^= x >> 13
		values[i] = float32(x>>8)/(1<<23) - 1
	}
	return values
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
