// Package memory takes memory for large arrays that are gone through again and
// again.
//
// A number of floats flows in, a slice of zeros flows out:
//
//	values := memory.Floats(64 << 20)
//
// It comes from Go's heap and is collected as all memory is. Where the system
// has large pages on request (Linux with transparent huge pages set to madvise,
// as most distributions have them), it lies in such: kernels that walk through
// many lines at once are slowed down by the look-up of small pages. Total tells
// how much there is.
package memory

// Floats returns n zeros.
func Floats(n int) []float32 {
	values := make([]float32, n)
	preferLargePages(values)
	return values
}
