package direct

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

func TestFirst(t *testing.T) {
	var list []conv.Geometry
	for _, out := range []int{16, 32, 47, 64} {
		g := conv.Geometry{Height: 28, Width: 28, In: 1, Out: out, Kernel: [2]int{3, 3},
			Pad: [2]int{1, 1}}
		strided := g
		strided.Height, strided.Width, strided.Stride = 37, 9, [2]int{2, 3}
		tiny := g
		tiny.Height, tiny.Width, tiny.Pad = 1, 2, [2]int{4, 5}
		bare := g
		bare.Pad = [2]int{}
		for _, g := range []conv.Geometry{g, strided, tiny, bare} {
			list = append(list, g.WithDefaults())
		}
	}
	convtest.Forward(t, list, 1e-5, NewForward)
	convtest.Forward(t, list, 1e-5, func(g conv.Geometry) conv.Pass {
		return newFirst(g, newForward(g, false))
	})
}

func TestFirstRowIsItsTwin(t *testing.T) {
	weights, bias := [firstPanel]float32{}, [kernel.PanelColumns]float32{}
	copy(weights[:], convtest.Random(firstPanel, 1))
	copy(bias[:], convtest.Random(len(bias), 2))
	const pixels = 5000 // of several calls
	from := convtest.Random(2*pixels+200, 3)
	for _, columns := range []int{1, 15, 16, 17, 32} {
		a := firstArgs{pixels: pixels, columns: columns, pixel: 40, line: 64, step: 2,
			least: -1, most: 2}
		got, want := make([]float32, pixels*40), make([]float32, pixels*40)
		firstRow(got, from, &weights, &bias, a)
		firstRowGeneric(want, from, &weights, &bias, a)
		convtest.Near(t, got, want, 1e-5)
	}
}
