package vector

import (
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/guardpage"
)

// eachEdge runs a test in all variants with a source of random numbers that end,
// or begin, at a page which must not be touched.
func eachEdge(t *testing.T, test func(t *testing.T, random func(n int) []float32)) {
	eachVariant(t, func(t *testing.T) {
		for _, ends := range []bool{false, true} {
			r := rand.New(rand.NewPCG(1, 2))
			test(t, func(n int) []float32 {
				list := guardpage.Memory[float32](t, n, ends)
				for i := range list {
					list[i] = float32(r.NormFloat64())
				}
				return list
			})
		}
	})
}

// The tests of this file end the program where a loop touches what lies beyond
// its slices.
func TestPointwiseStaysInside(t *testing.T) {
	eachEdge(t, func(t *testing.T, random func(n int) []float32) {
		for n := range 70 {
			for _, f := range pointwise {
				f(random(n), random(n), random(n))
			}
			x := random(n)
			SumSquares(x)
			Maximum(x)
			Exponentials(x, x, Maximum(x))
			adam := Adam{Beta1: 0.9, Add1: 0.1, Beta2: 0.99, Add2: 0.01, Keep: 1, Epsilon: 1}
			adam.Update(random(n), x, random(n), random(n), Average{})
			adam.Update(random(n), x, random(n), random(n), Average{Mean: random(n)})
			for _, s := range []SGD{{Momentum: 0.9}, {Momentum: 0.9, Nesterov: true}} {
				s.Update(random(n), x, random(n), Average{})
				s.Update(random(n), x, random(n), Average{Mean: random(n)})
			}
		}
	})
}

func TestNormsStayInside(t *testing.T) {
	eachEdge(t, func(t *testing.T, random func(n int) []float32) {
		for _, channels := range []int{1, 3, 16, 40, 520} {
			of := func() []float32 { return random(Period(channels)) }
			for _, pixels := range []int{1, 2, 3, 65} {
				n := channels * pixels
				x, grad, residual, to := random(n), random(n), random(n), random(n)
				for _, relu := range []bool{false, true} {
					norm := Norm{Mean: of(), Scale: of(), Offset: of(), A: of(), B: of(), K: of(), ReLU: relu}
					norm.Moments(of(), of(), x)
					norm.Forward(to, x, nil)
					norm.Forward(to, x, residual)
					norm.ForwardStream(to, x, nil)
					norm.ForwardStream(to, x, residual)
					norm.Sums(of(), of(), grad, x)
					norm.MaskedSums(of(), of(), to, grad, x, residual)
					norm.Backward(to, grad, x, relu)
				}
			}
		}
	})
}
