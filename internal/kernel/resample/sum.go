package resample

// addRows returns the sums of n values of rows of the ring, which begin at the
// offsets, under the factors. It is exact.
func (r *Resampler) addRows(n int, offsets []int, factors []float32) []float32 {
	r.sums = resize(r.sums, n)
	sums := r.sums
	clear(sums)
	for k, offset := range offsets {
		factor, row := factors[k], r.ring[offset:][:len(sums)]
		for i, v := range row {
			sums[i] += factor * v
		}
	}
	return sums
}

// rounded returns the whole number nearest to a sum, of two the upper, clipped
// to what a byte holds.
func rounded(sum float32) int32 {
	return min(max((int32(sum*one)+one/2)>>weightBits, 0), 255)
}

// sumBytesGeneric writes such sums as bytes. It is the contract of the others.
func (r *Resampler) sumBytesGeneric(dst []uint8, offsets []int, factors []float32) {
	for i, sum := range r.addRows(len(dst), offsets, factors) {
		dst[i] = uint8(rounded(sum))
	}
}

// sumFloatsGeneric is sumBytesGeneric with values under a norm.
func (r *Resampler) sumFloatsGeneric(
	dst []float32, offsets []int, factors []float32, n *Norm,
) {
	sums := r.addRows(len(dst), offsets, factors)
	for len(sums) > 0 {
		block := min(len(sums), blockValues)
		scale, bias := n.scale[:block], n.bias[:block]
		for i, sum := range sums[:block] {
			dst[i] = float32(float32(rounded(sum))*scale[i]) + bias[i]
		}
		dst, sums = dst[block:], sums[block:]
	}
}
