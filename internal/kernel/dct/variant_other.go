//go:build !amd64

package dct

func inverse(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	inverseGeneric(dst, stride, coefs, quant)
}

func inverse4(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	inverse4Generic(dst, stride, coefs, quant)
}

func inverse2(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	inverse2Generic(dst, stride, coefs, quant)
}

func yCbCrToRGB(dst, y, cb, cr []uint8) { yCbCrToRGBGeneric(dst, y, cb, cr) }

func mixRows(dst, near, far []uint8, bias int) { mixRowsGeneric(dst, near, far, bias) }

func interleave(dst, r, g, b []uint8) { interleaveGeneric(dst, r, g, b) }

func h2v1RGB(dst, y, cb, cr []uint8, first int) { h2v1RGBGeneric(dst, y, cb, cr, first) }

func h2v2RGB(dst, y, cb, cbFar, cr, crFar []uint8, first int) {
	h2v2RGBGeneric(dst, y, cb, cbFar, cr, crFar, first)
}

func h2v2RGBPair(upper, lower, yUpper, yLower, cb, cbBelow, cr, crBelow []uint8, first int) {
	h2v2RGBGeneric(upper, yUpper, cb, cbBelow, cr, crBelow, first)
	h2v2RGBGeneric(lower, yLower, cbBelow, cb, crBelow, cr, first)
}
