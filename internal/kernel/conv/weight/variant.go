package weight

import (
	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

//go:generate go run -C ../../_asm ./weight -out ../conv/weight/tile_amd64.s -stubs ../conv/weight/tile_amd64.go -pkg weight

// available are the variants of the kernels that this machine can run, current
// is the one in use.
var available, current = isa.Choose(cpu.X86.HasAVX2 && cpu.X86.HasFMA, cpu.X86.HasAVX512F)
