package vector

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// random returns n numbers of mean 0 and variance 1 that start anywhere in memory.
func random(r *rand.Rand, n int) []float32 {
	at := r.IntN(40)
	list := make([]float32, at+n+8)[at : at+n]
	for i := range list {
		list[i] = float32(r.NormFloat64())
	}
	return list
}

// lengths are those of pieces: none, less than a register, odd ones, and more than
// the assembly takes at a time.
var lengths = []int{0, 1, 7, 15, 16, 17, 64, 100, 255, 1000, most + 21}

// near fails where an element is further from want than tolerance, relative to
// the larger of want and 1.
func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	for i, w := range want {
		d := math.Abs(float64(got[i]) - float64(w))
		isNear := d <= tolerance*max(1, math.Abs(float64(w))) || got[i] == w
		if w != w {
			isNear = got[i] != got[i]
		}
		if !isNear {
			t.Fatalf("%s: element %d is %v, and should be %v", what, i, got[i], w)
		}
	}
}

// pointwise are the functions that work on three arrays at most.
var pointwise = map[string]func(to, a, b []float32){
	"ReLU":          func(to, a, b []float32) { ReLU(to, a, 0) },
	"ReLU6":         func(to, a, b []float32) { ReLU(to, a, 0.5) },
	"gradient":      func(to, a, b []float32) { ReLUGradient(to, a, b, 0) },
	"gradient6":     func(to, a, b []float32) { ReLUGradient(to, a, b, 0.5) },
	"add":           func(to, a, b []float32) { Add(to, a, b) },
	"affine":        func(to, a, b []float32) { Affine(to, a, 0.3, -0.7) },
	"blend":         func(to, a, b []float32) { Blend(to, a, b, 0.3, -0.7, 0.1) },
	"exponentials":  func(to, a, b []float32) { Exponentials(to, a, 8) },
	"SGD":           func(to, a, b []float32) { copy(to, a); sgd.Update(to, b, nil, Average{}) },
	"mask":          func(to, a, b []float32) { mask.Apply(to, a, 6) },
	"SGD with mean": func(to, a, b []float32) { sgd.Update(b, a, nil, Average{to, 0.9}) },
}

var mask = Mask{Key: 12345, Threshold: 3 << 30, Scale: 4}

var sgd = SGD{Rate: 0.1, Decay: 0.02, Scale: 0.5}

func TestPointwiseAgainstGeneric(t *testing.T) {
	for name, f := range pointwise {
		t.Run(name, func(t *testing.T) {
			for _, n := range lengths {
				r := rand.New(rand.NewPCG(1, uint64(n)))
				a, b := random(r, n), random(r, n)
				run := func() []float32 {
					all := make([]float32, n+64)
					all[n+32] = 5
					f(all[32:][:n:n], a, slices.Clone(b))
					if all[31] != 0 || all[n+32] != 5 {
						t.Fatal("memory beside was written")
					}
					return all[32:][:n]
				}
				defer func(was isa.Variant) { current = was }(current)
				current = isa.Generic
				want := run()
				for _, current = range available {
					near(t, fmt.Sprint(current, n), run(), want, 1e-6)
				}
			}
		})
	}
}

func TestWhatIsNoNumberStaysSo(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		nan := float32(math.NaN())
		for _, n := range []int{3, 64} {
			x, zeros, to := make([]float32, n), make([]float32, n), make([]float32, n)
			for i := range x {
				x[i] = nan
			}
			norm := Norm{Scale: x, Offset: zeros, ReLU: true, Ceiling: 6}
			for name, f := range map[string]func(){
				"ReLU":         func() { ReLU(to, x, 6) },
				"exponentials": func() { Exponentials(to, x, 1) },
				"norm":         func() { norm.Forward(to, zeros, nil) },
				"mask":         func() { mask.Apply(to, x, 0) },
			} {
				clear(to)
				f()
				for i, v := range to {
					if v == v {
						t.Errorf("%s: element %d is %v", name, i, v)
					}
				}
			}
		}
	})
}

