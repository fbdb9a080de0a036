package dct

// Constants of the transforms to fewer samples, as those of Inverse. See
// libjpeg's jidctred.c.
const (
	fix0211 = 1730  // 0.211164243
	fix0509 = 4176  // 0.509795579
	fix0601 = 4926  // 0.601344887
	fix0720 = 5906  // 0.720959822
	fix0850 = 6967  // 0.850430095
	fix1061 = 8697  // 1.061594337
	fix1272 = 10426 // 1.272758580
	fix1451 = 11893 // 1.451774981
	fix2172 = 17799 // 2.172734803
	fix3624 = 29692 // 3.624509785
)

// Inverse4 is Inverse at half the size: row r of the 4 of block b goes to
// dst[r*stride+4*b:]. Coefficients of row or column 4 have no part in it.
func Inverse4(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	n := len(coefs) / 64
	if n == 0 {
		return
	}
	_ = dst[3*stride+4*n-1]
	inverse4(dst, stride, coefs[:64*n], quant)
}

func inverse4Generic(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	var work [32]int32
	for b := range len(coefs) / 64 {
		block := (*[64]int16)(coefs[64*b:])
		for x := range 8 {
			if x == 4 {
				continue
			}
			var in, out [8]int32
			for y := range in {
				in[y] = dequantise(block, quant, x+8*y)
			}
			reduce4(&out, &in, fixBits-passBits+1)
			for y := range 4 {
				work[x+8*y] = narrow(out[y])
			}
		}
		for y := range 4 {
			var out [8]int32
			reduce4(&out, (*[8]int32)(work[8*y:]), fixBits+passBits+3+1)
			for x := range 4 {
				dst[y*stride+4*b+x] = clip(out[x] + 128)
			}
		}
		*block = [64]int16{}
	}
}

// reduce4 puts the transform of 8 values into the first 4 of out.
func reduce4(out, in *[8]int32, shift int) {
	dc := in[0]<<(fixBits+1) + 1<<(shift-1)
	even := in[2]*fix1847 - in[6]*fix0765
	odd0 := in[1]*fix2562 + in[3]*fix0899 - in[5]*fix0601 - in[7]*fix0509
	odd1 := in[1]*fix1061 - in[3]*fix2172 + in[5]*fix1451 - in[7]*fix0211
	out[0], out[3] = (dc+even+odd0)>>shift, (dc+even-odd0)>>shift
	out[1], out[2] = (dc-even+odd1)>>shift, (dc-even-odd1)>>shift
}

// Inverse2 is Inverse at a quarter of the size: row r of the 2 of block b goes
// to dst[r*stride+2*b:]. Of the rows and columns it takes 0 and the odd ones.
func Inverse2(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	n := len(coefs) / 64
	if n == 0 {
		return
	}
	_ = dst[stride+2*n-1]
	inverse2(dst, stride, coefs[:64*n], quant)
}

func inverse2Generic(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	for b := range len(coefs) / 64 {
		block := (*[64]int16)(coefs[64*b:])
		var work [16]int32
		for _, x := range [...]int{0, 1, 3, 5, 7} {
			var in [8]int32
			for y := range in {
				in[y] = dequantise(block, quant, x+8*y)
			}
			upper, lower := reduce2(&in, fixBits-passBits+2)
			work[x], work[x+8] = narrow(upper), narrow(lower)
		}
		for y := range 2 {
			left, right := reduce2((*[8]int32)(work[8*y:]), fixBits+passBits+3+2)
			dst[y*stride+2*b], dst[y*stride+2*b+1] = clip(left+128), clip(right+128)
		}
		*block = [64]int16{}
	}
}

// reduce2 returns the transform of 8 values to 2.
func reduce2(in *[8]int32, shift int) (first, second int32) {
	dc := in[0]<<(fixBits+2) + 1<<(shift-1)
	odd := in[1]*fix3624 - in[3]*fix1272 + in[5]*fix0850 - in[7]*fix0720
	return (dc + odd) >> shift, (dc - odd) >> shift
}

// Inverse1 is Inverse at an eighth of the size: block b becomes dst[b], of its
// mean alone. It leaves only the first coefficient of each block zero: the
// others need not be there.
func Inverse1(dst []uint8, coefs []int16, quant *[64]uint16) {
	for b := range len(coefs) / 64 {
		dc := int32(coefs[64*b] * int16(quant[0]))
		dst[b] = clip((dc+4)>>3 + 128)
		coefs[64*b] = 0
	}
}
