package degrade

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// whole returns how many of n the assembly takes, in steps of a power of two.
func whole(n, step int) int {
	if current != isa.AVX2 {
		return 0
	}
	return n &^ (step - 1)
}

func convert(y, cb, cr, r, g, b []uint8) {
	n := whole(len(y), 16)
	if n > 0 {
		convertAVX2(&y[0], &cb[:n][0], &cr[:n][0], &r[:n][0], &g[:n][0], &b[:n][0], n)
	}
	convertGeneric(y[n:], cb[n:], cr[n:], r[n:], g[n:], b[n:])
}

func halve(dst, upper, lower []uint8) {
	n := whole(len(dst), 16)
	if n > 0 {
		halveAVX2(&dst[0], &upper[:2*n][0], &lower[:2*n][0], n)
	}
	halveGeneric(dst[n:], upper[2*n:], lower[2*n:])
}

func forward(coefs []int16, src []uint8, stride int, quant *[64]uint16, f *factors) {
	n := len(coefs) / 64
	if current != isa.AVX2 || n == 0 {
		forwardGeneric(coefs, src, stride, quant)
		return
	}
	_ = src[7*stride+8*n-1]
	forwardAVX2(&coefs[0], &src[0], stride, n, &f.add[0])
}
