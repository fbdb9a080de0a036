package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

func TestPackTransposed(t *testing.T) {
	src := []float32{1, 2, 3, 4, 5, 6} // 3 columns of 2 as rows: element (k,j) at j*2+k
	p := Pack(make([]float32, PanelsSize(2, 3)), src, 2, 3, 1, 2)
	if got, want := fmt.Sprint(p.Data[:4], p.Data[32:36]), "[1 3 5 0] [2 4 6 0]"; got != want {
		t.Errorf("packed %s, want %s", got, want)
	}
}

// TestPackInAllVariants packs matrices that lie in memory by rows, by columns and
// with gaps everywhere.
func TestPackInAllVariants(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	r := rand.New(rand.NewPCG(1, 2))
	for _, current = range available {
		for _, depth := range []int{1, 2, 7, 16, 33, 5000} {
			for _, columns := range []int{1, 8, 15, 32, 70} {
				for _, stride := range [][2]int{{columns + 3, 1}, {1, depth + 2}, {2, 2 * depth}} {
					row, column := stride[0], stride[1]
					src := randoms(r, (depth-1)*row+(columns-1)*column+1)
					testPack(t, src, depth, columns, row, column)
					testPackPairs(t, src, depth, min(columns, PanelColumns), row, column)
				}
			}
		}
	}
}

func testPack(t *testing.T, src []float32, depth, columns, row, column int) {
	t.Helper()
	p := Pack(dirty(PanelsSize(depth, columns)), src, depth, columns, row, column)
	for j := range roundUp(columns, PanelColumns) {
		for k := range depth {
			want := float32(0)
			if j < columns {
				want = src[k*row+j*column]
			}
			if got := p.Data[j/32*p.Panel+k*p.Depth+j%32]; got != want {
				t.Fatalf("%v: %d x %d, strides %d and %d: element (%d,%d) is %v, want %v", current,
					depth, columns, row, column, k, j, got, want)
			}
		}
	}
}

func testPackPairs(t *testing.T, src []float32, depth, columns, row, column int) {
	t.Helper()
	got, want := dirty((depth+1)/2*PanelColumns), make([]float32, (depth+1)/2*PanelColumns)
	PackPanelPairs(got, src, depth, columns, row, column)
	packPanelPairsGeneric(want, src, 0, columns, 0, depth, row, column)
	for i, v := range want {
		if math.Float32bits(got[i]) != math.Float32bits(v) {
			t.Fatalf("%v: %d x %d, strides %d and %d: pair %d is %x, want %x", current,
				depth, columns, row, column, i, math.Float32bits(got[i]), math.Float32bits(v))
		}
	}
}

func dirty(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.NaN())
	}
	return x
}

func TestPackPairsRoundsToNearestEven(t *testing.T) {
	nan := float32(math.NaN())
	bits := math.Float32frombits
	src := []float32{1, bits(0x3f808000), bits(0x3f818000), bits(0x3f808001), -2, nan,
		float32(math.Inf(1)), math.MaxFloat32, 0, 3, 5, 7, 9, 11, 13, 15, 17}
	want := []uint32{0x3f803f80, 0x3f813f82, 0x7fc0c000, 0x7f807f80, 0x40400000, 0x40e040a0,
		0x41304110, 0x41704150, 0x4188}
	for _, n := range []int{len(src), 5} {
		got := make([]float32, (n+1)/2)
		PackPairs(got, src[:n])
		for i, v := range got {
			w := want[i]
			if 2*i+1 == n {
				w &= 0xffff
			}
			if math.Float32bits(v) != w {
				t.Errorf("pair %d of %d floats is %x, want %x", i, n, math.Float32bits(v), w)
			}
		}
	}
}
