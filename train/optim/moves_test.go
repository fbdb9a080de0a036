package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// clippedByPyTorch are the weights that PyTorch 2 ends with, after clip_grad_norm_
// to 1 and a step of SGD with momentum 0.9 and weight decay 0.1 at a rate of 0.5,
// three times.
var clippedByPyTorch = []float64{
	0.11147120594978333, -1.46274995803833, 1.367586612701416, -2.1139278411865234,
}

func TestClippedStepsAreAsPyTorchs(t *testing.T) {
	p := []nn.Learnable{
		{Name: "a", Value: []float32{1, -2, 3}, Grad: []float32{3, 0, 4}},
		{Name: "b", Value: []float32{0.5}, Grad: []float32{12}},
	}
	o := NewSGD(p, SGDOptions{Momentum: 0.9, WeightDecay: 0.1, ClipNorm: 1})
	for range 3 {
		o.Step(team(t, 1), 0.5)
	}
	if got := o.GradientNorm(); math.Abs(got-13) > 1e-6 {
		t.Errorf("the gradient is %v long, want 13", got)
	}
	got := slices.Concat(p[0].Value, p[1].Value)
	for i, want := range clippedByPyTorch {
		if math.Abs(float64(got[i])-want) > 1e-6 {
			t.Errorf("value %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestShortGradientsAreNotClipped(t *testing.T) {
	p := []nn.Learnable{{Name: "a", Value: []float32{1}, Grad: []float32{0.5}}}
	NewSGD(p, SGDOptions{ClipNorm: 1}).Step(team(t, 1), 1)
	if p[0].Value[0] != 0.5 {
		t.Errorf("1 moves to %v, want 0.5", p[0].Value[0])
	}
}

// The average is that of the formula, begins with the first weights, and takes
// their place and gives it back.
func TestAverageOfWeights(t *testing.T) {
	const keep = 0.6
	for name, make := range map[string]func(p []nn.Learnable) Optimizer{
		"adam": func(p []nn.Learnable) Optimizer { return NewAdam(p, AdamOptions{Average: keep}) },
		"sgd":  func(p []nn.Learnable) Optimizer { return NewSGD(p, SGDOptions{Average: keep}) },
		"momentum": func(p []nn.Learnable) Optimizer {
			return NewSGD(p, SGDOptions{Momentum: 0.9, Nesterov: true, Average: keep})
		},
	} {
		params := tensors()
		o := make(params)
		i := chunkSize + 3
		mean := float64(params[1].Value[i])
		for step := 1; step <= 20; step++ {
			pull(params)
			o.Step(team(t, 2), 0.1)
			k := min(keep, float64(1+step)/float64(10+step))
			mean = k*mean + (1-k)*float64(params[1].Value[i])
		}
		value := params[1].Value[i]
		o.Swap()
		if got := params[1].Value[i]; math.Abs(float64(got)-mean) > 1e-6 {
			t.Errorf("%s: the average is %v, want %v", name, got, mean)
		}
		o.Swap()
		if got := params[1].Value[i]; got != value {
			t.Errorf("%s: the weight comes back as %v, want %v", name, got, value)
		}
	}
}

// Weights and average come back to the bit, wherever in a tensor they lie.
func TestSwapTwiceChangesNothing(t *testing.T) {
	params := tensors()
	o := NewAdam(params, AdamOptions{Average: 0.9})
	for range 3 {
		o.Step(team(t, 1), 0.1)
	}
	all := func() (list [][]float32) {
		for i, p := range params {
			list = append(list, slices.Clone(p.Value), slices.Clone(o.averages.values[i]))
		}
		return list
	}
	before := all()
	o.Swap()
	swapped := all()
	o.Swap()
	for i, after := range all() {
		if !slices.Equal(after, before[i]) {
			t.Errorf("record %d is another after two swaps", i)
		}
		if !slices.Equal(swapped[i], before[i^1]) {
			t.Errorf("record %d is not its partner after a swap", i)
		}
	}
}

// What is not a number is not hidden by a step: the next loss shows it.
func TestBadGradientsReachWeights(t *testing.T) {
	bad := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}
	for _, gradient := range bad {
		for _, clip := range []float64{0, 1} {
			for name, make := range map[string]func(p []nn.Learnable) Optimizer{
				"adam": func(p []nn.Learnable) Optimizer { return NewAdam(p, AdamOptions{ClipNorm: clip}) },
				"sgd":  func(p []nn.Learnable) Optimizer { return NewSGD(p, SGDOptions{ClipNorm: clip}) },
				"momentum": func(p []nn.Learnable) Optimizer {
					return NewSGD(p, SGDOptions{Momentum: 0.9, ClipNorm: clip})
				},
			} {
				params := tensors()
				params[1].Grad[chunkSize+4] = gradient
				make(params).Step(team(t, 1), 0.1)
				if v := params[1].Value[chunkSize+4]; v-v == 0 {
					t.Errorf("%s clipped to %v: a gradient of %v moves the weight to %v", name, clip,
						gradient, v)
				}
			}
		}
	}
}

func TestSwapWithoutAverage(t *testing.T) {
	p := []nn.Learnable{{Name: "a", Value: []float32{1}, Grad: []float32{0}}}
	NewAdam(p, AdamOptions{}).Swap()
	if p[0].Value[0] != 1 {
		t.Errorf("the weight is %v", p[0].Value[0])
	}
}

func BenchmarkStep(b *testing.B) {
	for _, kind := range []struct {
		name    string
		streams float64 // floats read and written for each weight
		make    func(p []nn.Learnable) Optimizer
	}{
		{"adam", 7, func(p []nn.Learnable) Optimizer { return NewAdam(p, AdamOptions{}) }},
		{"adam-clipped-averaged", 10, func(p []nn.Learnable) Optimizer {
			return NewAdam(p, AdamOptions{ClipNorm: 1, Average: 0.999})
		}},
		{"sgd", 5, func(p []nn.Learnable) Optimizer { return NewSGD(p, SGDOptions{Momentum: 0.9}) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			const weights = 11_689_512 // of ResNet-18
			p := []nn.Learnable{{Name: "w", Value: make([]float32, weights),
				Grad: make([]float32, weights)}}
			o, threads := kind.make(p), team(b, 2)
			for b.Loop() {
				o.Step(threads, 1e-3)
			}
			b.ReportMetric(kind.streams*4*weights*float64(b.N)/1e9/b.Elapsed().Seconds(), "GB/s")
		})
	}
}
