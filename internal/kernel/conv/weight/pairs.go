package weight

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel"
)

// pairLinesGeneric rounds n lines of floats to bfloat16, and as many others,
// and puts each of the former into the lower half of a float, whose upper half
// is one of the latter.
func pairLinesGeneric(to []float32, toStride int, low, high []float32, fromStride, floats, n int) {
	for i := range n {
		line := to[i*toStride:][:floats]
		l, h := low[i*fromStride:][:floats], high[i*fromStride:][:floats]
		for k := range line {
			pair := [2]float32{l[k], h[k]}
			kernel.PackPairs(line[k:k+1], pair[:])
		}
	}
}

// unpair returns the two bfloat16 in the place of a float.
func unpair(v float32) (low, high float32) {
	bits := math.Float32bits(v)
	return math.Float32frombits(bits << 16), math.Float32frombits(bits &^ 0xffff)
}

// noPixel is what the last pixel of a row of odd length is paired with.
var noPixel [panelColumns]float32

// pairPixels pairs n pixels with those after them, 0 and 1, 2 and 3 and so on,
// the last one of an odd number with zeros.
func pairPixels(to []float32, toStride int, from []float32, fromStride, floats, n int) {
	if n > 1 {
		pairLines(to, toStride, from, from[fromStride:], 2*fromStride, floats, n/2)
	}
	if n%2 == 0 {
		return
	}
	to, from = to[n/2*toStride:], from[(n-1)*fromStride:]
	for k := 0; k < floats; k += len(noPixel) {
		count := min(len(noPixel), floats-k)
		pairLines(to[k:], count, from[k:], noPixel[:], count, count, 1)
	}
}
