//go:build !amd64

package resample

// scale is never called: no groups are used.
func (g *groups) scale([]float32, []uint8, int, bool) {}

// sumBytes makes a row of the result.
func (r *Resampler) sumBytes(dst []uint8, offsets []int, factors []float32, _ bool) {
	r.sumBytesGeneric(dst, offsets, factors)
}

// sumFloats makes a row of the result.
func (r *Resampler) sumFloats(
	dst []float32, offsets []int, factors []float32, n *Norm, _, _ bool,
) {
	r.sumFloatsGeneric(dst, offsets, factors, n)
}

func (n *Norm) fill(dst []float32, src []uint8, _ bool) { n.fillGeneric(dst[:len(src)], src) }

func (n *Norm) split(r, g, b []float32, src []uint8, _ bool) { n.splitGeneric(r, g, b, src) }

func split(r, g, b, src []uint8) { splitGeneric(r, g, b, src) }

// Mirror writes a row of pixels with so many channels (1 or 3) into dst in the
// reverse order. The two must not share memory; they are equally long.
func Mirror(dst, src []uint8, channels int) { mirrorGeneric(dst[:len(src)], src, channels) }

func (t *turn) blocks(int, int) (columns, rows int) { return 0, 0 }

func fence() {}
