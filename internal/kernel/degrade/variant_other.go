//go:build !amd64

package degrade

func convert(y, cb, cr, r, g, b []uint8) { convertGeneric(y, cb, cr, r, g, b) }

func halve(dst, upper, lower []uint8) { halveGeneric(dst, upper, lower) }

func forward(coefs []int16, src []uint8, stride int, quant *[64]uint16, _ *factors) {
	forwardGeneric(coefs, src, stride, quant)
}
