package pool

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// BenchmarkResponseNorm has the layers of AlexNet and GoogLeNet, both ways.
func BenchmarkResponseNorm(b *testing.B) {
	team := parallel.NewTeam(0)
	defer team.Close()
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		for _, s := range [][2]int{{96, 55}, {256, 27}, {64, 56}, {192, 56}} {
			n := &ResponseNorm{Channels: s[0], Size: 5, Alpha: 1e-4, Beta: 0.75, K: 2}
			pixels := s[1] * s[1]
			x, g := random(pixels*s[0], 1), random(pixels*s[0], 2)
			to, work := make([]float32, len(x)), make([]float32, n.Workspace(team.Size()))
			for name, run := range map[string]func(){
				"forward":  func() { n.Forward(team, pixels, to, x, work) },
				"gradient": func() { n.Gradient(team, pixels, to, g, x, work, false) },
			} {
				b.Run(fmt.Sprintf("%v/C%d_H%d/%s", v, s[0], s[1], name), func(b *testing.B) {
					current = v
					m := ceiling.Meter{Variant: v, Workers: team.Size(), Bytes: 8 * float64(len(x))}
					for b.Loop() {
						m.Measure(run)
					}
					m.Report(b.ReportMetric)
				})
			}
		}
	}
}
