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
)

// goldenLayers are the same as LAYERS in testdata/golden_layers.py.
var goldenLayers = map[string]func(b *nn.Builder, x *nn.Node) *nn.Node{
	"conv_strided": conv(5, nn.Kernel(3, 2), nn.Stride(2, 1), nn.Pad(1, 0)),
	"conv_padded":  conv(5, nn.Kernel(3), nn.Pad(1)),
	"conv_dilated": conv(5, nn.Kernel(3), nn.Pad(2), nn.Dilation(2), nn.NoBias()),
	"conv_groups":  conv(6, nn.Kernel(3), nn.Pad(1), nn.Groups(2)),
	"conv_depthwise": conv(4, nn.Kernel(3), nn.Stride(2), nn.Pad(1), nn.Groups(4),
		nn.NoBias()),
	"conv_multiplied": conv(8, nn.Kernel(3), nn.Pad(1), nn.Groups(4)),
	"conv_transpose":  convTranspose(3, nn.Kernel(3), nn.Stride(2), nn.Pad(1), nn.OutputPad(1)),
	"conv_transpose_groups": convTranspose(6, nn.Kernel(2, 3), nn.Stride(2, 1), nn.Groups(2),
		nn.NoBias()),
	"batch_norm":      func(b *nn.Builder, x *nn.Node) *nn.Node { return b.BatchNorm("layer", x) },
	"max_pool":        maxPool(3, nn.Stride(2), nn.Pad(1)),
	"max_pool_ceil":   maxPool(3, nn.Stride(2), nn.CeilMode()),
	"avg_pool":        avgPool(3, nn.Stride(2), nn.Pad(1)),
	"avg_pool_ceil":   avgPool(2, nn.Pad(1), nn.CeilMode()),
	"avg_pool_inside": avgPool(3, nn.Stride(2), nn.Pad(1), nn.ExcludePad()),
	"adaptive_avg_pool": func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.AdaptiveAvgPool("layer", x, 3, 4)
	},
	"adaptive_max_pool": func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.AdaptiveMaxPool("layer", x, 3, 4)
	},
	"max_pool_dilated":     maxPool(2, nn.Stride(1), nn.Pad(1), nn.Dilation(2)),
	"avg_pool_ceil_inside": avgPool(3, nn.Stride(2), nn.Pad(1), nn.CeilMode(), nn.ExcludePad()),
	"conv_transpose_dilated": convTranspose(5, nn.Kernel(3, 2), nn.Stride(1, 3),
		nn.Dilation(2, 1), nn.OutputPad(0, 2), nn.NoBias()),
	"conv_transpose_padded": convTranspose(5, nn.Kernel(3, 2), nn.Stride(1, 2), nn.Pad(2, 1),
		nn.Dilation(3, 4), nn.OutputPad(2, 3)),
	"conv_transpose_depthwise": convTranspose(4, nn.Kernel(3, 2), nn.Pad(1), nn.Groups(4),
		nn.Dilation(3, 2), nn.OutputPad(2, 1)),
	"response_norm": func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.LocalResponseNorm("layer", x, 3, 0.5, 0.75, 1.5)
	},
	"relu6":           func(b *nn.Builder, x *nn.Node) *nn.Node { return b.ReLU6("layer", x) },
	"label_smoothing": func(b *nn.Builder, x *nn.Node) *nn.Node { return b.ReLU("layer", x) },
}

func conv(channels int, o ...nn.Option) func(b *nn.Builder, x *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Conv("layer", x, channels, o...) }
}

func convTranspose(channels int, o ...nn.Option) func(b *nn.Builder, x *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node {
		return b.ConvTranspose("layer", x, channels, o...)
	}
}

func maxPool(size int, o ...nn.Option) func(b *nn.Builder, x *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node { return b.MaxPool("layer", x, size, o...) }
}

func avgPool(size int, o ...nn.Option) func(b *nn.Builder, x *nn.Node) *nn.Node {
	return func(b *nn.Builder, x *nn.Node) *nn.Node { return b.AvgPool("layer", x, size, o...) }
}

// Each kind of layer, forward and backward, has PyTorch's numbers within 2e-5.
func TestLayersAgainstPyTorch(t *testing.T) {
	f, err := safetensors.Read(filepath.Join("testdata", "golden_layers.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for name, layer := range goldenLayers {
		t.Run(name, func(t *testing.T) {
			want := safetensors.File{Tensors: section(f, name+"/")}
			if len(want.Tensors) == 0 {
				t.Fatal("the golden file has no such layer")
			}
			compareLayer(t, want, layer, name == "label_smoothing")
		})
	}
	for name := range f.Tensors {
		if layer, _, _ := strings.Cut(name, "/"); goldenLayers[layer] == nil {
			t.Fatalf("%s of the golden file is not tested", layer)
		}
	}
}

func compareLayer(
	t *testing.T, want safetensors.File, layer func(*nn.Builder, *nn.Node) *nn.Node, smooth bool,
) {
	t.Helper()
	images := want.Tensors["images"]
	b := nn.NewBuilder()
	x := b.Conv("pre", b.Input(nn.Shape(images.Shape()[1:])), 4)
	graph, err := b.Graph(b.Linear("fc", b.Flatten("flatten", layer(b, x)), 3))
	if err != nil {
		t.Fatal(err)
	}
	w := nn.NewWeights(graph, 1)
	if err := w.Import(section(want, "before.")); err != nil {
		t.Fatal(err)
	}
	s, err := engine.New(w, engine.Options{
		MaxBatch: 2, Threads: 2, Watch: []string{"pre", "layer"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	data := images.Data().([]float32)
	loss := trainOnce(s, data, smooth) / 2
	if got, _ := want.Tensors["loss"].Data().(float32); math.Abs(loss-float64(got)) > 2e-5 {
		t.Errorf("loss %v, PyTorch has %v", loss, got)
	}
	compare(t, "values", s.Activation("layer"), want.Tensors["values"])
	compare(t, "gradient of the values", s.Gradient("layer"), want.Tensors["values_grad"])
	compare(t, "gradient of the input", s.Gradient("pre"), want.Tensors["input_grad"])
	compareGradients(t, section(want, "grad."), w, s)
	logits := append([]float32(nil), s.Predict(data, 2)...)
	compare(t, "logits", tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(logits)),
		want.Tensors["logits"])
}

// trainOnce computes the gradients for the labels 2 and 0, sharp ones or each
// with a tenth spread over all three classes, and returns the summed loss.
func trainOnce(s *engine.Session, images []float32, smooth bool) float64 {
	if !smooth {
		return s.Train(images, []int32{2, 0}, 0).Loss
	}
	const rest = float32(0.1) / 3
	return s.TrainShares(images, []float32{rest, rest, 0.9 + rest, 0.9 + rest, rest, rest}, 0).Loss
}
