package dct

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

const (
	// maxBlocks bounds what one call of assembly transforms: it cannot be
	// interrupted.
	maxBlocks = 256
	// minPixels is what the assembly converts at once.
	minPixels = 16
	// minMixed and maxMixed bound the pixels that the assembly makes of mixed
	// chroma, minMixed512 those of AVX-512.
	minMixed, minMixed512, maxMixed = 32, 64, 512
)

func inverse(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	if current == isa.Generic {
		inverseGeneric(dst, stride, coefs, quant)
		return
	}
	transform := inverseAVX2
	if current == isa.AVX512 {
		transform = inverseAVX512
	}
	inPieces(transform, 8, dst, stride, coefs, quant)
}

func inverse4(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	if current == isa.Generic {
		inverse4Generic(dst, stride, coefs, quant)
		return
	}
	inPieces(inverse4AVX2, 4, dst, stride, coefs, quant)
}

func inverse2(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	if current == isa.Generic {
		inverse2Generic(dst, stride, coefs, quant)
		return
	}
	inPieces(inverse2AVX2, 2, dst, stride, coefs, quant)
}

// inPieces runs a transform to blocks of side x side samples.
func inPieces(transform func(*uint8, int, *int16, int, *[64]uint16), side int,
	dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	for len(coefs) > 0 {
		n := min(len(coefs)/64, maxBlocks)
		transform(&dst[0], stride, &coefs[0], n, quant)
		dst, coefs = dst[min(side*n, len(dst)):], coefs[64*n:]
	}
}

func yCbCrToRGB(dst, y, cb, cr []uint8) {
	if current == isa.Generic || len(y) < minPixels {
		yCbCrToRGBGeneric(dst, y, cb, cr)
		return
	}
	fullRGBAVX2(&dst[0], &y[0], &cb[0], &cr[0], len(y))
}

func mixRows(dst, near, far []uint8, bias int) {
	if current == isa.Generic || len(near) < minMixed {
		mixRowsGeneric(dst, near, far, bias)
		return
	}
	mixRowsAVX2(&dst[0], &near[0], &far[0], len(near), bias)
}

func interleave(dst, r, g, b []uint8) {
	if current == isa.Generic || len(r) < minPixels {
		interleaveGeneric(dst, r, g, b)
		return
	}
	interleaveAVX2(&dst[0], &r[0], &g[0], &b[0], len(r))
}

// Each starts with what is added to the sums of three times a sample and once
// another, so that three times such a sum and once another are right for even
// pixels; what odd ones need beyond that follows.
var (
	h2v1Biases = biases((1<<2-128<<4)/4, 1<<3-1<<2)
	h2v2Biases = biases((8-128<<4)/4, 7-8)
)

func biases(sum, odd int16) *[32]int16 {
	var b [32]int16
	for i := range 16 {
		b[i], b[16+i] = sum, odd
	}
	return &b
}

func h2v1RGB(dst, y, cb, cr []uint8, first int) {
	if current == isa.Generic || len(y) < minMixed+2 {
		h2v1RGBGeneric(dst, y, cb, cr, first)
		return
	}
	if first&1 == 1 {
		h2v1RGBGeneric(dst, y[:1], cb, cr, first)
		dst, y, first = dst[3:], y[1:], first+1
	}
	mixRGB(dst, y, cb, cb, cr, cr, first, h2v1Biases)
	if n := len(y) - 1; n&1 == 0 {
		h2v1RGBGeneric(dst[3*n:], y[n:], cb, cr, first+n)
	}
}

func h2v2RGB(dst, y, cb, cbFar, cr, crFar []uint8, first int) {
	if current == isa.Generic || len(y) < minMixed+2 {
		h2v2RGBGeneric(dst, y, cb, cbFar, cr, crFar, first)
		return
	}
	if first&1 == 1 {
		h2v2RGBGeneric(dst, y[:1], cb, cbFar, cr, crFar, first)
		dst, y, first = dst[3:], y[1:], first+1
	}
	mixRGB(dst, y, cb, cbFar, cr, crFar, first, h2v2Biases)
	if n := len(y) - 1; n&1 == 0 {
		h2v2RGBGeneric(dst[3*n:], y[n:], cb, cbFar, cr, crFar, first+n)
	}
}

// mixRGB makes the pixels of a row but for the last of an odd number; first
// is even.
func mixRGB(dst, y, cb, cbFar, cr, crFar []uint8, first int, biases *[32]int16) {
	for left := len(y) &^ 1; left > 0; {
		n := mixedAtOnce(left)
		at, before, samples, after := window(first, n, len(cb))
		mix := mixRGBAVX2
		if current == isa.AVX512 && n >= minMixed512 {
			mix = mixRGBAVX512
		}
		mix(&dst[0], &y[0], &cb[at], &cbFar[at], &cr[at], &crFar[at],
			n, samples, before, after, biases)
		dst, y, first, left = dst[3*n:], y[n:], first+n, left-n
	}
}

// mixedAtOnce returns how many of the pixels left to make next, so that none or
// enough are left then.
func mixedAtOnce(left int) int {
	n := min(left, maxMixed)
	if rest := left - n; rest > 0 && rest < minMixed {
		n -= minMixed
	}
	return n
}

// window returns where the chroma of n pixels begins in a row of so many
// samples, one sample before them where there is one, how many samples there
// are with one after them where there is one, and whether these are there.
func window(first, n, row int) (at, before, samples, after int) {
	from, to := first/2, (first+n)/2
	before, after = min(from, 1), min(row-to, 1)
	at = from - before
	return at, before, to + after - at, after
}

func h2v2RGBPair(upper, lower, yUpper, yLower, cb, cbBelow, cr, crBelow []uint8, first int) {
	if current == isa.Generic || len(yUpper) < minMixed+2 {
		h2v2RGBGeneric(upper, yUpper, cb, cbBelow, cr, crBelow, first)
		h2v2RGBGeneric(lower, yLower, cbBelow, cb, crBelow, cr, first)
		return
	}
	one := func(i int) {
		h2v2RGBGeneric(upper[3*i:], yUpper[i:i+1], cb, cbBelow, cr, crBelow, first+i)
		h2v2RGBGeneric(lower[3*i:], yLower[i:i+1], cbBelow, cb, crBelow, cr, first+i)
	}
	i := first & 1
	if i == 1 {
		one(0)
	}
	for left := (len(yUpper) - i) &^ 1; left > 0; {
		n := mixedAtOnce(left)
		at, before, samples, after := window(first+i, n, len(cb))
		mix := mixPairAVX2
		if current == isa.AVX512 && n >= minMixed512 {
			mix = mixPairAVX512
		}
		mix(&upper[3*i], &lower[3*i], &yUpper[i], &yLower[i],
			&cb[at], &cbBelow[at], &cr[at], &crBelow[at], n, samples, before, after, h2v2Biases)
		i, left = i+n, left-n
	}
	if i < len(yUpper) {
		one(i)
	}
}
