package winograd

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

// tolerance is what elements may differ by from plain loops, in units of the
// root of the mean square: of both sizes of tiles.
const tolerance = 3e-5

// geometries are the fitting ones of all rooms, and some that have every kind
// of border and of channels.
func geometries() []conv.Geometry {
	var list []conv.Geometry
	for _, g := range convtest.Geometries() {
		if Fits(g) {
			list = append(list, g)
		}
	}
	for _, g := range []conv.Geometry{
		{Height: 7, Width: 9, In: 16, Out: 16},
		{Height: 6, Width: 5, In: 33, Out: 48, Pad: [2]int{0, 2}},
		{Height: 1, Width: 3, In: 18, Out: 65, Pad: [2]int{1, 0}},
		{Height: 21, Width: 18, In: 16, Out: 32, Pad: [2]int{2, 1}},
		{Height: 5, Width: 6, In: 272, Out: 80, Pad: [2]int{1, 1}},
	} {
		g.Kernel = [2]int{3, 3}
		list = append(list, g.WithDefaults())
	}
	return list
}

func eachTile(t *testing.T, test func(t *testing.T, tile int)) {
	eachVariant(t, func(t *testing.T) {
		for _, tile := range []int{2, 4} {
			t.Run(fmt.Sprintf("tile%d", tile), func(t *testing.T) { test(t, tile) })
		}
	})
}

func TestForward(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.Forward(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Pass { return NewForward(g, tile) })
	})
}

func TestInputGradient(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.InputGradient(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Pass { return NewInputGradient(g, tile) })
	})
}

func TestWeightGradient(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.WeightGradient(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Gradient { return NewWeightGradient(g, tile) })
	})
}
