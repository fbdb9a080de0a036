//go:build !amd64

package filter

func split(r, g, b, pix []uint8) { splitGeneric(r, g, b, pix) }

func join(pix, r, g, b []uint8) { joinGeneric(pix, r, g, b) }

func (s scaling) apply(pix []uint8) { s.applyGeneric(pix) }

func keep(pix []uint8, mask uint8) { keepGeneric(pix, mask) }

func solarize(pix []uint8, threshold uint8) { solarizeGeneric(pix, threshold) }

func sum(pix []uint8) uint64 { return sumGeneric(pix) }

func graySum(r, g, b []uint8) uint64 { return graySumGeneric(r, g, b) }

func gray(r, g, b []uint8) { grayGeneric(r, g, b) }

func (s scaling) saturate(r, g, b []uint8) { s.saturateGeneric(r, g, b) }

func turnHue(r, g, b []uint8, turns *[3]int16) { turnHueGeneric(r, g, b, turns) }

func blurDown(dst []uint16, src []uint8, rows []int, weights []uint16) {
	blurDownGeneric(dst, src, rows, weights)
}

func blurAcross(dst []uint8, src []uint16, step int, weights []uint16) {
	blurAcrossGeneric(dst, src, step, weights)
}

func addTaps(dst, src []uint8, offsets []int, weights []uint16, start uint16) {
	addTapsGeneric(dst, src, offsets, weights, start)
}

func (s scaling) sharpen(dst, above, own, below []uint8, step int) {
	s.sharpenGeneric(dst, above, own, below, step)
}

func (n *noise) add(pix []uint8, start uint32) { n.addGeneric(pix, start) }

func extremes(pix []uint8, channels int) (low, high [3]uint8) {
	return extremesGeneric(pix, channels)
}

func exchange(pix []uint8, to *tables, channels int) { exchangeGeneric(pix, to, channels) }
