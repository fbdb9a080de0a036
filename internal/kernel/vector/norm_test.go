package vector

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

func TestPeriod(t *testing.T) {
	for channels, want := range map[int]int{1: 64, 3: 192, 10: 320, 16: 64, 24: 192, 64: 64, 96: 192,
		100: 1600, 512: 512, 1000: 2000} {
		if got := Period(channels); got != want {
			t.Errorf("%d channels have the period %d, want %d", channels, got, want)
		}
	}
}

// channelCounts are few and many, even and odd ones, and one beyond what the
// assembly takes.
var channelCounts = []int{1, 3, 10, 16, 17, 24, 32, 64, 96, 130, 512, 1000, most + 16}

// newNorm returns a norm of random numbers.
func newNorm(r *rand.Rand, channels int, relu bool) *Norm {
	of := func() []float32 {
		list := make([]float32, Period(channels))
		Repeat(list, random(r, channels))
		return list
	}
	return &Norm{Mean: of(), Scale: of(), Offset: of(), A: of(), B: of(), K: of(), ReLU: relu,
		Ceiling: 1.5}
}

// Every way of using a norm gives what the generic loops do.
func TestNormAgainstGeneric(t *testing.T) {
	for _, channels := range channelCounts {
		for _, pixels := range []int{1, 2, 35, 300} {
			if pixels > 35 && channels > 600 {
				continue
			}
			for _, relu := range []bool{false, true} {
				t.Run(fmt.Sprint(channels, "x", pixels, relu), func(t *testing.T) {
					testNorm(t, channels, pixels, relu)
				})
			}
		}
	}
}

func testNorm(t *testing.T, channels, pixels int, relu bool) {
	r := rand.New(rand.NewPCG(uint64(channels), uint64(pixels)))
	n := newNorm(r, channels, relu)
	size := channels * pixels
	x, grad, residual := random(r, size), random(r, size), random(r, size)
	sums := func(f func(first, second []float32)) []float32 {
		first, second := random(rand.New(rand.NewPCG(1, 1)), len(n.Mean)), make([]float32, len(n.Mean))
		f(first, second)
		return slices.Concat(first, second)
	}
	image := func(f func(to []float32)) []float32 {
		to := make([]float32, size)
		f(to)
		return to
	}
	results := func() map[string][]float32 {
		masked := make([]float32, size)
		return map[string][]float32{
			"moments":  sums(func(a, b []float32) { n.Moments(a, b, x) }),
			"forward":  image(func(to []float32) { n.Forward(to, x, nil) }),
			"residual": image(func(to []float32) { n.Forward(to, x, residual) }),
			"stream":   image(func(to []float32) { n.ForwardStream(to, x, nil) }),
			"both":     image(func(to []float32) { n.ForwardStream(to, x, residual) }),
			"in place": image(func(to []float32) { copy(to, x); n.Forward(to, to, residual) }),
			"sums":     sums(func(a, b []float32) { n.Sums(a, b, grad, x) }),
			"masked":   sums(func(a, b []float32) { n.MaskedSums(a, b, masked, grad, x, residual) }),
			"mask":     masked,
			"backward": image(func(to []float32) { copy(to, grad); n.Backward(to, to, x, false) }),
			"ReLU":     image(func(to []float32) { n.Backward(to, grad, x, true) }),
		}
	}
	defer func(was isa.Variant) { current = was }(current)
	current = isa.Generic
	want := results()
	for _, current = range available {
		for name, got := range results() {
			near(t, fmt.Sprint(current, " ", name), got, want[name], 2e-5)
		}
	}
}

func TestAdamAndMomentumAgainstGeneric(t *testing.T) {
	adam := Adam{Scale: 0.5, Penalty: 0.1, Beta1: 0.9, Add1: 0.1, Beta2: 0.99, Add2: 0.01, Keep: 0.98,
		Size: 0.1, Correction: 1.2, Epsilon: 1e-3}
	momentum := SGD{Rate: 0.1, Momentum: 0.9, Decay: 0.02, Scale: 0.5}
	nesterov := momentum
	nesterov.Nesterov = true
	for _, n := range lengths {
		for _, hasMean := range []bool{false, true} {
			run := func() []float32 {
				r := rand.New(rand.NewPCG(1, uint64(n)))
				value, g, first, second := random(r, n), random(r, n), random(r, n), random(r, n)
				Blend(second, second, second, 0.5, -0.5, 0.3)
				mean := Average{Keep: 0.75}
				if hasMean {
					mean.Mean = random(r, n)
				}
				adam.Update(value, g, first, second, mean)
				momentum.Update(value, g, first, mean)
				nesterov.Update(value, g, first, mean)
				return slices.Concat(value, first, second, mean.Mean)
			}
			defer func(was isa.Variant) { current = was }(current)
			current = isa.Generic
			want := run()
			for _, current = range available {
				near(t, fmt.Sprint(current, n, hasMean), run(), want, 1e-5)
			}
		}
	}
}
