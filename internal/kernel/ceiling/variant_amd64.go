package ceiling

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// multiply returns a variant's loop and the operations of a turn of it.
func multiply(v isa.Variant) (run func(times int), flops int) {
	switch {
	case v == isa.AVX512 && cpu.X86.HasAVX512F:
		return multiplyAVX512, 24 * 16 * 2
	case v == isa.AVX2 && cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return multiplyAVX2, 24 * 8 * 2
	case v == isa.Generic:
		return multiplyGeneric, flopsOfGeneric
	default:
		return nil, 0
	}
}

// multiplyBF16s is multiply for pairs of bfloat16.
func multiplyBF16s() (run func(times int), flops int) {
	if !cpu.X86.HasAVX512BF16 {
		return nil, 0
	}
	return multiplyBF16, 24 * 16 * 4
}
