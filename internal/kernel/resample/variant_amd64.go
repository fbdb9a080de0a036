package resample

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// scaleFrame is what the loops across read. Strides are in bytes.
type scaleFrame struct {
	dst              *float32
	dstStride        int
	src              *uint8
	srcStride        int
	base             *int32
	index, weights   *uint32
	registers, pairs int
	step             int // bytes from a pair of taps to the next
	clip             int
}

//go:noescape
func scaleAVX2(f *scaleFrame)

//go:noescape
func scaleAVX512(f *scaleFrame)

//go:noescape
func scaleByPixelAVX2(f *scaleFrame)

// scale scales rowsAtOnce rows across.
func (g *groups) scale(dst []float32, src []uint8, srcStride int, clip bool) {
	stride := g.rowFloats()
	_, _ = dst[rowsAtOnce*stride-1], src[(rowsAtOnce-1)*srcStride+g.reach-1]
	f := scaleFrame{
		dst: &dst[0], dstStride: 4 * stride, src: &src[0], srcStride: srcStride,
		base: &g.base[0], weights: &g.weights[0], pairs: g.pairs, step: 2 * g.from, clip: toInt(clip),
	}
	if g.layout == byPixel {
		f.registers = len(g.base) / 2
		scaleByPixelAVX2(&f)
		return
	}
	f.index, f.registers = &g.index[0], len(g.index)/g.values
	if current == isa.AVX512 {
		scaleAVX512(&f)
		return
	}
	scaleAVX2(&f)
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sumFrame is what the loops down read. There are at least blockValues values.
type sumFrame struct {
	bytes       *uint8
	floats      *float32
	ring        *float32
	offsets     *int
	factors     *float32
	taps        int
	last        int // where the last block of values begins
	scale, bias *float32
	clip        int
	stream      int
}

//go:noescape
func sumBytesAVX2(f *sumFrame)

//go:noescape
func sumBytesAVX512(f *sumFrame)

//go:noescape
func sumFloatsAVX2(f *sumFrame)

//go:noescape
func sumFloatsAVX512(f *sumFrame)

// sumFrame returns what the sums of n values read.
func (r *Resampler) sumFrame(n int, offsets []int, factors []float32, clip bool) sumFrame {
	return sumFrame{
		ring: &r.ring[0], offsets: &offsets[0], factors: &factors[0],
		taps: len(offsets), last: n - blockValues, clip: toInt(clip),
	}
}

// sumBytes makes a row of the result, of at least blockValues bytes.
func (r *Resampler) sumBytes(dst []uint8, offsets []int, factors []float32, clip bool) {
	if current == isa.Generic {
		r.sumBytesGeneric(dst, offsets, factors)
		return
	}
	f := r.sumFrame(len(dst), offsets, factors, clip)
	f.bytes = &dst[0]
	if current == isa.AVX512 {
		sumBytesAVX512(&f)
		return
	}
	sumBytesAVX2(&f)
}

// sumFloats makes a row of the result, of at least blockValues floats.
func (r *Resampler) sumFloats(
	dst []float32, offsets []int, factors []float32, n *Norm, clip, stream bool,
) {
	if current == isa.Generic {
		r.sumFloatsGeneric(dst, offsets, factors, n)
		return
	}
	f := r.sumFrame(len(dst), offsets, factors, clip)
	f.floats, f.scale, f.bias = &dst[0], &n.scale[0], &n.bias[0]
	f.stream = toInt(stream && isLine(dst))
	if current == isa.AVX512 {
		sumFloatsAVX512(&f)
		return
	}
	sumFloatsAVX2(&f)
}
