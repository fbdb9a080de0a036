package winograd

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// hasFew tells whether there are registers for four tiles.
func hasFew() bool { return current == isa.AVX512 }

// fewFrame is what the assembly for few tiles reads, strides in bytes.
type fewFrame struct {
	a, b, c                          *float32
	aPoint, bTap, cRow, depth, ahead int
}

func (f *few) run() {
	f.check()
	frame := fewFrame{a: &f.a[0], b: &f.b[0], c: &f.c[0], aPoint: f.aPoint * float,
		bTap: f.bTap * float, cRow: f.cRow * float, depth: f.depth, ahead: f.ahead * float}
	words := (*uintptr)(unsafe.Pointer(&frame))
	switch f.row {
	case 0:
		few0AVX512(words)
	case 1:
		few1AVX512(words)
	case 2:
		few2AVX512(words)
	case 3:
		few3AVX512(words)
	case 4:
		few4AVX512(words)
	default:
		few5AVX512(words)
	}
}
