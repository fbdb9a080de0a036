package kernel

// These call the tile of so many rows with a frame. A table of functions would
// let the frame escape to the heap.

func callX32AVX512(rows int, f *frame) {
	switch rows {
	case 1:
		tile1x32AVX512(&f.depth)
	case 2:
		tile2x32AVX512(&f.depth)
	case 3:
		tile3x32AVX512(&f.depth)
	case 4:
		tile4x32AVX512(&f.depth)
	case 5:
		tile5x32AVX512(&f.depth)
	case 6:
		tile6x32AVX512(&f.depth)
	case 7:
		tile7x32AVX512(&f.depth)
	case 8:
		tile8x32AVX512(&f.depth)
	case 9:
		tile9x32AVX512(&f.depth)
	case 10:
		tile10x32AVX512(&f.depth)
	case 11:
		tile11x32AVX512(&f.depth)
	case 12:
		tile12x32AVX512(&f.depth)
	case 13:
		tile13x32AVX512(&f.depth)
	case 14:
		tile14x32AVX512(&f.depth)
	}
}

func callX16AVX512(rows int, f *frame) {
	switch rows {
	case 1:
		tile1x16AVX512(&f.depth)
	case 2:
		tile2x16AVX512(&f.depth)
	case 3:
		tile3x16AVX512(&f.depth)
	case 4:
		tile4x16AVX512(&f.depth)
	case 5:
		tile5x16AVX512(&f.depth)
	case 6:
		tile6x16AVX512(&f.depth)
	case 7:
		tile7x16AVX512(&f.depth)
	case 8:
		tile8x16AVX512(&f.depth)
	case 9:
		tile9x16AVX512(&f.depth)
	case 10:
		tile10x16AVX512(&f.depth)
	case 11:
		tile11x16AVX512(&f.depth)
	case 12:
		tile12x16AVX512(&f.depth)
	case 13:
		tile13x16AVX512(&f.depth)
	case 14:
		tile14x16AVX512(&f.depth)
	}
}

func callX32BF16(rows int, f *frame) {
	switch rows {
	case 1:
		tile1x32BF16(&f.depth)
	case 2:
		tile2x32BF16(&f.depth)
	case 3:
		tile3x32BF16(&f.depth)
	case 4:
		tile4x32BF16(&f.depth)
	case 5:
		tile5x32BF16(&f.depth)
	case 6:
		tile6x32BF16(&f.depth)
	case 7:
		tile7x32BF16(&f.depth)
	case 8:
		tile8x32BF16(&f.depth)
	case 9:
		tile9x32BF16(&f.depth)
	case 10:
		tile10x32BF16(&f.depth)
	case 11:
		tile11x32BF16(&f.depth)
	case 12:
		tile12x32BF16(&f.depth)
	case 13:
		tile13x32BF16(&f.depth)
	case 14:
		tile14x32BF16(&f.depth)
	}
}

func callX16BF16(rows int, f *frame) {
	switch rows {
	case 1:
		tile1x16BF16(&f.depth)
	case 2:
		tile2x16BF16(&f.depth)
	case 3:
		tile3x16BF16(&f.depth)
	case 4:
		tile4x16BF16(&f.depth)
	case 5:
		tile5x16BF16(&f.depth)
	case 6:
		tile6x16BF16(&f.depth)
	case 7:
		tile7x16BF16(&f.depth)
	case 8:
		tile8x16BF16(&f.depth)
	case 9:
		tile9x16BF16(&f.depth)
	case 10:
		tile10x16BF16(&f.depth)
	case 11:
		tile11x16BF16(&f.depth)
	case 12:
		tile12x16BF16(&f.depth)
	case 13:
		tile13x16BF16(&f.depth)
	case 14:
		tile14x16BF16(&f.depth)
	}
}

func callX16AVX2(rows int, f *frame) {
	switch rows {
	case 1:
		tile1x16AVX2(&f.depth)
	case 2:
		tile2x16AVX2(&f.depth)
	case 3:
		tile3x16AVX2(&f.depth)
	case 4:
		tile4x16AVX2(&f.depth)
	case 5:
		tile5x16AVX2(&f.depth)
	case 6:
		tile6x16AVX2(&f.depth)
	case 7:
		tile7x16AVX2(&f.depth)
	}
}
