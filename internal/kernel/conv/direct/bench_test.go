package direct

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// benchmarks are layers of ResNet, VGG and MobileNetV2, and batches.
var benchmarks = []struct {
	batch, size, in, out, kernel, stride int
}{
	{16, 56, 64, 64, 3, 1}, {16, 28, 128, 128, 3, 1}, {16, 14, 256, 256, 3, 1},
	{16, 7, 512, 512, 3, 1}, {1, 56, 64, 64, 3, 1}, {1, 14, 256, 256, 3, 1}, {1, 7, 512, 512, 3, 1},
	{16, 56, 256, 64, 1, 1}, {16, 14, 1024, 256, 1, 1}, {16, 7, 2048, 512, 1, 1},
	{16, 56, 64, 128, 3, 2}, {16, 28, 128, 256, 3, 2}, {16, 14, 256, 512, 3, 2},
	{16, 56, 64, 128, 1, 2}, {16, 14, 256, 512, 1, 2},
	{4, 112, 128, 128, 3, 1}, {4, 224, 64, 64, 3, 1}, {16, 224, 3, 64, 7, 2}, {8, 224, 3, 32, 3, 2},
	{8, 112, 32, 16, 1, 1}, {8, 112, 16, 96, 1, 1}, {8, 56, 96, 24, 1, 1}, {8, 56, 24, 144, 1, 1},
	{8, 56, 144, 24, 1, 1}, {8, 28, 144, 32, 1, 1}, {8, 28, 32, 192, 1, 1}, {8, 14, 384, 64, 1, 1},
	{8, 14, 96, 576, 1, 1}, {8, 7, 576, 160, 1, 1}, {8, 7, 160, 960, 1, 1}, {8, 7, 960, 320, 1, 1},
	{8, 7, 320, 1280, 1, 1}, {1, 56, 144, 24, 1, 1}, {1, 7, 320, 1280, 1, 1},
}

func BenchmarkForward(b *testing.B)           { benchmark(b, false, NewForward) }
func BenchmarkInputGradient(b *testing.B)     { benchmark(b, false, NewInputGradient) }
func BenchmarkForwardBF16(b *testing.B)       { benchmark(b, true, NewForwardBF16) }
func BenchmarkInputGradientBF16(b *testing.B) { benchmark(b, true, NewInputGradientBF16) }

func benchmark(b *testing.B, isPaired bool, make func(conv.Geometry) conv.Pass) {
	for _, s := range benchmarks {
		g := conv.Geometry{Height: s.size, Width: s.size, In: s.in, Out: s.out,
			Kernel: [2]int{s.kernel, s.kernel}, Stride: [2]int{s.stride, s.stride},
			Pad: [2]int{s.kernel / 2, s.kernel / 2}}.WithDefaults()
		for _, threads := range []int{1, 2} {
			name := fmt.Sprintf("N%d,C%d,H%d,K%d,%dx%d,s%d/threads=%d", s.batch, s.in, s.size, s.out,
				s.kernel, s.kernel, s.stride, threads)
			b.Run(name, func(b *testing.B) {
				if isPaired && !HasBF16() {
					b.Skip("this machine has no AVX512_BF16")
				}
				benchmarkPass(b, make(g), g, s.batch, threads, isPaired)
			})
		}
	}
}

func benchmarkPass(b *testing.B, pass conv.Pass, g conv.Geometry, batch, threads int,
	isPaired bool) {
	team := parallel.NewTeam(threads)
	defer team.Close()
	size := batch * max(g.InputSize(), g.OutputSize())
	packed := memory.Floats(pass.PackedSize())
	pass.Pack(team, packed, convtest.Random(g.WeightSize(), 1))
	call := conv.Call{Batch: batch, From: convtest.Random(size, 2), To: memory.Floats(size),
		Packed: packed, Workspace: memory.Floats(pass.Workspace(batch, threads))}
	m := ceiling.Meter{Variant: kernel.Variant(), BF16: isPaired, Workers: threads,
		Flops: 2 * float64(batch*g.MultiplyAdds())}
	for b.Loop() {
		m.Measure(func() { pass.Run(team, call) })
	}
	m.Report(b.ReportMetric)
}

func BenchmarkPack(b *testing.B) {
	g := conv.Geometry{Height: 7, Width: 7, In: 512, Out: 512, Kernel: [2]int{3, 3},
		Pad: [2]int{1, 1}}.WithDefaults()
	for name, pass := range map[string]conv.Pass{"forward": NewForward(g),
		"gradient": NewInputGradient(g), "forwardBF16": NewForwardBF16(g),
		"gradientBF16": NewInputGradientBF16(g)} {
		b.Run(name, func(b *testing.B) {
			team := parallel.NewTeam(1)
			defer team.Close()
			weights := convtest.Random(g.WeightSize(), 1)
			packed := memory.Floats(pass.PackedSize())
			m := ceiling.Meter{Bytes: 4 * float64(len(weights)+len(packed))}
			for b.Loop() {
				m.Measure(func() { pass.Pack(team, packed, weights) })
			}
			m.Report(b.ReportMetric)
		})
	}
}
