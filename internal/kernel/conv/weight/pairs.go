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

// zeros are what there is to pair with where there is nothing else.
var zeros [256]float32

// pairWithZeros is pairLines with zeros for the upper halves.
func pairWithZeros(to []float32, toStride int, low []float32, fromStride, floats, n int) {
	for i := range n {
		for k := 0; k < floats; k += len(zeros) {
			count := min(len(zeros), floats-k)
			pairLines(to[i*toStride+k:], count, low[i*fromStride+k:], zeros[:], count, count, 1)
		}
	}
}
