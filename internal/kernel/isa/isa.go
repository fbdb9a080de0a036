// Package isa chooses the instructions that kernels are made of.
//
// What a machine has and what a room has kernels for flow in; the variants that
// can run flow out, and the one to use, which DSBUILD_KERNEL=generic or avx2 in
// the environment makes a slower one:
//
//	available, current := isa.Choose(cpu.X86.HasAVX2, cpu.X86.HasAVX512F)
//
// A value that means nothing here changes nothing, since rooms choose while a
// program is initialized; a program that wants to tell its user asks Check.
package isa

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/cpu"
)

// variable is the name of what chooses a variant in the environment.
const variable = "DSBUILD_KERNEL"

// A Variant is a way in which a machine can run kernels. Later ones are faster.
type Variant int

// The variants. Which extensions of AVX-512 are meant is the room's to say.
const (
	Generic Variant = iota
	AVX2
	AVX512
)

var names = []string{"generic", "avx2", "avx512"}

func (v Variant) String() string { return names[v] }

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
	limit := os.Getenv(variable)
	for _, current = range available {
		if current.String() == limit {
			break
		}
	}
	return available, current
}

// Check tells of a value of DSBUILD_KERNEL that Choose leaves aside: one that
// names no variant, or a variant that this machine cannot run.
func Check() error {
	available, _ := Choose(cpu.X86.HasAVX2, cpu.X86.HasAVX512F)
	return check(os.Getenv(variable), names[:len(available)])
}

// check is Check for a value, on a machine that runs the variants of such names.
func check(value string, available []string) error {
	switch {
	case value == "" || slices.Contains(available, value):
		return nil
	case slices.Contains(names, value):
		return fmt.Errorf("%s=%s in the environment: this machine runs %s alone",
			variable, value, strings.Join(available, ", "))
	default:
		return fmt.Errorf("%s=%s in the environment is not known: there is %s",
			variable, value, strings.Join(names, ", "))
	}
}
