// Package isa chooses the instructions that kernels are made of.
//
// What a machine has and what a room has kernels for flow in; the variants that
// can run flow out, and the one to use, which DSBUILD_KERNEL=generic or avx2 in
// the environment makes a slower one:
//
//	available, current := isa.Choose(cpu.X86.HasAVX2, cpu.X86.HasAVX512F)
package isa

import (
	"os"
	"runtime"
)

// A Variant is a way in which a machine can run kernels. Later ones are faster.
type Variant int

// The variants. Which extensions of AVX-512 are meant is the room's to say.
const (
	Generic Variant = iota
	AVX2
	AVX512
)

func (v Variant) String() string { return [...]string{"generic", "avx2", "avx512"}[v] }

// Choose returns the variants that can run, and the one to use: the fastest, or
// the one that DSBUILD_KERNEL names. AVX-512 counts only beside AVX2, and both in
// 64-bit programs alone, which the assembly is written for.
func Choose(avx2, avx512 bool) (available []Variant, current Variant) {
	available = []Variant{Generic}
	avx2 = avx2 && runtime.GOARCH == "amd64"
	if avx2 {
		available = append(available, AVX2)
	}
	if avx2 && avx512 {
		available = append(available, AVX512)
	}
	limit := os.Getenv("DSBUILD_KERNEL")
	for _, current = range available {
		if current.String() == limit {
			break
		}
	}
	return available, current
}
