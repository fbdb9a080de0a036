package winograd

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

//go:generate go run -C _asm . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg winograd

// available are the variants of the kernels that this machine can run, current
// is the one in use.
var available, current = isa.Choose(cpu.X86.HasAVX2 && cpu.X86.HasFMA, cpu.X86.HasAVX512F)

// blockRows returns how many rows a product takes at a time.
func blockRows() int {
	if current == isa.AVX512 {
		return 14
	}
	return 6
}
