package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

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
	firstAVX512(&to[0], &from[0], &weights[0], &bias[0], a.pixels, a.pixel*size, a.line*size,
		a.step*size, 1<<a.columns-1, a.least, a.most)
}
