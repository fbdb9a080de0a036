package resample

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// isLine tells whether a row of floats is whole lines of the cache, which can
// be written around it.
func isLine(row []float32) bool {
	const bytes = 64
	return uintptr(unsafe.Pointer(&row[0]))%bytes == 0 && len(row)*4%bytes == 0
}

// fence waits until what was written around the cache is in memory.
//
//go:noescape
func fence()

// fillFrame is what the loops that write floats read: blocks of blockValues
// values, the last from last on.
type fillFrame struct {
	dst         *float32
	src         *uint8
	last        int
	scale, bias *float32
	stream      int // write around the cache
}

//go:noescape
func fillAVX2(f *fillFrame)

//go:noescape
func fillAVX512(f *fillFrame)

// fill writes bytes of interleaved channels as floats.
func (n *Norm) fill(dst []float32, src []uint8, stream bool) {
	const chunk = 3 * chunkPixels
	for len(src) > 2*chunk { // what is left has more than a block
		n.fillChunk(dst[:chunk], src[:chunk], stream)
		dst, src = dst[chunk:], src[chunk:]
	}
	n.fillChunk(dst[:len(src)], src, stream)
}

func (n *Norm) fillChunk(dst []float32, src []uint8, stream bool) {
	if current == isa.Generic || len(src) < blockValues {
		n.fillGeneric(dst, src)
		return
	}
	f := fillFrame{
		dst: &dst[0], src: &src[0], last: len(src) - blockValues,
		scale: &n.scale[0], bias: &n.bias[0], stream: toInt(stream && isLine(dst)),
	}
	if current == isa.AVX512 {
		fillAVX512(&f)
		return
	}
	fillAVX2(&f)
}

// splitPixels is how many pixels the loops that split channels handle at a
// time.
const splitPixels = 16

// splitFrame is what the loops that split channels read: blocks of splitPixels
// pixels, the last from last on.
type splitFrame struct {
	r, g, b                *float32
	rBytes, gBytes, bBytes *uint8
	src                    *uint8
	last                   int
	scale, bias            *float32
	shuffles               *uint8
	stream                 int
}

//go:noescape
func splitFloatsAVX2(f *splitFrame)

//go:noescape
func splitFloatsAVX512(f *splitFrame)

//go:noescape
func splitBytesAVX2(f *splitFrame)

// splitShuffles pick channel c out of the bytes of 16 RGB pixels in three
// registers: shuffle i of channel c takes those that lie in register i.
var splitShuffles = func() (s [3][3][16]uint8) {
	for c := range s {
		for i := range s[c] {
			for x := range s[c][i] {
				s[c][i][x] = 0x80
				if at := 3*x + c; at/16 == i {
					s[c][i][x] = uint8(at % 16)
				}
			}
		}
	}
	return s
}()

// splitIndexes pick each channel out of the bytes of 16 RGB pixels in one
// register, as 32-bit values.
var splitIndexes = func() (s [3][16][4]uint8) {
	for c := range s {
		for x := range s[c] {
			s[c][x][0] = uint8(3*x + c)
		}
	}
	return s
}()

// split writes RGB bytes as a row of floats for each channel.
func (n *Norm) split(r, g, b []float32, src []uint8, stream bool) {
	for len(r) > 2*chunkPixels {
		const c = chunkPixels
		n.splitChunk(r[:c], g[:c], b[:c], src[:3*c], stream)
		r, g, b, src = r[c:], g[c:], b[c:], src[3*c:]
	}
	n.splitChunk(r, g, b, src, stream)
}

func (n *Norm) splitChunk(r, g, b []float32, src []uint8, stream bool) {
	if current == isa.Generic || len(r) < splitPixels {
		n.splitGeneric(r, g, b, src)
		return
	}
	_, _, _ = g[len(r)-1], b[len(r)-1], src[3*len(r)-1]
	f := splitFrame{
		r: &r[0], g: &g[0], b: &b[0], src: &src[0], last: len(r) - splitPixels,
		scale: &n.scale[0], bias: &n.bias[0],
		stream: toInt(stream && isLine(r) && isLine(g) && isLine(b)),
	}
	if current == isa.AVX512 {
		f.shuffles = &splitIndexes[0][0][0]
		splitFloatsAVX512(&f)
		return
	}
	f.shuffles = &splitShuffles[0][0][0]
	splitFloatsAVX2(&f)
}

// split writes RGB bytes as a row of bytes for each channel.
func split(r, g, b, src []uint8) {
	if current == isa.Generic || len(r) < splitPixels {
		splitGeneric(r, g, b, src)
		return
	}
	for len(r) > 2*chunkPixels {
		const c = chunkPixels
		split(r[:c], g[:c], b[:c], src[:3*c])
		r, g, b, src = r[c:], g[c:], b[c:], src[3*c:]
	}
	_, _, _ = g[len(r)-1], b[len(r)-1], src[3*len(r)-1]
	splitBytesAVX2(&splitFrame{
		rBytes: &r[0], gBytes: &g[0], bBytes: &b[0], src: &src[0], last: len(r) - splitPixels,
		shuffles: &splitShuffles[0][0][0],
	})
}

// mirrorFrame is what the loops that mirror read: blocks of pixels, of which
// the first goes from src to the one that ends before end.
type mirrorFrame struct {
	end    *uint8 // 32 bytes (of RGB, 16) before where the first block ends
	src    *uint8
	blocks int
}

//go:noescape
func mirrorGrayAVX2(f *mirrorFrame)

//go:noescape
func mirrorRGBAVX2(f *mirrorFrame)

// Mirror writes a row of pixels with so many channels (1 or 3) into dst in the
// reverse order. The two must not share memory; they are equally long.
func Mirror(dst, src []uint8, channels int) {
	n := len(src)
	dst = dst[:n]
	const gray, rgb, rgbLoad = 32, 15, 16 // bytes of a block; bytes touched
	done := 0
	switch {
	case current == isa.Generic || n < gray:
	case channels == 1:
		mirrorGrayAVX2(&mirrorFrame{&dst[n-gray], &src[0], n / gray})
		done = n / gray * gray
	default:
		blocks := (n-rgbLoad)/rgb + 1
		mirrorRGBAVX2(&mirrorFrame{&dst[n-rgbLoad], &src[0], blocks})
		done = blocks * rgb
	}
	mirrorGeneric(dst[:n-done], src[done:], channels)
}
