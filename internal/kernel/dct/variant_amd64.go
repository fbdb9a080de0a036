package dct

import (
	"os"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 {
		available = append(available, avx2)
	}
	limit := os.Getenv("DSBUILD_KERNEL")
	for _, v := range available {
		current = v
		if v.String() == limit {
			break
		}
	}
}

// maxBlocks bounds what one call of assembly transforms: it cannot be
// interrupted.
const maxBlocks = 1024

func inverse(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	if current == generic {
		inverseGeneric(dst, stride, coefs, quant)
		return
	}
	for len(coefs) > 0 {
		n := min(len(coefs)/64, maxBlocks)
		inverseAVX2(&dst[0], stride, &coefs[0], n, quant)
		dst, coefs = dst[min(8*n, len(dst)):], coefs[64*n:]
	}
}
func inverse4(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	inverse4Generic(dst, stride, coefs, quant)
}

func yCbCrToRGB(dst, y, cb, cr []uint8) { yCbCrToRGBGeneric(dst, y, cb, cr) }

func interleave(dst, r, g, b []uint8) { interleaveGeneric(dst, r, g, b) }

func h2v1RGB(dst, y, cb, cr []uint8, first int) { h2v1RGBGeneric(dst, y, cb, cr, first) }

func h2v2RGB(dst, y, cb, cbFar, cr, crFar []uint8, first int) {
	h2v2RGBGeneric(dst, y, cb, cbFar, cr, crFar, first)
}
