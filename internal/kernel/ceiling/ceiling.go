// Package ceiling measures how fast a core can multiply and add: what no
// kernel can pass.
//
// A variant of the kernels flows in, and the most that a core did in any of
// many short runs flows out. Benchmarks of kernels report what they reach
// beside what the machine allowed in the same run:
//
//	m := ceiling.Meter{Variant: isa.AVX512, Workers: team.Size(), Flops: flops}
//	for b.Loop() {
//		m.Measure(func() { pass.Run(team, call) })
//	}
//	m.Report(b.ReportMetric)
package ceiling

import (
	"runtime"
	"time"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

//go:generate go run -C ../_asm ./ceiling -out ../ceiling/ceiling_amd64.s -stubs ../ceiling/ceiling_amd64.go -pkg ceiling

// times is how often a run goes through its loop: 10 microseconds or less.
const times = 1000

// flopsOfGeneric are the operations of one turn of multiplyGeneric's loop.
const flopsOfGeneric = 2 * 8

// GFLOPS returns the 10^9 additions and multiplications of float32 that a core
// does in a second with the instructions of a variant. It takes about a
// millisecond. Where the machine lacks them, the result is 0.
func GFLOPS(v isa.Variant) float64 {
	run, flops := multiply(v)
	return best(run, flops)
}

// BF16 returns what GFLOPS does for products of bfloat16 that are summed as
// float32, or 0 where the machine has no instruction for them.
func BF16() float64 {
	run, flops := multiplyBF16s()
	return best(run, flops)
}

// best returns the highest speed of short runs.
func best(run func(times int), flops int) float64 {
	if run == nil {
		return 0
	}
	const runs = 100
	shortest := time.Hour
	for range runs {
		start := time.Now()
		run(times)
		shortest = min(shortest, time.Since(start))
	}
	return float64(flops*times) / float64(max(shortest.Nanoseconds(), 1))
}

// multiplyGeneric is what plain Go can do.
func multiplyGeneric(times int) {
	var a, b, c, d, e, f, g, h float32
	x := float32(1)
	for range times {
		a += x * x
		b += x * x
		c += x * x
		d += x * x
		e += x * x
		f += x * x
		g += x * x
		h += x * x
	}
	runtime.KeepAlive(a + b + c + d + e + f + g + h) // lest the loop be left out
}
