package depthwise

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// shapes are those of MobileNetV2 at 224x224.
func shapes() []conv.Geometry {
	var list []conv.Geometry
	for _, s := range []struct{ channels, side, stride int }{
		{32, 112, 1}, {96, 112, 2}, {144, 56, 1}, {144, 56, 2}, {192, 28, 1}, {384, 14, 1},
		{576, 14, 2}, {960, 7, 1},
	} {
		list = append(list, conv.Geometry{Height: s.side, Width: s.side, In: s.channels,
			Out: s.channels, Groups: s.channels, Kernel: [2]int{3, 3}, Pad: [2]int{1, 1},
			Stride: [2]int{s.stride, s.stride}}.WithDefaults())
	}
	return list
}

// benchmark runs what make returns for each shape, batch and variant.
func benchmark(b *testing.B, make func(g conv.Geometry, batch int, team *parallel.Team) func()) {
	team := parallel.NewTeam(0)
	defer team.Close()
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		for _, g := range shapes() {
			for _, batch := range []int{1, 8, 16} {
				name := fmt.Sprintf("%v/C%d_H%d_S%d/N%d", v, g.In, g.Height, g.Stride[0], batch)
				b.Run(name, func(b *testing.B) {
					current = v
					run := make(g, batch, team)
					images := float64(batch)
					m := ceiling.Meter{Variant: v, Workers: team.Size(),
						Flops: 2 * images * float64(g.MultiplyAdds()),
						Bytes: 4 * images * float64(g.InputSize()+g.OutputSize())}
					for b.Loop() {
						m.Measure(run)
					}
					m.Report(b.ReportMetric)
				})
			}
		}
	}
}

func benchmarkPass(b *testing.B, newPass func(g conv.Geometry) conv.Pass,
	sizes func(g conv.Geometry) (from, to int)) {
	benchmark(b, func(g conv.Geometry, batch int, team *parallel.Team) func() {
		pass := newPass(g)
		from, to := sizes(g)
		packed := memory.Floats(pass.PackedSize())
		pass.Pack(team, packed, convtest.Random(g.WeightSize(), 1))
		call := conv.Call{Batch: batch, From: convtest.Random(batch*from, 2),
			To: memory.Floats(batch * to), Packed: packed}
		return func() { pass.Run(team, call) }
	})
}

func BenchmarkForward(b *testing.B) {
	benchmarkPass(b, NewForward, func(g conv.Geometry) (from, to int) {
		return g.InputSize(), g.OutputSize()
	})
}

func BenchmarkInputGradient(b *testing.B) {
	benchmarkPass(b, NewInputGradient, func(g conv.Geometry) (from, to int) {
		return g.OutputSize(), g.InputSize()
	})
}

func BenchmarkWeightGradient(b *testing.B) {
	benchmark(b, func(g conv.Geometry, batch int, team *parallel.Team) func() {
		gradient := NewWeightGradient(g)
		call := conv.GradientCall{Batch: batch, Input: convtest.Random(batch*g.InputSize(), 2),
			Output:    convtest.Random(batch*g.OutputSize(), 3),
			Weights:   memory.Floats(g.WeightSize()),
			Workspace: memory.Floats(gradient.Workspace(batch, team.Size()))}
		return func() { gradient.Run(team, call) }
	})
}

// BenchmarkCopy copies as many bytes as a forward pass reads and writes: what
// memory allows.
func BenchmarkCopy(b *testing.B) {
	benchmark(b, func(g conv.Geometry, batch int, team *parallel.Team) func() {
		n := batch * (g.InputSize() + g.OutputSize()) / 2
		from, to := convtest.Random(n, 1), memory.Floats(n)
		f := func(_, lo, hi int) { copy(to[lo:hi], from[lo:hi]) }
		return func() { team.For(n, 1<<14, f) }
	})
}
