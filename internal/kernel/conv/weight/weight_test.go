package weight

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// geometries are those of package convtest, one whose kernels see nothing but
// padding, and some at random.
func geometries() []conv.Geometry {
	padding := conv.Geometry{Height: 3, Width: 4, In: 20, Out: 33, Kernel: [2]int{2, 3},
		Pad: [2]int{30, 25}, Dilation: [2]int{3, 2}}
	return append(append(convtest.Geometries(), padding.WithDefaults()), convtest.Drawn(30, 2)...)
}

func newGradient(g conv.Geometry) conv.Gradient { return NewGradient(g) }

func TestGradient(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		convtest.WeightGradient(t, geometries(), 1e-5, newGradient)
	})
}

// newPaired rounds whatever the kernel is.
func newPaired(g conv.Geometry) conv.Gradient {
	s := newShape(g, true)
	return &Gradient{s, s}
}

func TestGradientBF16(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		convtest.WeightGradient(t, geometries(), 0.02, newPaired)
		convtest.WeightGradient(t, convtest.Geometries(), 0.02, func(g conv.Geometry) conv.Gradient {
			return NewGradientBF16(g)
		})
	})
}

// TestParts takes batches that are cut into chunks and parts, of small integers,
// which no variant rounds.
func TestParts(t *testing.T) {
	const batch = 9
	eachVariant(t, func(t *testing.T) {
		for _, l := range []layer{
			square("bands", batch, 41, 8, 24, 3, 1),
			square("odd strides", batch, 43, 7, 33, 3, 2),
			square("images", batch, 7, 70, 130, 3, 1),
			square("points", batch, 25, 72, 40, 1, 1),
			square("blocks", batch, 5, 300, 170, 1, 1),
			{"long row", batch, conv.Geometry{Height: 1, Width: 2*maxSteps + 5, In: 5, Out: 5,
				Kernel: [2]int{1, 3}}.WithDefaults()},
			{"long row of blocks", batch, conv.Geometry{Height: 1, Width: 1100, In: 66, Out: 5,
				Kernel: [2]int{1, 3}}.WithDefaults()},
		} {
			input, output := integers(batch*l.InputSize()), integers(batch*l.OutputSize())
			want, wantBias := make([]float32, l.WeightSize()), make([]float32, l.Out)
			conv.WeightGradient(l.Geometry, batch, want, wantBias, input, output)
			for _, of := range []func(conv.Geometry) conv.Gradient{newGradient, newPaired} {
				gradient := of(l.Geometry)
				team := parallel.NewTeam(2)
				c := conv.GradientCall{Batch: batch, Input: input, Output: output,
					Weights: make([]float32, len(want)), Bias: make([]float32, len(wantBias)),
					Workspace: make([]float32, gradient.Workspace(batch, 2))}
				gradient.Run(team, c)
				if !slices.Equal(c.Weights, want) || !slices.Equal(c.Bias, wantBias) {
					t.Errorf("%s: not the plain loop's sums", l.name)
				}
				clear(c.Weights)
				c.Bias = nil
				if gradient.Run(team, c); !slices.Equal(c.Weights, want) {
					t.Errorf("%s: not the plain loop's sums without a bias", l.name)
				}
				team.Close()
			}
		}
	})
}

// integers returns n of them from -3 to 3.
func integers(n int) []float32 {
	values := convtest.Random(n, 7)
	for i, v := range values {
		values[i] = float32(math.Round(float64(max(-3, min(v, 3)))))
	}
	return values
}

func TestRunAllocatesNothing(t *testing.T) {
	l := square("", 4, 28, 16, 32, 3, 1)
	gradient, team := newGradient(l.Geometry), parallel.NewTeam(2)
	defer team.Close()
	c := conv.GradientCall{Batch: l.batch, Input: integers(l.batch * l.InputSize()),
		Output: integers(l.batch * l.OutputSize()), Weights: make([]float32, l.WeightSize()),
		Workspace: make([]float32, gradient.Workspace(l.batch, 2))}
	if n := testing.AllocsPerRun(20, func() { gradient.Run(team, c) }); n != 0 {
		t.Errorf("Run allocates %v times", n)
	}
}

// layer is a convolution that networks have, and a usual batch.
type layer struct {
	name  string
	batch int
	conv.Geometry
}

// square returns a layer with equal sides and as much padding as keeps them.
func square(name string, batch, side, in, out, kernel, stride int) layer {
	g := conv.Geometry{Height: side, Width: side, In: in, Out: out,
		Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride},
		Pad: [2]int{kernel / 2, kernel / 2}}
	return layer{name, batch, g.WithDefaults()}
}

