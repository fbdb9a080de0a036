package engine

import (
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/train/nn"
)

// TestNewRefusesBatchesBeyondTheMachine has one of a million gigabytes.
func TestNewRefusesBatchesBeyondTheMachine(t *testing.T) {
	if memory.Total() == 0 {
		t.Skip("the system does not tell how much memory there is")
	}
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{1000, 1000, 1})
	graph, err := b.Graph(b.Linear("fc", b.Flatten("flatten", b.ReLU("relu", x)), 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, inference := range []bool{false, true} {
		_, err := New(nn.NewWeights(graph, 1), Options{MaxBatch: 1 << 28, Inference: inference})
		if err == nil || !strings.Contains(err.Error(), "a batch of 268435456 samples of 1000x1000x1 needs") {
			t.Errorf("inference %v: the error is %v", inference, err)
		}
	}
}
