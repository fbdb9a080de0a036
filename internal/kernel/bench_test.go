package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

func BenchmarkMultiply(b *testing.B) {
	defer func(was isa.Variant) { current = was }(current)
	for _, s := range []shape{
		{1, 14, 32, 1, 64}, {1, 56, 32, 1, 256}, {1, 56, 16, 1, 256}, {8, 7, 32, 1, 512},
		{1, 10, 32, 1, 256}, {1, 8, 32, 1, 256}, {1, 4, 32, 1, 256}, {1, 196, 32, 1, 16},
		{1, 196, 96, 1, 16},
	} {
		for _, v := range available {
			b.Run(fmt.Sprintf("%v/%+v", v, s), func(b *testing.B) { benchmark(b, v, s, false) })
		}
		b.Run(fmt.Sprintf("bf16/%+v", s), func(b *testing.B) {
			current = available[len(available)-1]
			if !HasBF16() {
				b.Skip("this machine has no AVX512_BF16")
			}
			benchmark(b, current, s, true)
		})
	}
}

func benchmark(b *testing.B, v isa.Variant, s shape, pairs bool) {
	current = v
	p := s.product(rand.New(rand.NewPCG(1, 2)))
	p.Pairs = pairs
	perDepth := 2
	if pairs {
		perDepth = 4
	}
	m := ceiling.Meter{Variant: v, BF16: pairs, Workers: 1,
		Flops: float64(perDepth * s.lines * s.rows * s.columns * s.segments * s.depth)}
	for b.Loop() {
		m.Measure(func() { Multiply(p) })
	}
	m.Report(b.ReportMetric)
}