func grouped(l layer, groups int) layer {
	l.Groups = groups
	return l
}

// layers are those of ResNet, VGG, MobileNetV2, a small network and ResNeXt.
func layers() []layer {
	return []layer{
		square("3x3/N16C64H56K64", 16, 56, 64, 64, 3, 1),
		square("3x3/N16C128H28K128", 16, 28, 128, 128, 3, 1),
		square("3x3/N16C256H14K256", 16, 14, 256, 256, 3, 1),
		square("3x3/N16C512H7K512", 16, 7, 512, 512, 3, 1),
		square("3x3/N4C64H56K64", 4, 56, 64, 64, 3, 1),
		square("3x3/N4C512H7K512", 4, 7, 512, 512, 3, 1),
		square("3x3/N4C64H224K64", 4, 224, 64, 64, 3, 1),
		square("3x3/N4C512H28K512", 4, 28, 512, 512, 3, 1),
		square("3x3/N128C32H28K64", 128, 28, 32, 64, 3, 1),
		square("3x3s2/N16C64H56K128", 16, 56, 64, 128, 3, 2),
		square("3x3s2/N16C256H14K512", 16, 14, 256, 512, 3, 2),
		square("1x1s2/N16C64H56K128", 16, 56, 64, 128, 1, 2),
		square("1x1/N16C256H56K64", 16, 56, 256, 64, 1, 1),
		square("1x1/N16C64H56K256", 16, 56, 64, 256, 1, 1),
		square("1x1/N8C32H112K16", 8, 112, 32, 16, 1, 1),
		square("1x1/N8C16H112K96", 8, 112, 16, 96, 1, 1),
		square("1x1/N8C96H56K24", 8, 56, 96, 24, 1, 1),
		square("1x1/N8C24H56K144", 8, 56, 24, 144, 1, 1),
		square("1x1/N8C144H28K32", 8, 28, 144, 32, 1, 1),
		square("1x1/N8C64H14K384", 8, 14, 64, 384, 1, 1),
		square("1x1/N8C576H14K96", 8, 14, 576, 96, 1, 1),
		square("1x1/N8C160H7K960", 8, 7, 160, 960, 1, 1),
		square("1x1/N8C320H7K1280", 8, 7, 320, 1280, 1, 1),
		square("7x7s2/N16C3H224K64", 16, 224, 3, 64, 7, 2),
		square("3x3/N4C3H224K64", 4, 224, 3, 64, 3, 1),
		square("3x3s2/N8C3H224K32", 8, 224, 3, 32, 3, 2),
		square("3x3/N128C1H28K32", 128, 28, 1, 32, 3, 1),
		grouped(square("3x3g32/N8C128H56K128", 8, 56, 128, 128, 3, 1), 32),
		grouped(square("3x3g32/N8C256H28K256", 8, 28, 256, 256, 3, 1), 32),
		grouped(square("3x3g32/N8C512H14K512", 8, 14, 512, 512, 3, 1), 32),
	}
}

func BenchmarkGradient(b *testing.B) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available[1:] {
		current = v
		for _, l := range layers() {
			benchmark(b, l.name+"/"+v.String(), l, NewGradient(l.Geometry), false)
		}
	}
}

func BenchmarkGradientBF16(b *testing.B) {
	if !kernel.HasBF16() {
		b.Skip("this machine has no AVX512_BF16")
	}
	for _, l := range layers() {
		benchmark(b, l.name, l, NewGradientBF16(l.Geometry), true)
	}
}

// benchmark measures a gradient with 1 and 2 threads.
func benchmark(b *testing.B, name string, l layer, gradient conv.Gradient, bf16 bool) {
	for _, threads := range []int{1, 2} {
		b.Run(name+"/threads="+strconv.Itoa(threads), func(b *testing.B) {
			run(b, l, gradient, threads, bf16)
		})
	}
}

func run(b *testing.B, l layer, gradient conv.Gradient, threads int, bf16 bool) {
	team := parallel.NewTeam(threads)
	defer team.Close()
	call := conv.GradientCall{
		Batch: l.batch, Input: convtest.Random(l.batch*l.InputSize(), 1),
		Output:  convtest.Random(l.batch*l.OutputSize(), 2),
		Weights: memory.Floats(l.WeightSize()), Bias: memory.Floats(l.Out),
		Workspace: memory.Floats(gradient.Workspace(l.batch, threads)),
	}
	flops := 2 * float64(l.batch*l.MultiplyAdds())
	m := ceiling.Meter{Variant: current, Workers: threads, Flops: flops, BF16: bf16}
	for b.Loop() {
		m.Measure(func() { gradient.Run(team, call) })
	}
	m.Report(b.ReportMetric)
}
