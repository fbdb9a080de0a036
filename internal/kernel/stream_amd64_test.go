package kernel

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// TestStreamedProducts has rows of C that are whole lines of the cache, as those
// that go past it must be.
func TestStreamedProducts(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	r := rand.New(rand.NewPCG(1, 2))
	for _, current = range available {
		for _, columns := range []int{16, 32, 48, 64} {
			for _, pairs := range []bool{false, true} {
				p := shape{3, 31, columns, 2, 5}.product(r)
				p.CRow, p.CLine = columns+16, 31*(columns+16)+32
				memory := randoms(r, p.Lines*p.CLine+15)
				for uintptr(unsafe.Pointer(&memory[0]))%64 != 0 {
					memory = memory[1:]
				}
				p.C, p.Stream, p.Pairs = memory[:p.Lines*p.CLine], true, pairs
				inPairs(p.A.Data)
				inPairs(p.B.Data)
				p.Epilogue = Epilogue{Residual: p.C, ReLU: true}
				testMultiply(t, p, "streamed")
				s := strip{Product: &p, width: min(columns, PanelColumns)}
				if b := s.alike(14, 2); current == isa.AVX512 && !s.streams(&b, &p.C[0]) {
					t.Error("nothing is streamed")
				}
			}
		}
	}
}
