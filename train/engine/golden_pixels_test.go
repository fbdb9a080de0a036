package engine_test

import (
	"math"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/safetensors"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// goldenPixels is the same as Network in testdata/golden_pixels.py.
func goldenPixels(t *testing.T) *nn.Graph {
	t.Helper()
	b := nn.NewBuilder()
	x := b.Conv("conv1", b.Input(nn.Shape{7, 9, 2}), 6, nn.Kernel(3), nn.Stride(2), nn.Pad(1))
	x = b.ReLU("relu1", x)
	up := []nn.Option{nn.Kernel(3), nn.Stride(2), nn.Pad(1)}
	aux := b.Conv("aux", x, 4)
	aux = b.ConvTranspose("skip", aux, 4, append(up, nn.Groups(4), nn.NoBias())...)
	x = b.ReLU("relu2", b.Conv("conv2", x, 8, nn.Kernel(3), nn.Pad(2), nn.Dilation(2)))
	x = b.Add("sum", b.ConvTranspose("up", x, 4, up...), b.ReLU("relu3", aux))
	graph, err := b.Graph(x, aux)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// PyTorch's mean over pixels that have a label, for an output and one in the
// middle that it is made of, within 2e-5.
func TestPixelsAgainstPyTorch(t *testing.T) {
	f, err := safetensors.Read(filepath.Join("testdata", "golden_pixels.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	w := nn.NewWeights(goldenPixels(t), 1)
	if err := w.Import(section(f, "before.")); err != nil {
		t.Fatal(err)
	}
	const n = 3
	s, err := engine.New(w, engine.Options{MaxBatch: n, Threads: 2, LossWeights: []float64{1, 0.4}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	images := f.Tensors["images"].Data().([]float32)
	var labels []int32
	for _, label := range f.Tensors["labels"].Data().([]int64) {
		labels = append(labels, int32(label))
	}
	want, _ := f.Tensors["loss"].Data().(float32)
	if got := s.Train(images, labels, 0).Loss / n; math.Abs(got-float64(want)) > 2e-5 {
		t.Errorf("loss %v, PyTorch has %v", got, want)
	}
	compareGradients(t, section(f, "grad."), w, s)
	logits := append([]float32(nil), s.Predict(images, n)...)
	compare(t, "logits", tensor.New(tensor.WithShape(n, 7, 9, 4), tensor.WithBacking(logits)),
		f.Tensors["logits"])
}
