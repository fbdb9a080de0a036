package optim

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// Two batches of unequal size count by their samples; the sum is empty after
// that, and does not allocate.
func TestSumIsTheMeanOverAllSamples(t *testing.T) {
	params := tensors()
	sum := NewSum(params)
	threads := team(t, 2)
	for range 2 {
		for samples, grad := range map[int]float32{3: 1, 1: 5} {
			fill(params, grad)
			sum.Add(threads, samples)
		}
		sum.Mean(threads)
		for _, p := range params {
			for i, g := range p.Grad {
				if math.Abs(float64(g)-2) > 1e-6 {
					t.Fatalf("gradient %d of %s is %v, want 2", i, p.Name, g)
				}
			}
		}
	}
	if len(sum.Export()) != 0 {
		t.Error("an empty sum is exported")
	}
	if n := testing.AllocsPerRun(10, func() { sum.Add(threads, 1); sum.Mean(threads) }); n != 0 {
		t.Errorf("a sum allocates %v times", n)
	}
}

func fill(params []nn.Learnable, grad float32) {
	for _, p := range params {
		for i := range p.Grad {
			p.Grad[i] = grad
		}
	}
}

func TestSumGoesOnWhereItStopped(t *testing.T) {
	params := tensors()
	sum, threads := NewSum(params), team(t, 1)
	fill(params, 2)
	sum.Add(threads, 4)
	kept := sum.Export()
	again := NewSum(params)
	if err := again.Import(kept, 4); err != nil {
		t.Fatal(err)
	}
	fill(params, 8)
	again.Add(threads, 2)
	again.Mean(threads)
	if got := params[1].Grad[chunkSize]; got != 4 {
		t.Errorf("the mean is %v, want 4", got)
	}
	delete(kept, SumPrefix+"t1")
	if err := NewSum(params).Import(kept, 4); err == nil {
		t.Error("a tensor is missing, and nobody minds")
	}
	if err := NewSum(params).Import(nil, 0); err != nil {
		t.Errorf("nothing was to be taken in: error %v", err)
	}
}
