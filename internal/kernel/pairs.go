package kernel

import "math"

// PackPairs rounds floats to bfloat16, those half way between two to the even
// one, and puts two and two of them into a float's place, the first into the
// lower half. Where the number of floats is odd, the last is paired with zero.
// dst has a place for each pair.
func PackPairs(dst, src []float32) {
	n := pairs(dst, src)
	for i := n; i < len(dst); i++ {
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
	for k := 0; k < depth; k += 2 {
		line := panel[k/2*PanelColumns : (k/2+1)*PanelColumns]
		at := k * row
		for j := range columns {
			high := float32(0)
			if k+1 < depth {
				high = src[at+row]
			}
			line[j] = pair(src[at], high)
			at += column
		}
		clear(line[columns:])
	}
}