func TestSums(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for _, n := range lengths {
			r := rand.New(rand.NewPCG(2, uint64(n)))
			x := random(r, n)
			squares, top := 0.0, float32(math.Inf(-1))
			for _, v := range x {
				squares += float64(v) * float64(v)
				top = max(top, v)
			}
			if got := SumSquares(x); math.Abs(got-squares) > 1e-12*squares {
				t.Errorf("the squares of %d add up to %v, want %v", n, got, squares)
			}
			if got := Maximum(x); got != top {
				t.Errorf("the largest of %d is %v, want %v", n, got, top)
			}
		}
	})
}

// All of the range of exp, against float64.
func TestExponentials(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var x []float32
		for v := float32(-110); v < 0; v += 0.0037 {
			x = append(x, v)
		}
		x = append(x, 0, float32(math.Inf(-1)), -1e30)
		to := make([]float32, len(x))
		sum, worst := 0.0, 0.0
		for i := range x {
			sum += math.Exp(float64(x[i]))
		}
		if got := Exponentials(to, x, 0); math.Abs(got-sum) > 1e-6*sum {
			t.Errorf("the sum is %v, want %v", got, sum)
		}
		for i, v := range x {
			want := math.Exp(float64(v))
			if v < lowest {
				want = 0
			}
			if d := math.Abs(float64(to[i]) - want); want == 0 && d > 0 {
				t.Errorf("exp(%v) is %v, want 0", v, to[i])
			} else if want > 0 {
				worst = max(worst, d/want)
			}
		}
		if worst > 2e-7 {
			t.Errorf("the error is %v", worst)
		}
	})
}

// Memory that lies behind a slice is not part of it.
func TestShortSlicesPanic(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		const n = 64
		x, whole := make([]float32, n), make([]float32, n)
		short := whole[:n-1]
		norm := Norm{Mean: x, Scale: x, Offset: x, A: x, B: x, K: x}
		less := Norm{Mean: x, Scale: x, Offset: short, A: x, B: short, K: x, ReLU: true}
		for name, f := range map[string]func(){
			"ReLU":         func() { ReLU(short, x, 0) },
			"gradient":     func() { ReLUGradient(x, short, x, 0) },
			"add":          func() { Add(x, x, short) },
			"affine":       func() { Affine(short, x, 1, 0) },
			"blend":        func() { Blend(x, x, short, 1, 1, 0) },
			"exponentials": func() { Exponentials(short, x, 0) },
			"moments":      func() { norm.Moments(short, x, x) },
			"forward":      func() { norm.Forward(short, x, nil) },
			"stream":       func() { norm.ForwardStream(x, x, short) },
			"offset":       func() { less.Forward(x, x, nil) },
			"sums":         func() { norm.Sums(x, x, short, x) },
			"masked sums":  func() { norm.MaskedSums(x, x, short, x, x, x) },
			"backward":     func() { less.Backward(x, x, x, false) },
			"mask":         func() { Mask{}.Apply(short, x, 0) },
			"SGD":          func() { SGD{Momentum: 1}.Update(x, x, short, Average{}) },
			"Adam":         func() { Adam{}.Update(x, x, x, x, Average{Mean: short}) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s takes slices that are too short", name)
					}
				}()
				f()
			}()
			for i, v := range whole {
				if v != 0 {
					t.Fatalf("%s wrote element %d of %d", name, i, len(short))
				}
			}
		}
	})
}

func TestNothingAllocates(t *testing.T) {
	x, y, z := make([]float32, 1003), make([]float32, 1003), make([]float32, 1003)
	period := make([]float32, Period(10))
	norm := Norm{Mean: period, Scale: period, Offset: period, A: period, B: period, K: period}
	sums, products := make([]float32, len(period)), make([]float32, len(period))
	eachVariant(t, func(t *testing.T) {
		n := testing.AllocsPerRun(10, func() {
			Exponentials(x, y, Maximum(y))
			Affine(x, y, 0.5, float32(SumSquares(y)))
			norm.Moments(sums, products, x)
			norm.Forward(y, x, z)
			norm.MaskedSums(sums, products, z, z, x, y)
			norm.Backward(z, z, x, false)
			SGD{Momentum: 0.9}.Update(x, y, z, Average{Mean: y})
			Adam{}.Update(x, y, z, z, Average{Mean: y})
			Mask{}.Apply(x, y, 0)
		})
		if n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
