//go:build !amd64

package ceiling

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// multiply returns a variant's loop and the operations of a turn of it.
func multiply(v isa.Variant) (run func(times int), flops int) {
	if v != isa.Generic {
		return nil, 0
	}
	return multiplyGeneric, flopsOfGeneric
}

// multiplyBF16s is multiply for pairs of bfloat16.
func multiplyBF16s() (run func(times int), flops int) { return nil, 0 }
