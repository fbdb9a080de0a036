package winograd

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

// lanes is how many channels lie side by side in transformed tiles.
const lanes = 16

// panel is how many columns a product makes at once, and packed weights have.
const panel = kernel.PanelColumns

// A view is a tile of vectors of lanes floats, and those of the next channels.
type view struct {
	data []float32
	// Floats from one row, one column, and one vector of channels to the next.
	row, column, step int
}

// last returns the index of the last float of a square of so many vectors.
func (v view) last(side, count int) int {
	return (side-1)*(v.row+v.column) + (count-1)*v.step + lanes - 1
}

// A finish is an epilogue: bias of lanes floats for each vector, the residual
// at the place of each result, or nil, and bounds.
type finish struct {
	bias, residual []float32
	low, high      float32
}

var (
	infinity = float32(math.Inf(1))
	noBias   [panel]float32
)

// sandwich writes x d xᵀ to dst for count vectors of channels.
func sandwich(x matrix, dst, src view, count int) {
	var half [6][6][lanes]float32
	for n := range count {
		sandwichHalf(x, &half, src, n)
		for i := range x {
			for j := range x {
				var sum [lanes]float32
				addRow(&sum, x[j], &half[i])
				copy(dst.data[i*dst.row+j*dst.column+n*dst.step:][:lanes], sum[:])
			}
		}
	}
}

// sandwichHalf writes x d for the vector n.
func sandwichHalf(x matrix, half *[6][6][lanes]float32, src view, n int) {
	var columns [6][lanes]float32
	for l := range x[0] {
		for k := range x[0] {
			copy(columns[k][:], src.data[k*src.row+l*src.column+n*src.step:][:lanes])
		}
		for i := range x {
			half[i][l] = [lanes]float32{}
			addRow(&half[i][l], x[i], &columns)
		}
	}
}

// addRow adds a row of a matrix times a vector.
func addRow(sum *[lanes]float32, row []float32, in *[6][lanes]float32) {
	for k, v := range row {
		if v == 0 {
			continue
		}
		for lane, x := range in[k] {
			sum[lane] += v * x
		}
	}
}

// outputGeneric is a sandwich with an epilogue. The residual is laid out as dst.
func outputGeneric(x matrix, dst, src view, count int, e finish) {
	var sums [16 * lanes]float32 // apart, since the residual may be dst
	tile := view{data: sums[:], row: len(x) * lanes, column: lanes}
	for n := range count {
		from := src
		from.data = src.data[n*src.step:]
		sandwich(x, tile, from, 1)
		for i := range len(x) * len(x) {
			at := i/len(x)*dst.row + i%len(x)*dst.column + n*dst.step
			for lane, v := range sums[i*lanes:][:lanes] {
				v += e.bias[n*lanes+lane]
				if e.residual != nil {
					v += e.residual[at+lane]
				}
				dst.data[at+lane] = min(max(v, e.low), e.high)
			}
		}
	}
}

// gatherGeneric is a sandwich that adds to what stands in dst where add is set.
func gatherGeneric(x matrix, dst, src view, count int, add bool) {
	if !add {
		sandwich(x, dst, src, count)
		return
	}
	var sum [9 * lanes]float32
	one := view{data: sum[:], row: 3 * lanes, column: lanes}
	for n := range count {
		from := src
		from.data = src.data[n*src.step:]
		sandwich(x, one, from, 1)
		to := dst
		to.data = dst.data[n*dst.step:]
		for i := range 3 {
			for j := range 3 {
				at := to.data[i*to.row+j*to.column:][:lanes]
				for lane, v := range sum[(3*i+j)*lanes:][:lanes] {
					at[lane] += v
				}
			}
		}
	}
}
