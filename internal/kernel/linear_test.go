package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

func TestLinearInAllVariants(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		for _, size := range [][3]int{{1, 1, 1}, {1, 40, 70}, {5, 300, 33}, {3, 9, 10}, {16, 17, 64},
			{130, 50, 128}, {29, 600, 10}, {2, 7, 2100}} {
			t.Run(fmt.Sprintf("%v/%v", v, size), func(t *testing.T) {
				testLinear(t, Linear{size[1], size[2]}, size[0])
			})
		}
	}
}

// testLinear checks the passes with loops in float64, and that threads change
// no bits.
func testLinear(t *testing.T, l Linear, batch int) {
	r := rand.New(rand.NewPCG(1, 2))
	input, output := randoms(r, batch*l.In), randoms(r, batch*l.Out)
	weights, bias := randoms(r, l.In*l.Out), randoms(r, l.Out)
	var first [][]float32
	for _, threads := range []int{1, 3} {
		team := parallel.NewTeam(threads)
		defer team.Close()
		work := dirty(l.Workspace(batch, threads))
		to, back := dirty(batch*l.Out), dirty(batch*l.In)
		gradient, biasGradient := dirty(l.In*l.Out), dirty(l.Out)
		residual := randoms(rand.New(rand.NewPCG(3, 4)), batch*l.Out)
		l.Forward(team, LinearCall{Batch: batch, Input: input, Output: to, Weights: weights,
			Bias: bias, Residual: residual, ReLU: true, Ceiling: 9, Workspace: work})
		l.InputGradient(team, LinearCall{Batch: batch, Input: back, Output: output,
			Weights: weights, Workspace: work})
		l.WeightGradient(team, LinearCall{Batch: batch, Input: input, Output: output,
			Weights: gradient, Bias: biasGradient, Workspace: work})
		results := [][]float32{to, back, gradient, biasGradient}
		if first == nil {
			first = results
			compare(t, "output", to, l.In, func(at int) float64 {
				n, o := at/l.Out, at%l.Out
				sum := float64(bias[o]) + float64(residual[at])
				for i := range l.In {
					sum += float64(input[n*l.In+i]) * float64(weights[i*l.Out+o])
				}
				return min(max(sum, 0), 9)
			})
			compare(t, "gradient of the input", back, l.Out, func(at int) float64 {
				n, i, sum := at/l.In, at%l.In, 0.0
				for o := range l.Out {
					sum += float64(output[n*l.Out+o]) * float64(weights[i*l.Out+o])
				}
				return sum
			})
			compare(t, "gradient of the weights", gradient, batch, func(at int) float64 {
				i, o, sum := at/l.Out, at%l.Out, 0.0
				for n := range batch {
					sum += float64(input[n*l.In+i]) * float64(output[n*l.Out+o])
				}
				return sum
			})
			compare(t, "gradient of the bias", biasGradient, batch, func(at int) float64 {
				sum := 0.0
				for n := range batch {
					sum += float64(output[n*l.Out+at])
				}
				return sum
			})
			continue
		}
		for i, x := range results {
			for j, v := range x {
				if v != first[i][j] {
					t.Fatalf("result %d: element %d depends on the threads", i, j)
				}
			}
		}
	}
}

// compare compares sums of n products with what they should be.
func compare(t *testing.T, name string, got []float32, n int, want func(at int) float64) {
	t.Helper()
	tolerance := 0x1p-24 * (64*math.Sqrt(float64(n)) + 4*float64(n) + 32)
	for at, v := range got {
		if w := want(at); !(math.Abs(float64(v)-w) <= tolerance) {
			t.Fatalf("%s: element %d is %v, want %v", name, at, v, w)
		}
	}
}

// calls returns all passes of a layer.
func (l Linear) calls() map[string]func(*parallel.Team, LinearCall) {
	return map[string]func(*parallel.Team, LinearCall){"forward": l.Forward,
		"input": l.InputGradient, "weights": l.WeightGradient}
}

func TestLinearOfNothing(t *testing.T) {
	l := Linear{In: 3, Out: 40}
	team := parallel.NewTeam(2)
	defer team.Close()
	for name, call := range l.calls() {
		c := LinearCall{Weights: dirty(120), Bias: dirty(40), Workspace: dirty(l.Workspace(0, 2))}
		call(team, c)
		if isGradient := name == "weights"; isGradient != (c.Weights[119] == 0 && c.Bias[39] == 0) {
			t.Errorf("%s: a weight is %v, a bias %v", name, c.Weights[119], c.Bias[39])
		}
	}
}

