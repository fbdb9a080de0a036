package model

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

func TestCNNLayers(t *testing.T) {
	graph, err := Build(Options{
		XDim: 28, Channels: 1, Classes: 10, CDims: []int{32, 64}, HDims: []int{128}, Dropout: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	summary := graph.Summary()
	for _, l := range summary.Layers {
		fmt.Fprintln(&got, l.Name, l.Kind, l.Output, l.Parameters)
	}
	const want = `conv1 conv 28x28x32 320
bn1 batch_norm 28x28x32 64
relu1 relu 28x28x32 0
pool1 max_pool 14x14x32 0
conv2 conv 14x14x64 18496
bn2 batch_norm 14x14x64 128
relu2 relu 14x14x64 0
pool2 max_pool 7x7x64 0
flatten flatten 3136 0
fc1 linear 128 401536
fc1_relu relu 128 0
fc2 linear 10 1290
`
	if got.String() != want {
		t.Errorf("layers\n%s\nwant\n%s", got.String(), want)
	}
	if summary.Parameters != 421834 {
		t.Errorf("%d parameters, want 421834", summary.Parameters)
	}
}

func TestDefaultStages(t *testing.T) {
	for side, want := range map[int]int{8: 1, 28: 3, 32: 3, 64: 4, 100: 5, 128: 5, 224: 6} {
		o := Options{XDim: side, Classes: 2}.WithDefaults()
		if len(o.CDims) != want {
			t.Errorf("side %d has the stages %v, want %d", side, o.CDims, want)
		}
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	good := Options{XDim: 28, Classes: 10}
	for want, spoil := range map[string]func(*Options){
		`did you mean "cnn"`:               func(o *Options) { o.Name = "cmn" },
		"xdim is 0":                        func(o *Options) { o.XDim = 0 },
		"classes is -1":                    func(o *Options) { o.Classes = -1 },
		"ksize is 4, but must be odd":      func(o *Options) { o.KSize = 4 },
		"dropout is 1":                     func(o *Options) { o.Dropout = 1 },
		`did you mean "resnet18"`:          func(o *Options) { o.Name = "resnet-18" },
		"hnorm and ksize are only for cnn": func(o *Options) { o.Name, o.HDims = "vgg16", []int{9} },
		"choose a larger xdim":             func(o *Options) { o.Name, o.XDim = "vgg16", 31 },
		"cdims is [8 0]":                   func(o *Options) { o.CDims = []int{8, 0} },
		`node "pool3" (max_pool): kernel of height 2 does not fit the input 1x1x3`: func(o *Options) {
			o.XDim, o.CDims = 4, []int{3, 3, 3}
		},
	} {
		o := good
		spoil(&o)
		if _, err := Build(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// BenchmarkStep trains on batches of 128 images of 28x28x1: the network of 2
// convolutions without dropout, and with the default rate.
func BenchmarkStep(b *testing.B) {
	for name, rate := range map[string]float64{"plain": -1, "default": 0} {
		b.Run(name, func(b *testing.B) { benchmarkStep(b, rate) })
	}
}

func benchmarkStep(b *testing.B, rate float64) {
	graph, err := Build(Options{
		XDim: 28, Channels: 1, Classes: 10, CDims: []int{32, 64}, HDims: []int{128}, Dropout: rate,
	})
	if err != nil {
		b.Fatal(err)
	}
	const batch = 128
	s, err := engine.New(nn.NewWeights(graph, 1), engine.Options{MaxBatch: batch})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	images, labels := make([]float32, batch*28*28), make([]int32, batch)
	for i := range images {
		images[i] = float32(i%17) / 17
	}
	adam := optim.NewAdam(s.Learnables(), optim.AdamOptions{})
	step := 0
	for b.Loop() {
		s.Train(images, labels, step)
		adam.Step(s, 1e-4)
		step++
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/step")
}

func ExampleBuild() {
	graph, err := Build(Options{XDim: 32, Classes: 5, CDims: []int{16}, Dropout: -1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, layer := range graph.Summary().Layers {
		fmt.Println(layer.Name, layer.Kind, layer.Output, layer.Parameters)
	}
	// Output:
	// conv1 conv 32x32x16 448
	// bn1 batch_norm 32x32x16 32
	// relu1 relu 32x32x16 0
	// pool1 max_pool 16x16x16 0
	// flatten flatten 4096 0
	// fc1 linear 128 524416
	// fc1_relu relu 128 0
	// fc2 linear 5 645
}

// TestBuildRefusesTooManyParameters has a linear layer behind large images.
func TestBuildRefusesTooManyParameters(t *testing.T) {
	_, err := Build(Options{XDim: 16000, Classes: 10, CDims: []int{64}})
	if err == nil || !strings.Contains(err.Error(), "but at most 1073741824 are possible") {
		t.Errorf("the error is %v", err)
	}
}
