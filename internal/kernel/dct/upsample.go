package dct

// The filters are those of libjpeg's jdsample.c: a sample in between two is
// three quarters of the nearer and one quarter of the farther. libjpeg repeats
// samples instead where a row has only two (see H2V1), and where a block has
// become one sample: that is for the caller to tell.

// H2V1 doubles the samples of a row. The samples before the first and after
// the last are taken to be equal to these. It writes 2*len(src) samples.
// Rows of an image that have one or two samples in all are for Repeat.
func H2V1(dst, src []uint8) {
	if len(src) == 0 {
		return
	}
	dst = dst[:2*len(src)]
	last := int32(src[0])
	for i, v := range src {
		next, this := int32(src[min(i+1, len(src)-1)]), int32(v)
		dst[2*i] = uint8((3*this + last + 1) >> 2)
		dst[2*i+1] = uint8((3*this + next + 2) >> 2)
		last = this
	}
}

// H1V2 makes one of the two rows that come of the row near, which lies beside
// the row far: the one above near where below is false, and the one below it
// where it is true. All rows have the same length.
func H1V2(dst, near, far []uint8, below bool) {
	if len(near) == 0 {
		return
	}
	bias := 1
	if below {
		bias = 2
	}
	mixRows(dst[:len(near)], near, far[:len(near)], bias)
}

func mixRowsGeneric(dst, near, far []uint8, bias int) {
	dst, far = dst[:len(near)], far[:len(near)]
	for i, v := range near {
		dst[i] = uint8((3*int(v) + int(far[i]) + bias) >> 2)
	}
}

// H2V2 makes one of the two rows, with twice the samples, that come of the row
// near; far is the row above or below it, on the side of the row wanted. It
// has no use for rows of an image with one or two samples in all, as H2V1.
func H2V2(dst, near, far []uint8) {
	if len(near) == 0 {
		return
	}
	dst, far = dst[:2*len(near)], far[:len(near)]
	this := 3*int32(near[0]) + int32(far[0])
	last := this
	for i := range near {
		next := this
		if i+1 < len(near) {
			next = 3*int32(near[i+1]) + int32(far[i+1])
		}
		dst[2*i] = uint8((3*this + last + 8) >> 4)
		dst[2*i+1] = uint8((3*this + next + 7) >> 4)
		last, this = this, next
	}
}

// Repeat writes every sample of src times times.
func Repeat(dst, src []uint8, times int) {
	dst = dst[:len(src)*times]
	for i, v := range src {
		for j := range times {
			dst[i*times+j] = v
		}
	}
}
