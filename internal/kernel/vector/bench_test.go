package vector

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

// sizes are those of the first layers of ResNet-18 for 16 images, and one that
// stays in the caches.
var sizes = []struct {
	name string
	n    int
}{{"12845056", 16 * 112 * 112 * 64}, {"100352", 2 * 28 * 28 * 64}}

// A pass is a kernel on images of 64 channels, and how many floats it reads and
// writes for each element.
type pass struct {
	name    string
	streams int
	run     func(a, b, c, d []float32)
}

func passes() []pass {
	of := func(v float32) []float32 {
		list := make([]float32, Period(64))
		Repeat(list, []float32{v})
		return list
	}
	n := &Norm{Mean: of(0.1), Scale: of(1), Offset: of(0.1), A: of(1), B: of(0.01), K: of(0),
		ReLU: true}
	plain := &Norm{Mean: n.Mean, Scale: n.Scale, Offset: n.Offset}
	adam := Adam{Scale: 1, Beta1: 0.9, Add1: 0.1, Beta2: 0.99, Add2: 0.01, Keep: 1, Size: 1e-3,
		Correction: 1, Epsilon: 1e-8}
	momentum := SGD{Rate: 1e-3, Momentum: 0.9, Scale: 1}
	list := []pass{
		{"copy", 2, func(a, b, c, d []float32) { copy(a, b) }},
		{"moments", 1, func(a, b, c, d []float32) {
			var sum, squares [64]float32
			n.Moments(sum[:], squares[:], a)
		}},
		{"forward", 2, func(a, b, c, d []float32) { n.Forward(a, b, nil) }},
		{"forwardStream", 2, func(a, b, c, d []float32) { n.ForwardStream(a, b, nil) }},
		{"forwardAdd", 3, func(a, b, c, d []float32) { n.Forward(a, b, c) }},
		{"forwardAddStream", 3, func(a, b, c, d []float32) { n.ForwardStream(a, b, c) }},
		{"sums", 2, func(a, b, c, d []float32) {
			var sum, product [64]float32
			plain.Sums(sum[:], product[:], a, b)
		}},
		{"sumsReLU", 2, func(a, b, c, d []float32) {
			var sum, product [64]float32
			n.Sums(sum[:], product[:], a, b)
		}},
		{"maskedSums", 4, func(a, b, c, d []float32) {
			var sum, product [64]float32
			n.MaskedSums(sum[:], product[:], a, a, b, c)
		}},
		{"backward", 3, func(a, b, c, d []float32) { n.Backward(a, a, b, false) }},
		{"backwardReLU", 3, func(a, b, c, d []float32) { n.Backward(a, a, b, true) }},
		{"ReLU", 2, func(a, b, c, d []float32) { ReLU(a, a, 0) }},
		{"mask", 2, func(a, b, c, d []float32) { mask.Apply(a, a, 0) }},
		{"ReLUGradient", 3, func(a, b, c, d []float32) { ReLUGradient(a, a, b, 0) }},
		{"add", 3, func(a, b, c, d []float32) { Add(a, a, b) }},
		{"sumSquares", 1, func(a, b, c, d []float32) { SumSquares(a) }},
		{"exponentials", 2, func(a, b, c, d []float32) { Exponentials(a, b, 8) }},
		{"momentum", 5, func(a, b, c, d []float32) { momentum.Update(a, b, c, Average{}) }},
		{"adam", 7, func(a, b, c, d []float32) { adam.Update(a, b, c, d, Average{}) }},
	}
	return list
}

// Every kernel on two threads, in bytes read and written, beside a plain copy.
// Memory that stores fetch first does not count.
func BenchmarkPasses(b *testing.B) {
	team := parallel.NewTeam(2)
	defer team.Close()
	for _, size := range sizes {
		arrays := make([][]float32, 4)
		for i := range arrays {
			arrays[i] = make([]float32, size.n)
			Repeat(arrays[i], []float32{0.1, 0.2, 0.3})
		}
		for _, p := range passes() {
			b.Run(size.name+"/"+p.name, func(b *testing.B) {
				for b.Loop() {
					team.For(size.n, most, func(_, lo, hi int) {
						p.run(arrays[0][lo:hi], arrays[1][lo:hi], arrays[2][lo:hi], arrays[3][lo:hi])
					})
				}
				bytes := float64(4*size.n*p.streams) * float64(b.N)
				b.ReportMetric(bytes/1e9/b.Elapsed().Seconds(), "GB/s")
			})
		}
	}
}
