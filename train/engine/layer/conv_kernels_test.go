package layer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// TestConvolutionsAreComputedInTheFasterWay names the room of each pass.
func TestConvolutionsAreComputedInTheFasterWay(t *testing.T) {
	exact, short := &State{Exact: true}, &State{BFloat16: true}
	for _, c := range []struct {
		state                  *State
		batch, channels, side  int
		kernel, stride, groups int
		room                   string
	}{
		{&State{}, 1, 64, 56, 3, 1, 1, "winograd"},
		{&State{}, 1, 64, 56, 3, 2, 1, "direct"},
		{&State{}, 1, 64, 56, 1, 1, 1, "direct"},
		{&State{}, 1, 64, 56, 3, 1, 64, "depthwise"},
		{exact, 16, 64, 56, 3, 1, 1, "direct"},
		{short, 1, 64, 56, 3, 1, 1, "winograd"},
		{short, 16, 256, 14, 3, 1, 1, "winograd"},
		{short, 1, 512, 14, 3, 1, 1, "direct"},
		{short, 1, 64, 56, 3, 1, 64, "depthwise"},
		{&State{BFloat16: true, Exact: true}, 16, 64, 56, 3, 1, 1, "direct"},
	} {
		g := conv.Geometry{Height: c.side, Width: c.side, In: c.channels, Out: c.channels,
			Kernel: [2]int{c.kernel, c.kernel}, Stride: [2]int{c.stride, c.stride},
			Pad: [2]int{c.kernel / 2, c.kernel / 2}, Groups: c.groups}.WithDefaults()
		c.state.MaxBatch = c.batch
		k := c.state.kernels(g)
		for _, pass := range []any{k.forward(g), k.inputGradient(g), k.weightGradient(g)} {
			room := strings.TrimPrefix(fmt.Sprintf("%T", pass), "*")
			if room, _, _ = strings.Cut(room, "."); room == "weight" {
				room = "direct" // which hands the gradient of the weights on
			}
			if room != c.room {
				t.Errorf("%+v of %d: a %T, rather than of %s", g, c.batch, pass, c.room)
			}
		}
	}
}
