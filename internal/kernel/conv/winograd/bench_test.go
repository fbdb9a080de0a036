package winograd

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// layers are those of ResNet-18 and VGG-16.
var layers = []struct{ side, in, out int }{
	{56, 64, 64}, {28, 128, 128}, {14, 256, 256}, {7, 512, 512},
	{224, 64, 64}, {112, 64, 128}, {112, 128, 128}, {56, 128, 256}, {56, 256, 256},
	{28, 256, 512}, {28, 512, 512}, {14, 512, 512},
}

// eachLayer runs a benchmark of each layer with batches of 1, 4 and 16, direct
// and in both sizes of tiles.
func eachLayer(b *testing.B, bench func(b *testing.B, g conv.Geometry, batch, tile, threads int)) {
	for _, l := range layers {
		g := conv.Geometry{Height: l.side, Width: l.side, In: l.in, Out: l.out,
			Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}.WithDefaults()
		for _, batch := range []int{1, 4, 16} {
			for _, threads := range []int{1, 2} {
				for _, tile := range []int{0, 2, 4} {
					b.Run(fmt.Sprintf("H%d/C%d/K%d/N%d/threads%d/tile%d", l.side, l.in, l.out,
						batch, threads, tile), func(b *testing.B) { bench(b, g, batch, tile, threads) })
				}
			}
		}
	}
}

func BenchmarkForward(b *testing.B) {
	eachLayer(b, func(b *testing.B, g conv.Geometry, batch, tile, threads int) {
		pass := direct.NewForward(g)
		if tile > 0 {
			pass = NewForward(g, tile)
		}
		benchmarkPass(b, g, pass, batch, threads)
	})
}

func BenchmarkInputGradient(b *testing.B) {
	eachLayer(b, func(b *testing.B, g conv.Geometry, batch, tile, threads int) {
		pass := direct.NewInputGradient(g)
		if tile > 0 {
			pass = NewInputGradient(g, tile)
		}
		benchmarkPass(b, g, pass, batch, threads)
	})
}

func BenchmarkWeightGradient(b *testing.B) {
	eachLayer(b, func(b *testing.B, g conv.Geometry, batch, tile, threads int) {
		gradient := direct.NewWeightGradient(g)
		if tile > 0 {
			gradient = NewWeightGradient(g, tile)
		}
		team := parallel.NewTeam(threads)
		defer team.Close()
		call := conv.GradientCall{Batch: batch, Input: convtest.Random(batch*g.InputSize(), 1),
			Output: convtest.Random(batch*g.OutputSize(), 2), Weights: memory.Floats(g.WeightSize()),
			Workspace: memory.Floats(gradient.Workspace(batch, threads))}
		measure(b, g, batch, threads, func() { gradient.Run(team, call) })
	})
}

func benchmarkPass(b *testing.B, g conv.Geometry, pass conv.Pass, batch, threads int) {
	team := parallel.NewTeam(threads)
	defer team.Close()
	packed := memory.Floats(pass.PackedSize())
	pass.Pack(team, packed, convtest.Random(g.WeightSize(), 1))
	size := batch * max(g.InputSize(), g.OutputSize())
	call := conv.Call{Batch: batch, From: convtest.Random(size, 2), To: memory.Floats(size),
		Packed: packed, Workspace: memory.Floats(pass.Workspace(batch, threads))}
	measure(b, g, batch, threads, func() { pass.Run(team, call) })
}

// measure reports the speed in GFLOP/s of the direct convolution.
func measure(b *testing.B, g conv.Geometry, batch, threads int, run func()) {
	meter := ceiling.Meter{Variant: current, Workers: threads,
		Flops: 2 * float64(batch*g.MultiplyAdds())}
	for b.Loop() {
		meter.Measure(run)
	}
	meter.Report(b.ReportMetric)
}
