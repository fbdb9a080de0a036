package filter

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// available are the variants of the kernels that this machine can run, current is
// the one in use.
var available, current = isa.Choose(
	cpu.X86.HasAVX2,
	cpu.X86.HasAVX512BW &&
		cpu.X86.HasAVX512VBMI,
)
