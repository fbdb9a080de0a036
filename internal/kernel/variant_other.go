//go:build !amd64

package kernel

// tileRows returns the most rows of a tile.
func tileRows(bool) int { return 1 }

// tileColumns returns the columns of a tile.
func tileColumns() int { return PanelColumns }

// call computes a bunch of tiles.
func (s *strip) call(b *bunch, a, c int) { s.callGeneric(b, a, c) }

func transpose(panel, src []float32, depth, columns, column int) {
	transposeGeneric(panel, src, 0, columns, 0, depth, column)
}

// These do what assembly does elsewhere: nothing.
func round(dst, src []float32) int                       { return 0 }
func pairLines(panel, src []float32, depth, row int) int { return 0 }
func transposePairs(panel, src []float32, depth, columns, column int) (lines, wide int) {
	return 0, 0
}
