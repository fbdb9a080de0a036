package nn

import (
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// folded are a convolution's weights for inference: packed once for as long as
// they do not change, with the batch norm behind it taken in (Jacob et al.,
// 2018, "Quantization and Training of Neural Networks", section 3.2).
type folded struct {
	*site
	pass         conv.Pass
	weight, from *param    // from is the bias, or nil
	packed, bias []float32 // bias is nil where there is none
	version      uint64    // of the weights; 0 for never
}

func newFolded(s *site, weight, bias *param, pass conv.Pass) *folded {
	return &folded{site: s, pass: pass, weight: weight, from: bias}
}

// refresh packs the weights where they are new.
func (f *folded) refresh() {
	version := f.weights.version.Load()
	if f.version == version {
		return
	}
	f.version = version
	if f.packed == nil {
		f.packed = make([]float32, f.pass.PackedSize())
	}
	values := f.weight.value
	values, f.bias = foldNorm(values, f.from, f.fused.norm)
	f.pass.Pack(f.team, f.packed, values)
}

// foldNorm returns weights, whose last dimension are the channels of the
// result, and bias with a batch norm taken in:
//
//	scale * (w x + b - mean) / sqrt(variance + epsilon) + offset
//
// norm are the batch norm's tensors, or nil for none.
func foldNorm(weights []float32, bias *param, norm []*param) (folded, foldedBias []float32) {
	if norm == nil {
		if bias != nil {
			foldedBias = bias.value
		}
		return weights, foldedBias
	}
	channels := len(norm[0].value)
	factors := make([]float32, channels)
	foldedBias = make([]float32, channels)
	for c := range factors {
		factor := float64(norm[0].value[c]) /
			math.Sqrt(float64(norm[3].value[c])+batchNormEpsilon)
		before := -float64(norm[2].value[c])
		if bias != nil {
			before += float64(bias.value[c])
		}
		factors[c] = float32(factor)
		foldedBias[c] = float32(before*factor + float64(norm[1].value[c]))
	}
	folded = slices.Clone(weights)
	for row := folded; len(row) > 0; row = row[channels:] {
		for c, factor := range factors {
			row[c] *= factor
		}
	}
	return folded, foldedBias
}
