package depthwise

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// work is what to do with tiles.
type work int

const (
	forwardTiles work = iota
	gradientTiles
)

// A kernelIndex says for which taps in a row, and which stride, a kernel is.
type kernelIndex int

const (
	oneTap kernelIndex = iota
	twoTaps
	threeTaps
	fiveTaps
	threeTapsByTwo
	fiveTapsByTwo
	anyTaps
	anyTapsOnce
)

// run works on tiles with the assembly for them. The calls are direct, so that
// the compiler sees that tiles may lie on the stack.
func (w work) run(k kernelIndex, t *tile) {
	switch {
	case w == forwardTiles && current == isa.AVX512:
		forwardAVX512(k, t)
	case w == forwardTiles:
		forwardAVX2(k, t)
	case current == isa.AVX512:
		gradientAVX512(k, t)
	default:
		gradientAVX2(k, t)
	}
}

func forwardAVX512(k kernelIndex, t *tile) {
	switch k {
	case oneTap:
		forward1Stride1AVX512(&t.to)
	case twoTaps:
		forward2Stride1AVX512(&t.to)
	case threeTaps:
		forward3Stride1AVX512(&t.to)
	case fiveTaps:
		forward5Stride1AVX512(&t.to)
	case threeTapsByTwo:
		forward3Stride2AVX512(&t.to)
	case fiveTapsByTwo:
		forward5Stride2AVX512(&t.to)
	case anyTaps:
		forwardAny7AVX512(&t.to)
	case anyTapsOnce:
		forwardAny1AVX512(&t.to)
	}
}

func forwardAVX2(k kernelIndex, t *tile) {
	switch k {
	case oneTap:
		forward1Stride1AVX2(&t.to)
	case twoTaps:
		forward2Stride1AVX2(&t.to)
	case threeTaps:
		forward3Stride1AVX2(&t.to)
	case fiveTaps:
		forward5Stride1AVX2(&t.to)
	case threeTapsByTwo:
		forward3Stride2AVX2(&t.to)
	case fiveTapsByTwo:
		forward5Stride2AVX2(&t.to)
	case anyTaps:
		forwardAny7AVX2(&t.to)
	case anyTapsOnce:
		forwardAny1AVX2(&t.to)
	}
}

func gradientAVX512(k kernelIndex, t *tile) {
	switch k {
	case oneTap:
		gradient1Stride1AVX512(&t.to)
	case twoTaps:
		gradient2Stride1AVX512(&t.to)
	case threeTaps:
		gradient3Stride1AVX512(&t.to)
	case fiveTaps:
		gradient5Stride1AVX512(&t.to)
	case threeTapsByTwo:
		gradient3Stride2AVX512(&t.to)
	case fiveTapsByTwo:
		gradient5Stride2AVX512(&t.to)
	case anyTaps:
		gradientAny7AVX512(&t.to)
	case anyTapsOnce:
		gradientAny1AVX512(&t.to)
	}
}

func gradientAVX2(k kernelIndex, t *tile) {
	switch k {
	case oneTap:
		gradient1Stride1AVX2(&t.to)
	case twoTaps:
		gradient2Stride1AVX2(&t.to)
	case threeTaps:
		gradient3Stride1AVX2(&t.to)
	case fiveTaps:
		gradient5Stride1AVX2(&t.to)
	case threeTapsByTwo:
		gradient3Stride2AVX2(&t.to)
	case fiveTapsByTwo:
		gradient5Stride2AVX2(&t.to)
	case anyTaps:
		gradientAny7AVX2(&t.to)
	case anyTapsOnce:
		gradientAny1AVX2(&t.to)
	}
}
