package kernel

import "math"

// PackPairs rounds floats to bfloat16, those half way between two to the even
// one, and puts two and two of them into a float's place, the first into the
// lower half. Where the number of floats is odd, the last is paired with zero.
// dst has a place for each pair.
func PackPairs(dst, src []float32) {
	dst = exact(dst, (len(src)+1)/2)
	n := round(dst, src)
	packPairsGeneric(dst[n:], src[2*n:])
}

func packPairsGeneric(dst, src []float32) {
	for i := range dst {
		low, high := src[2*i], float32(0)
		if 2*i+1 < len(src) {
			high = src[2*i+1]
		}
		dst[i] = pair(low, high)
	}
}

// pair returns two floats rounded to bfloat16 in the place of one.
func pair(low, high float32) float32 {
	return math.Float32frombits(bfloat16(low) | bfloat16(high)<<16)
}

// bfloat16 returns the upper half of a float, rounded to nearest even. What is
// not a number stays so.
func bfloat16(v float32) uint32 {
	bits := math.Float32bits(v)
	if v != v {
		return bits>>16 | 0x40
	}
	return (bits + 0x7fff + bits>>16&1) >> 16
}

// PackPanelPairs is PackPanel for pairs of bfloat16 along the depth, which
// counts floats. It writes (depth+1)/2 lines.
func PackPanelPairs(panel, src []float32, depth, columns, row, column int) {
	panel = exact(panel, (depth+1)/2*PanelColumns)
	_ = src[(depth-1)*row+(columns-1)*column]
	var lines, wide int // that are done, and the columns of which they are
	switch {
	case column == 1 && columns == PanelColumns:
		lines, wide = pairLines(panel, src, depth, row), columns
	case row == 1:
		lines, wide = transposePairs(panel, src, depth, columns, column)
	}
	packPanelPairsGeneric(panel, src, 0, wide, 2*lines, depth, row, column)
	packPanelPairsGeneric(panel, src, wide, columns, 0, depth, row, column)
	clearBehind(panel, columns)
}

// packPanelPairsGeneric packs columns [from,to) of the depth [first,depth), first
// being even.
func packPanelPairsGeneric(panel, src []float32, from, to, first, depth, row, column int) {
	for k := first; k < depth; k += 2 {
		line := panel[k/2*PanelColumns : (k/2+1)*PanelColumns]
		for j := from; j < to; j++ {
			at, high := k*row+j*column, float32(0)
			if k+1 < depth {
				high = src[at+row]
			}
			line[j] = pair(src[at], high)
		}
	}
}
