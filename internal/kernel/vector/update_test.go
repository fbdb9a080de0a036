package vector

import (
	"math"
	"testing"
)

// TestMomentsThatVanish has moments that are too small to be normal, or become so:
// they are zeros afterwards, weights move as they would without, and whoever
// computes next has numbers of that size again.
func TestMomentsThatVanish(t *testing.T) {
	adam := Adam{Scale: 1, Beta1: 0.9, Add1: 0.1, Beta2: 0.99, Add2: 0.01, Keep: 1, Size: 0.1,
		Correction: 1, Epsilon: 1e-8}
	const n = 67
	eachVariant(t, func(t *testing.T) {
		for _, tiny := range []float32{1e-44, -1e-40, leastNormal} {
			value, mean, gradient := make([]float32, n), make([]float32, n), make([]float32, n)
			first, second, momentum := make([]float32, n), make([]float32, n), make([]float32, n)
			for i := range n {
				value[i], mean[i] = 1, 1
				first[i], second[i], momentum[i] = tiny, max(tiny, -tiny), tiny
			}
			average := Average{Mean: mean, Keep: 0.5}
			adam.Update(value, gradient, first, second, average)
			adam.Update(value, gradient, first, second, Average{})
			for _, nesterov := range []bool{false, true} {
				for _, a := range []Average{{}, average} {
					sgd := SGD{Rate: 0.1, Momentum: 0.9, Scale: 1, Nesterov: nesterov}
					sgd.Update(value, gradient, momentum, a)
				}
			}
			for i := range n {
				if first[i] != 0 || second[i] != 0 || momentum[i] != 0 || value[i] != 1 || mean[i] != 1 {
					t.Fatalf("of %v the moments are %v, %v and %v, and a weight of 1 and its mean are %v and %v",
						tiny, first[i], second[i], momentum[i], value[i], mean[i])
				}
			}
		}
		if x := float32(math.Float32frombits(4)); x/2 == 0 {
			t.Error("half of 4 of the least numbers is 0 from now on")
		}
	})
}

// BenchmarkTinyGradients steps with gradients whose squares are not normal.
func BenchmarkTinyGradients(b *testing.B) {
	value, gradient := make([]float32, 1<<14), make([]float32, 1<<14)
	first, second := make([]float32, 1<<14), make([]float32, 1<<14)
	adam := Adam{Scale: 1, Beta1: 0.9, Add1: 0.1, Beta2: 0.99, Add2: 0.01, Keep: 1, Size: 1e-3,
		Correction: 1, Epsilon: 1e-8}
	for _, size := range []float32{1, 1e-20} {
		for i := range gradient {
			gradient[i] = size
		}
		name := map[bool]string{true: "usual", false: "tiny"}[size == 1]
		b.Run(name, func(b *testing.B) {
			clear(second)
			for b.Loop() {
				adam.Update(value, gradient, first, second, Average{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(value)), "ns/weight")
		})
	}
}
