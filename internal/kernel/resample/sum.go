package resample

// sumBytesGeneric adds rows of the ring, which begin at the offsets, under the
// factors, rounds and writes the sums as bytes. It is the contract of the
// others.
func sumBytesGeneric(dst []uint8, ring []float32, offsets []int, factors []float32) {
	for i := range dst {
		dst[i] = uint8(sumAt(i, ring, offsets, factors))
	}
}

// sumFloatsGeneric is sumBytesGeneric with values under a norm.
func sumFloatsGeneric(dst []float32, ring []float32, offsets []int, factors []float32, n *Norm) {
	for i := range dst {
		v := float32(sumAt(i, ring, offsets, factors))
		dst[i] = float32(v*n.scale[i%blockValues]) + n.bias[i%blockValues]
	}
}

// sumAt returns one sum, rounded and clipped to a byte. All of its steps but
// the rounding are exact.
func sumAt(i int, ring []float32, offsets []int, factors []float32) int32 {
	var sum float32
	for k, offset := range offsets {
		sum += factors[k] * ring[offset+i]
	}
	return min(max((int32(sum*one)+one/2)>>weightBits, 0), 255)
}
