package filter

import "math"

// Gaussian returns half of the weights of a Gaussian of standard deviation
// sigma that reaches radius pixels to each side: those of the middle and of the
// pixels 1, 2, ... away. Those of all pixels together sum to 1. The slice is
// valid until the next call.
func (w *Work) Gaussian(sigma float64, radius int) []uint16 {
	weight := func(i int) float64 { return math.Exp(-float64(i) * float64(i) / (2 * sigma * sigma)) }
	total := 0.5
	for i := 1; i <= radius; i++ {
		total += weight(i)
	}
	// In 65536ths; the middle counts half, since blurs add it to itself.
	const one = 1 << 15
	w.weights = sized(w.weights, radius+1)
	w.weights[0] = 0
	rest := one
	for i := radius; i > 0; i-- {
		w.weights[i] = uint16(math.Round(one * weight(i) / total))
		rest -= int(w.weights[i])
	}
	w.weights[0] = uint16(min(max(rest, 0), one-1))
	return w.weights
}

// Blur mixes every pixel with those around it, first of its column, then of
// its row. The weights are what Gaussian returns. Beyond its edges the image is
// taken to be mirrored, its outermost pixels once. dst and src do not overlap.
func (w *Work) Blur(dst, src []uint8, width, height, channels int, weights []uint16) {
	radius, row := len(weights)-1, width*channels
	w.offsets = sized(w.offsets, 2*len(weights))
	w.words = sized(w.words, row+2*radius*channels)
	for y := range height {
		for i := range weights {
			w.offsets[2*i] = mirror(y-i, height) * row
			w.offsets[2*i+1] = mirror(y+i, height) * row
		}
		middle := w.words[radius*channels:][:row]
		blurDown(middle, src, w.offsets, weights)
		w.mirrorSides(radius, width, channels)
		blurAcross(dst[y*row:][:row], w.words, channels, weights)
	}
}

// mirrorSides fills what is beyond a row of words.
func (w *Work) mirrorSides(radius, width, channels int) {
	fill := func(x int) {
		from := (radius + mirror(x, width)) * channels
		copy(w.words[(radius+x)*channels:][:channels], w.words[from:from+channels])
	}
	for i := 1; i <= radius; i++ {
		fill(-i)
		fill(width - 1 + i)
	}
}

// mirror returns where an index beyond [0, n) lies when its edges reflect
// without repeating the outermost pixel.
func mirror(i, n int) int {
	if n == 1 {
		return 0
	}
	period := 2*n - 2
	if i %= period; i < 0 {
		i += period
	}
	return min(i, period-i)
}

// blurDownGeneric mixes rows of bytes, pair by pair: the pixels of pair k begin
// at rows[2*k] and rows[2*k+1], and weights[k], at most 32767, is that of either
// in 65536ths. There are seven bits behind the point of the sums.
func blurDownGeneric(dst []uint16, src []uint8, rows []int, weights []uint16) {
	clear(dst)
	for k, w := range weights {
		a, b := src[rows[2*k]:][:len(dst)], src[rows[2*k+1]:][:len(dst)]
		for i := range dst {
			pair := (int32(a[i]) + int32(b[i])) << 6
			dst[i] += uint16((pair*int32(w) + 1<<14) >> 15)
		}
	}
}

// blurAcrossGeneric mixes words, which have seven bits behind the point: for
// each byte of dst those k*step before and behind it, by weights[k]. src begins
// as many words before dst as it reaches.
func blurAcrossGeneric(dst []uint8, src []uint16, step int, weights []uint16) {
	reach := (len(weights) - 1) * step
	for i := range dst {
		sum := int32(1 << 6)
		for k, w := range weights {
			pair := (int32(src[reach+i-k*step]) + int32(src[reach+i+k*step]) + 1) >> 1
			sum += (pair*int32(w) + 1<<14) >> 15
		}
		dst[i] = uint8(min(sum>>7, 255))
	}
}
