package convtest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/guardpage"
	"github.com/dsbuild/dsbuild/internal/memory"
)

// Random returns n values of mean 0 and variance 1.
func Random(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	values := memory.Floats(n)
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

// A guard is memory between a page that must not be touched and marks.
type guard struct {
	data  []float32
	marks []float32
}

// margin is how many marks there are.
const margin = 32

// mark is a value that no kernel writes.
const mark = float32(-1.2345e30)

// guarded returns n floats with a page behind them that must not be touched, or
// with one before them but for a float, so that they are aligned to nothing else.
func guarded(t *testing.T, n int, ends bool) guard {
	t.Helper()
	whole := guardpage.Memory[float32](t, n+1+margin, ends)
	g := guard{data: whole[1 : n+1 : n+1], marks: whole[n+1:]}
	if ends {
		g = guard{data: whole[1+margin:], marks: whole[:1+margin]}
	}
	for i := range g.marks {
		g.marks[i] = mark
	}
	return g
}

// spoil fills the memory with what is not a number.
func (g guard) spoil() {
	for i := range g.data {
		g.data[i] = float32(math.NaN())
	}
}

// check fails where a mark is gone.
func (g guard) check(t *testing.T) {
	t.Helper()
	for i, v := range g.marks {
		if v != mark {
			t.Fatalf("memory beside %d floats was written: mark %d", len(g.data), i)
		}
	}
}

// fenced returns a copy of data that begins or ends at a page that must not be
// touched, nil for nil.
func fenced(t *testing.T, data []float32, ends bool) []float32 {
	t.Helper()
	if data == nil {
		return nil
	}
	c := guardpage.Memory[float32](t, len(data), ends)
	copy(c, data)
	return c
}
