package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

func TestAddRowsInAllVariants(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	r := rand.New(rand.NewPCG(1, 2))
	for _, v := range available {
		current = v
		for _, shape := range [][2]int{{1, 1}, {3, 16}, {0, 5}, {100, 15}, {7, 33}, {500, 64}} {
			rows, columns := shape[0], shape[1]
			sum, matrix := randoms(r, columns), randoms(r, rows*columns)
			want := make([]float64, columns)
			for j := range want {
				want[j] = float64(sum[j])
				for i := range rows {
					want[j] += float64(matrix[i*columns+j])
				}
			}
			AddRows(sum, matrix)
			for j := range want {
				if d := math.Abs(float64(sum[j]) - want[j]); d > 1e-6*float64(4+rows) {
					t.Errorf("%v %v: column %d is %v, want %v", v, shape, j, sum[j], want[j])
				}
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a broken row went unnoticed")
		}
	}()
	AddRows(make([]float32, 3), make([]float32, 4))
}
