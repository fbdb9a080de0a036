package dct

// The kernels here upsample chroma and convert it in one pass. The chroma rows
// are whole: their ends are those of the image, or of as much of it as matters
// for the pixels wanted. Pixel i of the result is column first+i of the row
// that upsampling makes, so that first+len(y) <= 2*len(cb).

// H2V1RGB makes a row of len(y) RGB pixels of chroma for H2V1.
func H2V1RGB(dst, y, cb, cr []uint8, first int) {
	if len(y) == 0 {
		return
	}
	dst, cr = dst[:3*len(y)], cr[:len(cb)]
	_ = cb[first/2 : (first+len(y)+1)/2]
	h2v1RGB(dst, y, cb, cr, first)
}

func h2v1RGBGeneric(dst, y, cb, cr []uint8, first int) {
	for i, v := range y {
		near, far := neighbours(first+i, len(cb))
		bias := int32(1 + (first+i)&1)
		b := (3*int32(cb[near]) + int32(cb[far]) + bias) >> 2
		r := (3*int32(cr[near]) + int32(cr[far]) + bias) >> 2
		toRGB((*[3]uint8)(dst[3*i:]), int32(v), b-128, r-128)
	}
}

// H2V2RGB makes a row of len(y) RGB pixels of chroma for H2V2: of the rows cb
// and cr, which are nearer, and cbFar and crFar.
func H2V2RGB(dst, y, cb, cbFar, cr, crFar []uint8, first int) {
	if len(y) == 0 {
		return
	}
	dst, cr = dst[:3*len(y)], cr[:len(cb)]
	cbFar, crFar = cbFar[:len(cb)], crFar[:len(cb)]
	_ = cb[first/2 : (first+len(y)+1)/2]
	h2v2RGB(dst, y, cb, cbFar, cr, crFar, first)
}

// H2V2RGBPair makes the two rows of RGB pixels that lie between two rows of
// chroma: the upper as H2V2RGB does of cb and cr, with cbBelow and crBelow on
// the other side, the lower the other way round. Both have len(yUpper) pixels.
func H2V2RGBPair(upper, lower, yUpper, yLower, cb, cbBelow, cr, crBelow []uint8, first int) {
	if len(yUpper) == 0 {
		return
	}
	n := len(yUpper)
	upper, lower, yLower = upper[:3*n], lower[:3*n], yLower[:n]
	cr, cbBelow, crBelow = cr[:len(cb)], cbBelow[:len(cb)], crBelow[:len(cb)]
	_ = cb[first/2 : (first+n+1)/2]
	h2v2RGBPair(upper, lower, yUpper, yLower, cb, cbBelow, cr, crBelow, first)
}

func h2v2RGBGeneric(dst, y, cb, cbFar, cr, crFar []uint8, first int) {
	for i, v := range y {
		near, far := neighbours(first+i, len(cb))
		bias := int32(8 - (first+i)&1)
		b := (9*int32(cb[near]) + 3*int32(cb[far]) + 3*int32(cbFar[near]) + int32(cbFar[far]) + bias) >> 4
		r := (9*int32(cr[near]) + 3*int32(cr[far]) + 3*int32(crFar[near]) + int32(crFar[far]) + bias) >> 4
		toRGB((*[3]uint8)(dst[3*i:]), int32(v), b-128, r-128)
	}
}

// neighbours returns the samples of a row of n that upsampling by two mixes
// for column x.
func neighbours(x, n int) (near, far int) {
	near = x / 2
	if x&1 == 0 {
		return near, max(near-1, 0)
	}
	return near, min(near+1, n-1)
}
