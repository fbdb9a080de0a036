package winograd

import (
	"fmt"
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

// TestFewTiles compares the assembly with the plain loops.
func TestFewTiles(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		if !hasFew() {
			t.Skip("too few registers")
		}
		for _, depth := range []int{1, 2, 33} {
			for row := range basis4.side {
				t.Run(fmt.Sprintf("%d/%d", depth, row), func(t *testing.T) { testFew(t, depth, row) })
			}
		}
	})
}

func testFew(t *testing.T, depth, row int) {
	f := few{aPoint: depth*fewTiles*lanes + 16, bTap: depth*lanes*panel + 7,
		cRow: basis4.points()*panel + 16, depth: depth, row: row}
	f.a = convtest.Random((basis4.side-1)*f.aPoint+depth*fewTiles*lanes, 1)
	f.b = convtest.Random((taps-1)*f.bTap+(depth*lanes-1)*panel+lanes, 2)
	sums := make([]float32, (fewTiles-1)*f.cRow+(basis4.side-1)*panel+lanes)
	want := make([]float32, len(sums))
	f.c = sums
	f.run()
	f.c = want
	f.generic()
	for i, w := range want {
		if d := math.Abs(float64(sums[i] - w)); !(d <= 1e-5*math.Sqrt(float64(16*depth))) {
			t.Fatalf("sum %d is %v, and should be %v", i, sums[i], w)
		}
	}
}

// TestFewTilesForward has three and six tiles.
func TestFewTilesForward(t *testing.T) {
	var list []conv.Geometry
	for _, size := range [][2]int{{4, 3}, {4, 7}, {3, 5}} {
		list = append(list, conv.Geometry{Height: size[0], Width: size[1], In: 150, Out: 33,
			Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}.WithDefaults())
	}
	eachVariant(t, func(t *testing.T) {
		convtest.Forward(t, list, tolerance,
			func(g conv.Geometry) conv.Pass { return NewForward(g, 4) })
	})
}
