package layer

import (
	"fmt"
	"testing"
)

// Batch norms with ReLU of the sizes in ResNet-18 and MobileNetV2, on two
// threads. Bytes are those that must be read or written once.
func BenchmarkBatchNorm(b *testing.B) {
	cases := []normCase{
		{channels: 64, side: 112, batch: 16}, {channels: 64, side: 56, batch: 16},
		{channels: 128, side: 28, batch: 16}, {channels: 256, side: 14, batch: 16},
		{channels: 512, side: 7, batch: 16}, {channels: 64, side: 56, batch: 4},
		{channels: 128, side: 28, batch: 4}, {channels: 256, side: 14, batch: 4},
		{channels: 512, side: 7, batch: 4}, {channels: 96, side: 112, batch: 8},
		{channels: 24, side: 56, batch: 8}, {channels: 10, side: 56, batch: 8},
		{channels: 960, side: 7, batch: 8},
	}
	for _, residual := range []bool{false, true} {
		for _, c := range cases {
			c.relu, c.residual = true, residual
			name := fmt.Sprintf("N%d_C%d_H%d_residual=%v", c.batch, c.channels, c.side, residual)
			l, end := newNorm(c, 2)
			bytes := float64(4 * len(l.Out.Data))
			forward, backward := 3*bytes, 5*bytes
			if residual {
				forward, backward = 4*bytes, 7*bytes
			}
			for _, pass := range []struct {
				name  string
				run   func()
				bytes float64
			}{{"forward", l.Forward, forward}, {"backward", l.Backward, backward}} {
				b.Run(name+"/"+pass.name, func(b *testing.B) {
					l.Forward()
					for b.Loop() {
						pass.run()
					}
					b.ReportMetric(pass.bytes*float64(b.N)/1e9/b.Elapsed().Seconds(), "GB/s")
				})
			}
			end()
		}
	}
}
