package winograd

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

func ExampleChoose() {
	for _, c := range []struct{ side, channels, batch int }{
		{56, 64, 1}, {14, 256, 1}, {4, 512, 1}, {7, 512, 4}, {28, 16, 16},
	} {
		g := conv.Geometry{Height: c.side, Width: c.side, In: c.channels, Out: c.channels,
			Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}
		fmt.Println(c.side, c.channels, c.batch, Choose(g, c.batch))
	}
	// Output:
	// 56 64 1 4
	// 14 256 1 4
	// 4 512 1 0
	// 7 512 4 4
	// 28 16 16 0
}

func TestChooseLeavesWhatDoesNotFit(t *testing.T) {
	g := conv.Geometry{Height: 56, Width: 56, In: 64, Out: 64, Kernel: [2]int{3, 3}}
	for _, change := range []func(g *conv.Geometry){
		func(g *conv.Geometry) { g.Stride[0] = 2 },
		func(g *conv.Geometry) { g.Dilation[1] = 2 },
		func(g *conv.Geometry) { g.Groups = 2 },
		func(g *conv.Geometry) { g.Kernel[0] = 5 },
		func(g *conv.Geometry) { g.Pad[0] = 3 },
	} {
		other := g
		change(&other)
		if tile := Choose(other, 16); tile != 0 {
			t.Errorf("tiles of %d for %+v", tile, other)
		}
	}
}
