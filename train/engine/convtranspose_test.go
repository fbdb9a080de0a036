package engine_test

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// TestBiasOfLargeImages sums the gradient of the bias of a transposed convolution in
// several parts: it is that of the output, over all pixels.
func TestBiasOfLargeImages(t *testing.T) {
	const channels, side, batch = 19, 40, 3
	b := nn.NewBuilder()
	x := b.ConvTranspose("up", b.Input(nn.Shape{side / 2, side / 2, 3}), channels,
		nn.Kernel(2), nn.Stride(2))
	graph, err := b.Graph(b.Linear("fc", b.Flatten("flatten", x), 2))
	if err != nil {
		t.Fatal(err)
	}
	var first []float32
	for _, threads := range []int{1, 3} {
		s, err := engine.New(nn.NewWeights(graph, 1),
			engine.Options{MaxBatch: batch, Threads: threads, Watch: []string{"up"}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		images := make([]float32, batch*graph.Input().Size())
		for i := range images {
			images[i] = float32(i%7) - 3
		}
		s.Train(images, []int32{0, 1, 1}, 0)
		want := make([]float64, channels)
		for i, v := range s.Gradient("up").Data().([]float32) {
			want[i%channels] += float64(v)
		}
		var got []float32
		for _, p := range s.Learnables() {
			if p.Name == "up.bias" {
				got = p.Grad
			}
		}
		for i, v := range got {
			if math.Abs(float64(v)-want[i]) > 1e-4*(1+math.Abs(want[i])) {
				t.Errorf("channel %d has the gradient %v, want %v", i, v, want[i])
			}
		}
		if first == nil {
			first = slices.Clone(got)
		}
		if len(got) != channels || !slices.Equal(got, first) {
			t.Errorf("%d threads: %v, with one %v", threads, got, first)
		}
	}
}
