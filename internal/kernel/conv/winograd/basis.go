package winograd

import "fmt"

// Interpolation points of tiles of 4: 0, ±a, ±b and infinity; of tiles of 2: 0,
// ±1 and infinity. Powers of a and b have few bits and stay near 1. Errors are
// a half (root of the mean square) to a quarter (worst) of those with Lavin and
// Gray's ±1 and ±2; no other pair of eighths is better by a twentieth.
const (
	a, b   = 5.0 / 8, 3.0 / 2
	scale0 = 1 / (a * a * b * b)
	scaleA = 1 / (2 * a * a * (a*a - b*b))
	scaleB = 1 / (2 * b * b * (b*b - a*a))
)

// A matrix goes to both sides of a tile d: it makes X d Xᵀ of it.
type matrix [][]float32

// A basis is what a size of tile is computed with.
type basis struct {
	tile, side int    // of the output, and of what is transformed
	input      matrix // Bᵀ, side x side
	kernel     matrix // G, side x 3
	output     matrix // Aᵀ, tile x side
	spread     matrix // A, for gradients of the output
	gather     matrix // Gᵀ, for gradients of the kernel
}

var basis2 = newBasis(2,
	matrix{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
	matrix{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
	matrix{{1, 1, 1, 0}, {0, 1, -1, -1}})

var basis4 = newBasis(4,
	matrix{
		{a * a * b * b, 0, -(a*a + b*b), 0, 1, 0},
		{0, -a * b * b, -b * b, a, 1, 0},
		{0, a * b * b, -b * b, -a, 1, 0},
		{0, -b * a * a, -a * a, b, 1, 0},
		{0, b * a * a, -a * a, -b, 1, 0},
		{0, a * a * b * b, 0, -(a*a + b*b), 0, 1},
	},
	matrix{
		{scale0, 0, 0},
		{scaleA, scaleA * a, scaleA * a * a}, {scaleA, -scaleA * a, scaleA * a * a},
		{scaleB, scaleB * b, scaleB * b * b}, {scaleB, -scaleB * b, scaleB * b * b},
		{0, 0, 1},
	},
	matrix{
		{1, 1, 1, 1, 1, 0},
		{0, a, -a, b, -b, 0},
		{0, a * a, a * a, b * b, b * b, 0},
		{0, a * a * a, -a * a * a, b * b * b, -b * b * b, 1},
	})

func newBasis(tile int, input, kernel, output matrix) *basis {
	return &basis{tile: tile, side: tile + 2, input: input, kernel: kernel, output: output,
		spread: output.transposed(), gather: kernel.transposed()}
}

func (x matrix) transposed() matrix {
	t := make(matrix, len(x[0]))
	for j := range t {
		for i := range x {
			t[j] = append(t[j], x[i][j])
		}
	}
	return t
}

// basisOf returns the basis of a size of tile, which is 2 or 4.
func basisOf(tile int) *basis {
	switch tile {
	case 2:
		return basis2
	case 4:
		return basis4
	}
	panic(fmt.Sprintf("winograd: tiles of %d pixels, and not 2 or 4", tile))
}
