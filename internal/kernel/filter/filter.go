// Package filter holds the loops that change the values of 8-bit images:
// colours, tones, blurs, sharpness and noise.
//
// Bytes of interleaved RGB or gray pixels flow in and out. What a kernel gives
// is stated by its generic Go twin; the arithmetic is of integers, or of floats
// that are rounded alike everywhere, so every variant gives the same bytes. The
// colours are those of torchvision's v2 functions on 8-bit tensors, but for
// rare values that lie next to the rounding. DSBUILD_KERNEL=generic lets a
// machine run the twins.
//
//	ops := []filter.Op{filter.Brightness(1.2), filter.Contrast(0.8), filter.Hue(0.05)}
//	work.Colours(img.Pix, 3, ops)           // one pass over the image, or two
//	work.Blur(dst, src, width, height, 3, filter.Gaussian(1.5, 4))
//
// Functions panic where slices are too short for what they document.
package filter

//go:generate go run -C _asm . -out ../filter_amd64.s -stubs ../filter_amd64.go -pkg filter

// Work is the memory that the filters of one goroutine need. The zero Work is
// ready for use; it grows to what the largest image needs.
type Work struct {
	bytes   []uint8
	words   []uint16
	weights []uint16
	offsets []int
}

// most is how many bytes one call of a kernel takes, since it cannot be
// interrupted.
const most = 1 << 16

// clip returns the byte nearest to v.
func clip(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// narrow returns the 16-bit number nearest to v.
func narrow(v int32) int32 { return min(max(v, -1<<15), 1<<15-1) }

// sized returns a slice of n elements, in the memory of s where that suffices.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
