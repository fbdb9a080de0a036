package warp

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// step is how many pixels the assembly takes at a time.
const step = 8

func expand(dst []uint32, src []uint8) {
	// The assembly reads four bytes behind the last pixel.
	n := (len(dst) - 2) &^ (step - 1)
	if current != isa.AVX2 || len(src) == len(dst) || n <= 0 {
		expandGeneric(dst, src)
		return
	}
	src = src[:3*len(dst)]
	expandAVX2(&dst[0], &src[0], n)
	expandGeneric(dst[n:], src[3*n:])
}

// row fills a row; the last pixels are done twice rather than one by one.
func row(dst []uint8, framed []uint32, at *line, mode Mode, isFlat bool, channels int) {
	n := len(dst) / channels
	if current != isa.AVX2 || n < step {
		rowGeneric(dst, 0, framed, at, mode, isFlat, channels)
		return
	}
	_ = framed[int(at.stride)*(int(at.bottom)+2)-1]
	const most = 4096 // pixels of a call, since it cannot be interrupted
	for i := 0; i < n&^(step-1); i += most {
		rowAVX2(dst[i*channels:], min(most, n&^(step-1)-i), i, framed, at, mode, isFlat, channels)
	}
	if n%step != 0 {
		rowAVX2(dst[(n-step)*channels:], step, n-step, framed, at, mode, isFlat, channels)
	}
}

// rowAVX2 fills n pixels, the first of which is in column first. The assembly
// takes a line by its first field.
func rowAVX2(
	dst []uint8, n, first int, framed []uint32, at *line, mode Mode, isFlat bool, channels int,
) {
	to, from := &dst[:n*channels][0], &framed[0]
	switch {
	case mode == Nearest && isFlat && channels == 3:
		nearestAffine3AVX2(to, n, first, from, &at.x)
	case mode == Nearest && isFlat:
		nearestAffine1AVX2(to, n, first, from, &at.x)
	case mode == Nearest && channels == 3:
		nearestPerspective3AVX2(to, n, first, from, &at.x)
	case mode == Nearest:
		nearestPerspective1AVX2(to, n, first, from, &at.x)
	case isFlat && channels == 3:
		linearAffine3AVX2(to, n, first, from, &at.x)
	case isFlat:
		linearAffine1AVX2(to, n, first, from, &at.x)
	case channels == 3:
		linearPerspective3AVX2(to, n, first, from, &at.x)
	default:
		linearPerspective1AVX2(to, n, first, from, &at.x)
	}
}
