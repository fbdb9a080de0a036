package pool

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A benchCase is a pooling of a network. Padded ones are of three by two.
type benchCase struct {
	side, channels, batch, kernel, stride int
}

func (c benchCase) String() string {
	return fmt.Sprintf("C%d_H%d_K%d_S%d/N%d", c.channels, c.side, c.kernel, c.stride, c.batch)
}

func (c benchCase) pool() *Pool {
	k, s, pad := c.kernel, c.stride, c.kernel%2
	if k == c.side {
		pad = 0
	}
	return New(Geometry{Height: c.side, Width: c.side, Channels: c.channels,
		Kernel: [2]int{k, k}, Stride: [2]int{s, s}, Pad: [2]int{pad, pad}})
}

var benchCases = []benchCase{
	{112, 64, 1, 3, 2}, {112, 64, 16, 3, 2}, {224, 64, 1, 2, 2}, {224, 64, 4, 2, 2},
	{14, 512, 16, 2, 2}, {28, 192, 8, 3, 1}, {28, 32, 128, 2, 2}, {7, 512, 1, 7, 7},
	{7, 1280, 16, 7, 7},
}

// benchmark reports how many bytes of input and output a second are gone
// through.
func benchmark(b *testing.B, do func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
	places []uint8) func()) {
	team := parallel.NewTeam(0)
	defer team.Close()
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		for _, c := range benchCases {
			b.Run(fmt.Sprint(v, "/", c), func(b *testing.B) {
				current = v
				p := c.pool()
				from := random(c.batch*p.FromSize(), 1)
				to, places := random(c.batch*p.ToSize(), 2), make([]uint8, c.batch*p.PlaceSize())
				p.Max(team, c.batch, to, places, from)
				m := ceiling.Meter{Variant: v, Workers: team.Size(),
					Bytes: 4 * float64(len(from)+len(to))}
				run := do(c, p, team, to, from, places)
				for b.Loop() {
					m.Measure(run)
				}
				m.Report(b.ReportMetric)
			})
		}
	}
}

func BenchmarkMax(b *testing.B) {
	benchmark(b, func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
		places []uint8) func() {
		return func() { p.Max(team, c.batch, to, places, from) }
	})
}

func BenchmarkMaxWithoutPlaces(b *testing.B) {
	benchmark(b, func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
		_ []uint8) func() {
		return func() { p.Max(team, c.batch, to, nil, from) }
	})
}

func BenchmarkMaxGradient(b *testing.B) {
	benchmark(b, func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
		places []uint8) func() {
		return func() { p.MaxGradient(team, c.batch, from, to, places, false) }
	})
}

func BenchmarkMean(b *testing.B) {
	benchmark(b, func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
		_ []uint8) func() {
		return func() { p.Mean(team, c.batch, to, from) }
	})
}

func BenchmarkMeanGradient(b *testing.B) {
	benchmark(b, func(c benchCase, p *Pool, team *parallel.Team, to, from []float32,
		_ []uint8) func() {
		return func() { p.MeanGradient(team, c.batch, from, to, false) }
	})
}
