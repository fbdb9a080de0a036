package degrade

// convertGeneric makes luma and chroma (JFIF 1.02) of len(y) pixels, with 16
// bits behind the point of the factors.
func convertGeneric(y, cb, cr, r, g, b []uint8) {
	const half, chroma = 1 << 15, 128<<16 + 1<<15 - 1
	for i := range y {
		red, green, blue := int32(r[i]), int32(g[i]), int32(b[i])
		y[i] = uint8((19595*red + 38470*green + 7471*blue + half) >> 16)
		cb[i] = uint8((-11059*red - 21709*green + 32768*blue + chroma) >> 16)
		cr[i] = uint8((32768*red - 27439*green - 5329*blue + chroma) >> 16)
	}
}

// halveGeneric makes of four samples one, len(dst) times.
func halveGeneric(dst, upper, lower []uint8) {
	for i := range dst {
		sum := int(upper[2*i]) + int(upper[2*i+1]) + int(lower[2*i]) + int(lower[2*i+1])
		dst[i] = uint8((sum + 1 + i%2) >> 2)
	}
}

// Constants of the transform: sqrt(2) cos(i pi/16) and sums of them, with 13
// bits behind the point; see package dct.
const (
	fix0298 = 2446
	fix0390 = 3196
	fix0541 = 4433
	fix0765 = 6270
	fix0899 = 7373
	fix1175 = 9633
	fix1501 = 12299
	fix1847 = 15137
	fix1961 = 16069
	fix2053 = 16819
	fix2562 = 20995
	fix3072 = 25172

	fixBits  = 13
	passBits = 2 // behind the point of what the first pass leaves
)

// forwardGeneric makes quantised coefficients of len(coefs)/64 blocks that
// stand side by side, whose rows are stride apart. Divisions round halves away
// from 0.
func forwardGeneric(coefs []int16, src []uint8, stride int, quant *[64]uint16) {
	for n := range len(coefs) / 64 {
		var v [64]int32
		for y := range 8 {
			for x := range 8 {
				v[8*y+x] = int32(src[y*stride+8*n+x]) - 128
			}
			transform(&v, 8*y, 1, false)
		}
		for x := range 8 {
			transform(&v, x, 8, true)
		}
		for i, c := range v {
			divisor := 8 * int32(quant[i])
			if c < 0 {
				coefs[64*n+i] = int16(-((-c + divisor/2) / divisor))
			} else {
				coefs[64*n+i] = int16((c + divisor/2) / divisor)
			}
		}
	}
}

// transform applies libjpeg's forward transform (jfdctint.c) to eight numbers,
// a step apart. The second of the passes takes the bits off that the first has
// put behind the point.
func transform(v *[64]int32, at, step int, isSecond bool) {
	shift := int32(fixBits - passBits)
	if isSecond {
		shift = fixBits + passBits
	}
	var sum, diff [4]int32
	for i := range 4 {
		a, b := v[at+i*step], v[at+(7-i)*step]
		sum[i], diff[i] = a+b, a-b
	}
	put := func(i int, x int32) { v[at+i*step] = (x + 1<<(shift-1)) >> shift }
	outer, inner := sum[0]+sum[3], sum[1]+sum[2]
	outerDiff, innerDiff := sum[0]-sum[3], sum[1]-sum[2]
	put(0, (outer+inner)<<fixBits)
	put(4, (outer-inner)<<fixBits)
	z := (innerDiff + outerDiff) * fix0541
	put(2, z+outerDiff*fix0765)
	put(6, z-innerDiff*fix1847)

	t7, t6, t5, t4 := diff[0], diff[1], diff[2], diff[3]
	z5 := (t4 + t6 + t5 + t7) * fix1175
	z1, z2 := (t4+t7)*-fix0899, (t5+t6)*-fix2562
	z3, z4 := z5-(t4+t6)*fix1961, z5-(t5+t7)*fix0390
	put(7, t4*fix0298+z1+z3)
	put(5, t5*fix2053+z2+z4)
	put(3, t6*fix3072+z2+z3)
	put(1, t7*fix1501+z1+z4)
}
