package pool

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/guardpage"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// TestNothingIsTouchedOutside ends the program where a kernel reads or writes
// beyond its slices.
func TestNothingIsTouchedOutside(t *testing.T) {
	team := parallel.NewTeam(1)
	defer team.Close()
	eachVariant(t, func(t *testing.T) {
		for _, c := range cases() {
			for _, ends := range []bool{false, true} {
				from := guardpage.Memory[float32](t, batch*c.pool.FromSize(), ends)
				to := guardpage.Memory[float32](t, batch*c.pool.ToSize(), ends)
				places := guardpage.Memory[uint8](t, batch*c.pool.PlaceSize(), ends)
				c.pool.Max(team, batch, to, nil, from)
				c.pool.Max(team, batch, to, places, from)
				c.pool.MaxGradient(team, batch, from, to, places, false)
				c.pool.Mean(team, batch, to, from)
				c.pool.MeanGradient(team, batch, from, to, true)
			}
		}
		for channels := 1; channels < 40; channels += 3 {
			for _, ends := range []bool{false, true} {
				const pixels = 2
				n := &ResponseNorm{Channels: channels, Size: 5, Alpha: 1, Beta: 0.75, K: 1}
				memory := func(n int) []float32 { return guardpage.Memory[float32](t, n, ends) }
				to, from, grad := memory(pixels*channels), memory(pixels*channels), memory(pixels*channels)
				work := memory(n.Workspace(1))
				n.Forward(team, pixels, to, from, work)
				n.Gradient(team, pixels, to, grad, from, work, true)
			}
		}
	})
}
