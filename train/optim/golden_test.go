package optim

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// goldenOptimizers are the same as OPTIMIZERS in testdata/golden.py, with their
// rates.
var goldenOptimizers = map[string]struct {
	rate float64
	make func([]nn.Learnable) Optimizer
}{
	"sgd":                {0.1, sgd(SGDOptions{})},
	"momentum":           {0.1, sgd(SGDOptions{Momentum: 0.9, WeightDecay: 0.01})},
	"nesterov":           {0.1, sgd(SGDOptions{Momentum: 0.9, WeightDecay: 0.01, Nesterov: true})},
	"adam":               {0.05, adam(AdamOptions{Beta1: 0.8, Beta2: 0.9, Epsilon: 1e-6})},
	"adamw":              {0.05, adam(AdamOptions{WeightDecay: 0.1})},
	"adamw_kernel_decay": {0.05, adam(AdamOptions{WeightDecay: 0.1, Decays: isKernel})},
	"adam_kernel_decay":  {0.05, adam(AdamOptions{Penalty: 0.1, Decays: isKernel})},
	"clipped":            {0.1, sgd(SGDOptions{Momentum: 0.9, ClipNorm: 2})},
}

func isKernel(p nn.Learnable) bool { return p.Name == "kernel" }

func sgd(o SGDOptions) func([]nn.Learnable) Optimizer {
	return func(p []nn.Learnable) Optimizer { return NewSGD(p, o) }
}

func adam(o AdamOptions) func([]nn.Learnable) Optimizer {
	return func(p []nn.Learnable) Optimizer { return NewAdam(p, o) }
}

// PyTorch's own values after five steps. Both sides round to float32 in their
// own order, so 2e-6 apart is the same.
func TestOptimizersAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "golden.txt"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != len(goldenOptimizers) {
		t.Errorf("the golden file has %d optimizers, and %d are tested", len(lines), len(goldenOptimizers))
	}
	for _, line := range lines {
		words := strings.Fields(line)
		t.Run(words[0], func(t *testing.T) {
			got := fiveSteps(t, words[0])
			for i, word := range words[1:] {
				want, err := strconv.ParseFloat(word, 64)
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(float64(got[i])-want) > 2e-6*(1+math.Abs(want)) {
					t.Errorf("value %d is %v, PyTorch has %v", i, got[i], want)
				}
			}
		})
	}
}

// fiveSteps returns the values of golden.py's two tensors after all steps.
func fiveSteps(t *testing.T, name string) []float32 {
	t.Helper()
	golden, ok := goldenOptimizers[name]
	if !ok {
		t.Fatal("there is no such optimizer")
	}
	values, grads := make([]float32, 8), make([]float32, 8)
	for i := range values {
		values[i] = float32(math.Sin(float64(1 + i)))
	}
	o := golden.make([]nn.Learnable{
		{Name: "kernel", Value: values[:5], Grad: grads[:5]},
		{Name: "bias", Value: values[5:], Grad: grads[5:]},
	})
	threads := team(t, 2)
	for step := range 5 {
		for i := range grads {
			grads[i] = float32(math.Cos(float64(3*step+2*i)) * float64(1+step))
		}
		o.Step(threads, golden.rate)
	}
	return values
}
