package layer

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/memory"
)

// folded are a layer's weights for inference: with the batch norm behind it
// taken in (Jacob et al., 2018, "Quantization and Training of Neural Networks",
// section 3.2), and packed once for as long as they do not change.
type folded struct {
	*Site
	pass         conv.Pass // that packs; nil for plain weights
	weight, from *Param    // from is the bias, or nil
	values, bias []float32 // bias is nil where there is none
	version      uint64    // of the weights; 0 for never
}

// refresh takes in what is new of the weights.
func (f *folded) refresh() {
	version := f.Weights.Version()
	if f.version == version {
		return
	}
	f.version = version
	values, bias := foldNorm(f.weight.Value, f.from, f.Fused.Norm, f.Fused.Epsilon)
	f.bias = bias
	if f.pass == nil {
		f.values = values
		return
	}
	if f.values == nil {
		f.values = memory.Floats(f.pass.PackedSize())
	}
	f.pass.Pack(f.Team, f.values, values)
}

// foldNorm returns weights, whose last dimension are the channels of the
// result, and bias with a batch norm taken in:
//
//	scale * (w x + b - mean) / sqrt(variance + epsilon) + offset
//
// norm are the batch norm's tensors, or nil for none.
func foldNorm(weights []float32, bias *Param, norm []*Param, epsilon float64) (folded,
	foldedBias []float32) {
	if norm == nil {
		if bias != nil {
			foldedBias = bias.Value
		}
		return weights, foldedBias
	}
	channels := len(norm[0].Value)
	factors := make([]float32, channels)
	foldedBias = make([]float32, channels)
	for c := range factors {
		factor := float64(norm[0].Value[c]) /
			math.Sqrt(float64(norm[3].Value[c])+epsilon)
		before := -float64(norm[2].Value[c])
		if bias != nil {
			before += float64(bias.Value[c])
		}
		factors[c] = float32(factor)
		foldedBias[c] = float32(before*factor + float64(norm[1].Value[c]))
	}
	folded = memory.Floats(len(weights))
	copy(folded, weights)
	for row := folded; len(row) > 0; row = row[channels:] {
		for c, factor := range factors {
			row[c] *= factor
		}
	}
	return folded, foldedBias
}
