package draft

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A dice is a transform that notes what it draws and what it is told.
type dice struct {
	name string
	own  []Transform
	note func(name string, number uint64, width int)
}

func (d dice) Name() string    { return d.name }
func (d dice) Validate() error { return nil }

func (d dice) Draw(draft *Draft) {
	number := draft.Uint64()
	if d.own != nil {
		draft.All(dataset.Key{Seed: number}, d.own)
	}
	after := draft.Uint64()
	d.note(d.name, number^after, draft.Width)
	Add(draft, pixel.Crop{W: 1, H: 1, Width: draft.Width + 1, Height: 1})
}

// drawn returns what each of some transforms draws.
func drawn(transforms ...Transform) (numbers []uint64, widths []int) {
	var plan pixel.Plan
	for i, t := range transforms {
		d := t.(dice)
		d.note = func(_ string, number uint64, width int) {
			numbers, widths = append(numbers, number), append(widths, width)
		}
		transforms[i] = d
	}
	draft := New(&plan, 10, 10)
	draft.All(dataset.Key{Seed: 4}, transforms)
	draft.Release()
	return numbers, widths
}

func TestEachTransformHasItsOwnGenerator(t *testing.T) {
	silent := func(string, uint64, int) {}
	a, b := dice{name: "a"}, dice{name: "b"}
	inner := []Transform{dice{name: "x", note: silent}}
	nest := dice{name: "nest", own: []Transform{
		dice{name: "x", note: silent}, dice{name: "y", own: inner, note: silent},
	}}
	alone, _ := drawn(a)
	together, widths := drawn(b, a, a, nest)
	if together[1] != alone[0] || together[2] == alone[0] || together[0] == alone[0] {
		t.Errorf("alone %v, together %v", alone, together)
	}
	// The generator serves again behind the list within.
	empty := nest
	empty.own = []Transform{}
	if bare, _ := drawn(empty); together[3] != bare[0] {
		t.Error("a list changes what the transform around it draws")
	}
	if want := []int{10, 11, 12, 16}; !slices.Equal(widths, want) {
		t.Errorf("transforms are told the widths %v, want %v", widths, want)
	}
}

func TestTurnGivesTheGeneratorOfDraws(t *testing.T) {
	want, _ := drawn(dice{name: "a"}, dice{name: "a"})
	d := Bare(5, 5)
	for i := range want {
		d.Turn(dataset.Key{Seed: 4}, []Transform{dice{name: "a"}, dice{name: "a"}}, i)
		if got := d.Uint64() ^ d.Uint64(); got != want[i] {
			t.Errorf("turn %d draws %d, want %d", i, got, want[i])
		}
	}
	d.Release()
}

// generator returns a draft with a generator.
func generator() *Draft {
	d := Bare(1, 1)
	d.Rand = dataset.Key{Seed: 1}.Rand("test")
	return d
}

func TestDirichletSharesSumToOne(t *testing.T) {
	d := generator()
	for _, alpha := range []float64{0.01, 0.5, 1, 5} {
		var squares float64
		const n, kinds = 5000, 4
		shares := make([]float64, kinds)
		for range n {
			d.Dirichlet(shares, alpha)
			sum := 0.0
			for _, s := range shares {
				if !(s >= 0) {
					t.Fatalf("alpha %v: shares %v", alpha, shares)
				}
				sum += s
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("alpha %v: shares %v sum to %v", alpha, shares, sum)
			}
			squares += (shares[0] - 1./kinds) * (shares[0] - 1./kinds)
		}
		variance := (1. / kinds) * (1 - 1./kinds) / (kinds*alpha + 1)
		if got := squares / n; math.Abs(got-variance) > 0.1*variance {
			t.Errorf("alpha %v: the variance is %.5f, want %.5f", alpha, got, variance)
		}
	}
}

func TestBetaStaysInItsRange(t *testing.T) {
	d := generator()
	for _, alpha := range []float64{0.01, 0.2, 1, 100} {
		sum := 0.0
		for range 5000 {
			v := d.Beta(alpha)
			if !(v >= 0 && v <= 1) {
				t.Fatalf("alpha %v draws %v", alpha, v)
			}
			sum += v
		}
		if mean := sum / 5000; math.Abs(mean-0.5) > 0.03 {
			t.Errorf("alpha %v: the mean is %.3f", alpha, mean)
		}
	}
}
