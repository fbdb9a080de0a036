package dct

// Constants of the transforms: sqrt(2) cos(i pi/16) and sums of them, in
// fixed point with 13 bits behind the point. See C. Loeffler, A. Ligtenberg
// and G. Moschytz, "Practical Fast 1-D DCT Algorithms with 11
// Multiplications", ICASSP 1989, and libjpeg's jidctint.c.
const (
	fix0298 = 2446  // 0.298631336
	fix0390 = 3196  // 0.390180644
	fix0541 = 4433  // 0.541196100
	fix0765 = 6270  // 0.765366865
	fix0899 = 7373  // 0.899976223
	fix1175 = 9633  // 1.175875602
	fix1501 = 12299 // 1.501321110
	fix1847 = 15137 // 1.847759065
	fix1961 = 16069 // 1.961570560
	fix2053 = 16819 // 2.053119869
	fix2562 = 20995 // 2.562915447
	fix3072 = 25172 // 3.072711026
)

const (
	fixBits  = 13 // behind the point of the constants
	passBits = 2  // behind the point of what the first pass leaves
)

// Inverse turns blocks that stand side by side into samples: it dequantises,
// applies the inverse transform, adds 128 and clips. The coefs are 64 for each
// block and are left zero; row r of block b goes to dst[r*stride+8*b:], so dst
// needs 7*stride + 8*len(coefs)/64 samples.
func Inverse(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	n := len(coefs) / 64
	if n == 0 {
		return
	}
	_ = dst[7*stride+8*n-1]
	inverse(dst, stride, coefs[:64*n], quant)
}

func inverseGeneric(dst []uint8, stride int, coefs []int16, quant *[64]uint16) {
	var work [64]int32
	for b := range len(coefs) / 64 {
		block := (*[64]int16)(coefs[64*b:])
		for x := range 8 {
			inverseColumn(&work, block, quant, x)
		}
		for y := range 8 {
			inverseRow((*[8]uint8)(dst[y*stride+8*b:]), (*[8]int32)(work[8*y:]))
		}
		*block = [64]int16{}
	}
}

// dequantise returns a coefficient in full.
func dequantise(block *[64]int16, quant *[64]uint16, i int) int32 {
	return int32(block[i] * int16(quant[i]))
}

// inverseColumn is the first pass for column x.
func inverseColumn(work *[64]int32, block *[64]int16, quant *[64]uint16, x int) {
	dc := dequantise(block, quant, x)
	if block[x+8]|block[x+16]|block[x+24]|block[x+32]|block[x+40]|block[x+48]|block[x+56] == 0 {
		v := narrow(dc << passBits)
		for y := range 8 {
			work[x+8*y] = v
		}
		return
	}
	even, odd := butterfly(&[8]int32{
		dc, dequantise(block, quant, x+8), dequantise(block, quant, x+16),
		dequantise(block, quant, x+24), dequantise(block, quant, x+32),
		dequantise(block, quant, x+40), dequantise(block, quant, x+48),
		dequantise(block, quant, x+56),
	})
	const shift = fixBits - passBits
	for i := range 4 {
		work[x+8*i] = narrow((even[i] + odd[i] + 1<<(shift-1)) >> shift)
		work[x+8*(7-i)] = narrow((even[i] - odd[i] + 1<<(shift-1)) >> shift)
	}
}

// inverseRow is the second pass for a row.
func inverseRow(dst *[8]uint8, row *[8]int32) {
	even, odd := butterfly(row)
	const shift = fixBits + passBits + 3
	const bias = 128<<shift + 1<<(shift-1)
	for i := range 4 {
		dst[i] = clip((even[i] + odd[i] + bias) >> shift)
		dst[7-i] = clip((even[i] - odd[i] + bias) >> shift)
	}
}

// butterfly returns the even and the odd part of a transform of 8 values:
// result i is even[i]+odd[i], result 7-i is even[i]-odd[i]. Nothing overflows
// where the values are of 16 bits.
func butterfly(in *[8]int32) (even, odd [4]int32) {
	z := (in[2] + in[6]) * fix0541
	low, high := z-in[6]*fix1847, z+in[2]*fix0765
	sum, difference := (in[0]+in[4])<<fixBits, (in[0]-in[4])<<fixBits
	even = [4]int32{sum + high, difference + low, difference - low, sum - high}

	z5 := (in[7] + in[3] + in[5] + in[1]) * fix1175
	z1, z2 := (in[7]+in[1])*-fix0899, (in[5]+in[3])*-fix2562
	z3, z4 := z5-(in[7]+in[3])*fix1961, z5-(in[5]+in[1])*fix0390
	odd = [4]int32{
		in[1]*fix1501 + z1 + z4, in[3]*fix3072 + z2 + z3,
		in[5]*fix2053 + z2 + z4, in[7]*fix0298 + z1 + z3,
	}
	return even, odd
}
