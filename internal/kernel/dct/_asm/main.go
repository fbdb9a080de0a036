// Command _asm writes the vector kernels of package dct.
//
//	go run -C _asm . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg dct
package main

import (
	"encoding/binary"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	inverse()
	inverse512()
	inverse4()
	inverse2()
	mixRGB()
	mixPair()
	mixRGB512()
	mixPair512()
	fullRGB()
	interleave()
	mixRows()
	Generate()
}

// A pool hands out vector registers by hand, for kernels that use all of them
// at times.
type pool struct{ free []VecPhysical }

func newPool() *pool {
	return &pool{[]VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}}
}

func newPool512() *pool {
	return &pool{[]VecPhysical{
		Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15, Z16, Z17,
	}}
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

// Constants stand once in the file, for all kernels that name them.
var constantsByName = map[string]Mem{}

// bytes returns the address of a constant.
func bytes(name string, bs ...uint8) Mem {
	if m, ok := constantsByName[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := 0; i < len(bs); i += 8 {
		DATA(i, U64(binary.LittleEndian.Uint64(bs[i:])))
	}
	constantsByName[name] = m
	return m
}

// words returns the address of a constant that repeats the words over a whole
// vector.
func words(name string, ws ...int16) Mem {
	var bs []uint8
	for i := range 16 {
		bs = binary.LittleEndian.AppendUint16(bs, uint16(ws[i%len(ws)]))
	}
	return bytes(name, bs...)
}

// doubles is words for one value of 32 bits.
func doubles(name string, v int32) Mem { return words(name, int16(v), int16(v>>16)) }
