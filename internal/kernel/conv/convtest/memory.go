package convtest

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Random returns n values of mean 0 and variance 1.
func Random(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(r.NormFloat64())
	}
	return values
}

// Near fails where an element of got lies further from want than tolerance
// times the root of the mean square of want.
func Near(t *testing.T, got, want []float32, tolerance float64) {
	t.Helper()
	near(t, got, want, tolerance*rms(want))
}

func rms(values []float32) float64 {
	squares := 0.0
	for _, v := range values {
		squares += float64(v) * float64(v)
	}
	return math.Sqrt(squares / float64(max(len(values), 1)))
}

func near(t *testing.T, got, want []float32, limit float64) {
	t.Helper()
	for i, v := range want {
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= limit) {
			t.Fatalf("element %d is %v, and should be %v within %.2g", i, got[i], v, limit)
		}
	}
}

func same(t *testing.T, got, want []float32) {
	t.Helper()
	for i, v := range want {
		if math.Float32bits(got[i]) != math.Float32bits(v) {
			t.Fatalf("element %d is %v with one number of threads and %v with another", i, got[i], v)
		}
	}
}

// A guard is memory with marks before and behind it.
type guard struct {
	data  []float32
	whole []float32
}

const margin = 32

// mark is a value that no kernel writes.
const mark = float32(-1.2345e30)

// guarded returns n floats, not aligned to anything but floats.
func guarded(n int) guard {
	whole := make([]float32, n+2*margin+1)
	for i := range whole {
		whole[i] = mark
	}
	return guard{data: whole[margin+1 : margin+1+n : margin+1+n], whole: whole}
}

// check fails where a mark is gone.
func (g guard) check(t *testing.T) {
	t.Helper()
	n := len(g.data)
	for i, v := range g.whole {
		if outside := i <= margin || i > margin+n; outside && v != mark {
			t.Fatalf("memory of %d floats was written at %d", n, i-margin-1)
		}
	}
}
