package winograd

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// productFrame is what the assembly of products reads, strides in bytes.
type productFrame struct {
	a, b, c                     *float32
	aBlock, cRow, depth, blocks int
	adds                        int // 1 where c is added to
}

// outerFrame is what the assembly of outer products reads.
type outerFrame struct {
	a                           *float32
	b                           [2]*float32
	c                           *float32
	aBlock, cRow, depth, blocks int
}

func (p *product) run() {
	p.check()
	if current == isa.Generic {
		p.generic()
		return
	}
	f := productFrame{a: &p.a[0], b: &p.b[0], c: &p.c[0], aBlock: p.aBlock * float,
		cRow: p.cRow * float, depth: p.depth, blocks: p.blocks}
	if p.adds {
		f.adds = 1
	}
	words := (*uintptr)(unsafe.Pointer(&f))
	if current == isa.AVX512 {
		productAVX512(p.rows, words)
	} else {
		productAVX2(p.rows, words)
	}
}

func productAVX2(rows int, f *uintptr) {
	switch rows {
	case 6:
		product6AVX2(f)
	case 5:
		product5AVX2(f)
	case 4:
		product4AVX2(f)
	case 3:
		product3AVX2(f)
	case 2:
		product2AVX2(f)
	case 1:
		product1AVX2(f)
	default:
		panic("winograd: blocks of too many rows")
	}
}

func productAVX512(rows int, f *uintptr) {
	switch rows {
	case 14:
		product14AVX512(f)
	case 13:
		product13AVX512(f)
	case 12:
		product12AVX512(f)
	case 11:
		product11AVX512(f)
	case 10:
		product10AVX512(f)
	case 9:
		product9AVX512(f)
	case 8:
		product8AVX512(f)
	case 7:
		product7AVX512(f)
	case 6:
		product6AVX512(f)
	case 5:
		product5AVX512(f)
	case 4:
		product4AVX512(f)
	case 3:
		product3AVX512(f)
	case 2:
		product2AVX512(f)
	case 1:
		product1AVX512(f)
	default:
		panic("winograd: blocks of too many rows")
	}
}

func (p *outer) run() {
	p.check()
	if current == isa.Generic {
		p.generic()
		return
	}
	f := outerFrame{a: &p.a[0], b: [2]*float32{&p.b[0][0], &p.b[1][0]}, c: &p.c[0],
		aBlock: p.aBlock * float, cRow: p.cRow * float, depth: p.depth, blocks: p.blocks}
	words := (*uintptr)(unsafe.Pointer(&f))
	if current == isa.AVX512 {
		outerAVX512(words)
	} else {
		outerAVX2(words)
	}
}
