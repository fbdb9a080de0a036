package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// firstCall bounds the pixels of one call, which cannot be interrupted: 20
// microseconds or so where their channels go to memory.
const firstCall = 1 << 11

// firstRow is firstRowGeneric.
func firstRow(to, from []float32, weights *[firstPanel]float32,
	bias *[kernel.PanelColumns]float32, a firstArgs) {
	if kernel.Variant() != isa.AVX512 {
		firstRowGeneric(to, from, weights, bias, a)
		return
	}
	const size = 4 // bytes of a float32
	_ = to[(a.pixels-1)*a.pixel+a.columns-1]
	_ = from[(a.pixels-1)*a.step+(firstSide-1)*(a.line+1)]
	for at := 0; at < a.pixels; at += firstCall {
		firstAVX512(&to[at*a.pixel], &from[at*a.step], &weights[0], &bias[0],
			min(firstCall, a.pixels-at), a.pixel*size, a.line*size, a.step*size, 1<<a.columns-1,
			a.least, a.most)
	}
}
