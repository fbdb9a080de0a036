package filter

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// whole returns how many of n the assembly takes, in steps of a power of two.
func whole(n, step int) int {
	if current < isa.AVX2 {
		return 0
	}
	return n &^ (step - 1)
}

func split(r, g, b, pix []uint8) {
	n := whole(len(r), 32)
	if n > 0 {
		splitAVX2(&r[0], &g[:n][0], &b[:n][0], &pix[:3*n][0], n)
	}
	splitGeneric(r[n:], g[n:], b[n:], pix[3*n:])
}

func join(pix, r, g, b []uint8) {
	n := whole(len(r), 32)
	if n > 0 {
		joinAVX2(&pix[:3*n][0], &r[0], &g[:n][0], &b[:n][0], n)
	}
	joinGeneric(pix[3*n:], r[n:], g[n:], b[n:])
}

func (s scaling) apply(pix []uint8) {
	n := whole(len(pix), 32)
	if n > 0 {
		scaleAVX2(&pix[0], n, s.factor, s.base, uint64(s.shift))
	}
	s.applyGeneric(pix[n:])
}

func keep(pix []uint8, mask uint8) {
	n := whole(len(pix), 32)
	if n > 0 {
		keepAVX2(&pix[0], n, mask)
	}
	keepGeneric(pix[n:], mask)
}

func solarize(pix []uint8, threshold uint8) {
	n := whole(len(pix), 32)
	if n > 0 {
		solarizeAVX2(&pix[0], n, threshold)
	}
	solarizeGeneric(pix[n:], threshold)
}

func sum(pix []uint8) uint64 {
	n := whole(len(pix), 32)
	if n == 0 {
		return sumGeneric(pix)
	}
	return sumAVX2(&pix[0], n) + sumGeneric(pix[n:])
}

func graySum(r, g, b []uint8) uint64 {
	n := whole(len(r), 32)
	if n == 0 {
		return graySumGeneric(r, g, b)
	}
	return graySumAVX2(&r[0], &g[:n][0], &b[:n][0], n) + graySumGeneric(r[n:], g[n:], b[n:])
}

func gray(r, g, b []uint8) {
	n := whole(len(r), 32)
	if n > 0 {
		grayAVX2(&r[0], &g[:n][0], &b[:n][0], n)
	}
	grayGeneric(r[n:], g[n:], b[n:])
}

func (s scaling) saturate(r, g, b []uint8) {
	n := whole(len(r), 32)
	if n > 0 {
		saturateAVX2(&r[0], &g[:n][0], &b[:n][0], n, s.factor, s.base, uint64(s.shift))
	}
	s.saturateGeneric(r[n:], g[n:], b[n:])
}

func turnHue(r, g, b []uint8, turns *[3]int16) {
	n := 0
	if current == isa.AVX512 {
		if n = whole(len(r), 32); n > 0 {
			hueAVX512(&r[0], &g[:n][0], &b[:n][0], n, turns)
		}
	} else if n = whole(len(r), 16); n > 0 {
		hueAVX2(&r[0], &g[:n][0], &b[:n][0], n, turns)
	}
	turnHueGeneric(r[n:], g[n:], b[n:], turns)
}

// inSteps calls take for all of n bytes, each with a multiple of step of them
// that takes no longer than a call may, when there are so many products to a
// byte. The last bytes are done twice rather than one by one.
func inSteps(n, step, products int, take func(at, n int)) {
	const most = 1 << 20 // products
	size := max(most/products&^(step-1), step)
	whole := n &^ (step - 1)
	for at := 0; at < whole; at += size {
		take(at, min(size, whole-at))
	}
	if whole < n {
		take(n-step, step)
	}
}

func blurDown(dst []uint16, src []uint8, rows []int, weights []uint16) {
	const step = 64
	n := len(dst)
	if current < isa.AVX2 || n < step || len(weights) == 0 {
		blurDownGeneric(dst, src, rows, weights)
		return
	}
	for _, row := range rows[:2*len(weights)] {
		_ = src[row : row+n]
	}
	take := func(at, n int) {
		blurDownAVX2(&dst[at], &src[at], n, &rows[0], &weights[0], len(weights))
	}
	inSteps(n, step, len(weights), take)
}

func blurAcross(dst []uint8, src []uint16, step int, weights []uint16) {
	const block = 32
	n, reach := len(dst), (len(weights)-1)*step
	if current < isa.AVX2 || n < block || len(weights) == 0 {
		blurAcrossGeneric(dst, src, step, weights)
		return
	}
	src = src[:n+2*reach]
	take := func(at, n int) {
		blurAcrossAVX2(&dst[at], &src[reach+at], n, 2*step, &weights[0], len(weights))
	}
	inSteps(n, block, len(weights), take)
}

func addTaps(dst, src []uint8, offsets []int, weights []uint16, start uint16) {
	const step = 64
	n := len(dst)
	if current < isa.AVX2 || n < step || len(weights) == 0 {
		addTapsGeneric(dst, src, offsets, weights, start)
		return
	}
	for _, at := range offsets[:len(weights)] {
		_ = src[at : at+n]
	}
	take := func(at, n int) {
		tapsAVX2(&dst[at], &src[at], n, &offsets[0], &weights[0], len(weights), start)
	}
	inSteps(n, step, len(weights), take)
}

func (s scaling) sharpen(dst, above, own, below []uint8, step int) {
	const block = 16
	n := len(own) - 2*step
	if current < isa.AVX2 || n < block {
		s.sharpenGeneric(dst, above, own, below, step)
		return
	}
	dst, above, below = dst[:len(own)], above[:len(own)], below[:len(own)]
	take := func(at, n int) {
		sharpenAVX2(&dst[at], &above[at], &own[at], &below[at], n, step, s.base, uint64(s.shift))
	}
	take(step, n&^(block-1))
	if n%block != 0 {
		take(step+n-block, block)
	}
}

func (n *noise) add(pix []uint8, start uint32) {
	done := whole(len(pix), noiseBlock)
	if done > 0 {
		noiseAVX2(&pix[0], done, 8*start, &n.mean)
	}
	n.addGeneric(pix[done:], start+uint32(done/noiseBlock))
}

func extremes(pix []uint8, channels int) (low, high [3]uint8) {
	const step = 96
	if current < isa.AVX2 {
		return extremesGeneric(pix, channels)
	}
	n := len(pix) / step * step
	low, high = extremesGeneric(pix[n:], channels)
	for at := 0; at < n; at += most / step * step {
		var least, largest [step]uint8
		extremesAVX2(&pix[at], min(most/step*step, n-at), &least, &largest)
		for i := range least {
			c := i % channels
			low[c], high[c] = min(low[c], least[i]), max(high[c], largest[i])
		}
	}
	return low, high
}

func exchange(pix []uint8, to *tables, channels int) {
	const step = 192
	if current < isa.AVX512 {
		exchangeGeneric(pix, to, channels)
		return
	}
	if channels == 1 { // one table for all
		to[1], to[2] = to[0], to[0]
	}
	n := len(pix) / step * step
	for at := 0; at < n; at += most / step * step {
		exchangeAVX512(&pix[at], min(most/step*step, n-at), &to[0][0])
	}
	exchangeGeneric(pix[n:], to, channels)
}
