package kernel

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

//go:generate go run -C _asm ./pack -out ../pack_amd64.s -stubs ../pack_amd64.go -pkg kernel

const (
	blockColumns = 8 // that are transposed at a time
	blockLines   = 8
	// maxBlocks and maxLines bound the work of a call, which cannot be
	// interrupted: 20 microseconds or so where all of it comes from memory.
	maxBlocks = 256
	maxLines  = 512
	maxPairs  = 16384
)

// transpose copies a panel's columns, which lie column floats apart.
func transpose(panel, src []float32, depth, columns, column int) {
	blocks, wide := 0, 0
	if current != isa.Generic {
		blocks, wide = depth/blockLines, columns/blockColumns*blockColumns
	}
	for j := 0; j < wide; j += blockColumns {
		for b := 0; b < blocks; b += maxBlocks {
			transposeAVX2(&panel[b*blockLines*PanelColumns+j], &src[j*column+b*blockLines],
				min(maxBlocks, blocks-b), PanelColumns*4, column*4)
		}
	}
	transposeGeneric(panel, src, 0, wide, blocks*blockLines, depth, column)
	transposeGeneric(panel, src, wide, columns, 0, depth, column)
}

// transposePairs does what it can of packing a panel of pairs whose columns lie
// column floats apart: so many lines of so many columns.
func transposePairs(panel, src []float32, depth, columns, column int) (lines, wide int) {
	if !HasBF16() {
		return 0, 0
	}
	blocks := depth / (2 * blockLines)
	wide = columns / blockColumns * blockColumns
	for j := 0; j < wide; j += blockColumns {
		for b := 0; b < blocks; b += maxBlocks {
			transposeBF16(&panel[b*blockLines*PanelColumns+j], &src[j*column+2*b*blockLines],
				min(maxBlocks, blocks-b), PanelColumns*4, column*4)
		}
	}
	return blocks * blockLines, wide
}

// pairLines packs what lines it can of a whole panel of pairs whose columns lie
// side by side, and returns how many.
func pairLines(panel, src []float32, depth, row int) int {
	if !HasBF16() {
		return 0
	}
	lines := depth / 2
	for i := 0; i < lines; i += maxLines {
		pairLinesBF16(&panel[i*PanelColumns], &src[2*i*row], min(maxLines, lines-i), row*4)
	}
	return lines
}

// round packs what pairs it can, and returns how many.
func round(dst, src []float32) int {
	if !HasBF16() {
		return 0
	}
	n := len(src) / 16 * 8
	for i := 0; i < n; i += maxPairs {
		roundBF16(&dst[i], &src[2*i], min(maxPairs, n-i))
	}
	return n
}
