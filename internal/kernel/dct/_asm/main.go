// Command _asm writes the AVX2 kernels of package dct.
//
//	go run -C _asm . -out ../avx2_amd64.s -stubs ../avx2_amd64.go -pkg dct
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	inverse()
	Generate()
}

// A pool hands out vector registers by hand, for kernels that use all of them
// at times.
type pool struct{ free []VecPhysical }

func newPool() *pool {
	return &pool{[]VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}}
}

func (p *pool) get() VecPhysical {
	if len(p.free) == 0 {
		panic("out of vector registers")
	}
	r := p.free[0]
	p.free = p.free[1:]
	return r
}

func (p *pool) put(rs ...VecPhysical) {
	for _, r := range rs {
		p.free = append([]VecPhysical{r}, p.free...)
	}
}

// words returns the address of a constant that repeats the words over a whole
// vector.
func words(name string, ws ...int16) Mem {
	m := GLOBL(name, 8|16) // RODATA|NOPTR
	for i := range 16 {
		DATA(2*i, U16(uint16(ws[i%len(ws)])))
	}
	return m
}

// doubles is words for values of 32 bits.
func doubles(name string, v uint32) Mem {
	m := GLOBL(name, 8|16)
	for i := range 8 {
		DATA(4*i, U32(v))
	}
	return m
}