// TestLinearAddsToItsOutput has the residual where the output goes.
func TestLinearAddsToItsOutput(t *testing.T) {
	l := Linear{In: 90, Out: 40}
	team := parallel.NewTeam(2)
	defer team.Close()
	for _, batch := range []int{2, thinRows + 1} {
		r := rand.New(rand.NewPCG(1, 2))
		c := LinearCall{Batch: batch, Input: randoms(r, batch*l.In), Output: dirty(batch * l.Out),
			Weights: randoms(r, l.In*l.Out), Residual: randoms(r, batch*l.Out),
			Workspace: dirty(l.Workspace(batch, 2))}
		l.Forward(team, c)
		want := slices.Clone(c.Output)
		c.Output = c.Residual
		l.Forward(team, c)
		if !slices.Equal(c.Output, want) {
			t.Errorf("%d rows: what was there is not added once", batch)
		}
	}
}

// TestLinearPanicsOutsideItsSlices has slices with memory behind them.
func TestLinearPanicsOutsideItsSlices(t *testing.T) {
	l, team := Linear{In: 3, Out: 40}, parallel.NewTeam(2)
	defer team.Close()
	good := LinearCall{Batch: 2, Input: make([]float32, 6), Output: make([]float32, 80),
		Weights: make([]float32, 120), Bias: make([]float32, 40),
		Workspace: make([]float32, l.Workspace(2, 2))}
	for name, call := range l.calls() {
		call(team, good)
		for i := range 5 {
			bad := good
			slices := []*[]float32{&bad.Input, &bad.Output, &bad.Weights, &bad.Bias, &bad.Workspace}
			*slices[i] = (*slices[i])[:len(*slices[i])-1]
			if name == "input" && i == 3 { // which has no bias
				continue
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: slice %d was too short, unnoticed", name, i)
					}
				}()
				call(team, bad)
			}()
		}
	}
}

func TestLinearAllocatesNothing(t *testing.T) {
	l := Linear{In: 50, Out: 40}
	team := parallel.NewTeam(2)
	defer team.Close()
	c := LinearCall{Batch: 3, Input: make([]float32, 150), Output: make([]float32, 120),
		Weights: make([]float32, 2000), Bias: make([]float32, 40),
		Workspace: make([]float32, l.Workspace(3, 2))}
	n := testing.AllocsPerRun(20, func() {
		l.Forward(team, c)
		l.InputGradient(team, c)
		l.WeightGradient(team, c)
	})
	if n != 0 {
		t.Errorf("a layer allocates %v times", n)
	}
}

func BenchmarkLinear(b *testing.B) {
	for _, l := range []Linear{{25088, 4096}, {4096, 4096}, {4096, 1000}, {512, 1000}, {3136, 128}} {
		for _, batch := range []int{1, 4, 16, 128} {
			if batch == 128 && l.In > 4096 {
				continue
			}
			for _, threads := range []int{1, 2} {
				benchmarkLinear(b, l, batch, threads)
			}
		}
	}
}

func benchmarkLinear(b *testing.B, l Linear, batch, threads int) {
	for i, name := range []string{"forward", "input", "weights"} {
		b.Run(fmt.Sprintf("%d-%d,N%d/%s/threads=%d", l.In, l.Out, batch, name, threads),
			func(b *testing.B) {
				team := parallel.NewTeam(threads)
				defer team.Close()
				c := LinearCall{Batch: batch, Input: make([]float32, batch*l.In),
					Output: make([]float32, batch*l.Out), Weights: make([]float32, l.In*l.Out),
					Workspace: make([]float32, l.Workspace(batch, threads))}
				pass := []func(*parallel.Team, LinearCall){l.Forward, l.InputGradient,
					l.WeightGradient}[i]
				for i := range c.Weights { // or all pages are the same one
					c.Weights[i] = 1
				}
				pass(team, c)
				m := ceiling.Meter{Variant: current, Workers: threads,
					Flops: 2 * float64(batch*l.In*l.Out), Bytes: 4 * float64(l.In*l.Out)}
				for b.Loop() {
					m.Measure(func() { pass(team, c) })
				}
				m.Report(b.ReportMetric)
			})
	}
}
