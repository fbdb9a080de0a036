package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A body works on one register of channels in all pixels of a tile.
type body struct {
	kernel
	*place
	label  string
	isPart bool     // columns and results are checked
	mask   Register // of the channels, or nil for all
	from   GPVirtual
	weight GPVirtual
	rows   GPVirtual
	// pixels are the sums of the results or, in a gradient, what is given of them.
	pixels []VecVirtual
}

func (b *body) write() {
	b.from, b.weight, b.rows = GP64(), GP64(), GP64()
	b.pixels = b.registers(b.width)
	if b.isGradient {
		b.readGradient()
	} else {
		b.startSums()
	}
	MOVQ(Mem{Base: b.tile, Disp: tileFrom}, b.from)
	ADDQ(b.in, b.from)
	ADDQ(b.channel, b.from)
	MOVQ(Mem{Base: b.tile, Disp: tileWeights}, b.weight)
	ADDQ(b.channel, b.weight)
	if b.taps > 1 { // parts of one tap share their pixels with others
		b.prefetch()
	}
	if b.taps > 0 && b.isGradient {
		b.prefetchResults()
	}
	MOVQ(Mem{Base: b.tile, Disp: tileRows}, b.rows)
	TESTQ(b.rows, b.rows)
	JZ(LabelRef(b.label + "End"))
	Label(b.label + "Row")
	if b.taps == 0 {
		b.anyRow()
	} else {
		b.row()
	}
	ADDQ(Mem{Base: b.tile, Disp: tileRowIn}, b.from)
	DECQ(b.rows)
	JNZ(LabelRef(b.label + "Row"))
	Label(b.label + "End")
	if !b.isGradient {
		b.finish()
	}
}

// prefetch asks for the pixels of the rows that the row of results below will
// read first.
func (b *body) prefetch() {
	at, row := GP64(), GP64()
	MOVQ(Mem{Base: b.tile, Disp: tileAhead}, row)
	ADDQ(b.from, row)
	for y := range b.stride {
		MOVQ(row, at)
		for x := range b.width * b.stride {
			if x > 0 && x%4 == 0 {
				LEAQ(Mem{Base: at, Index: b.pixel, Scale: 4}, at)
			}
			PREFETCHT0(b.pixelAt(at, x%4))
		}
		if y < b.stride-1 {
			ADDQ(Mem{Base: b.tile, Disp: tileRowIn}, row)
		}
	}
}

// prefetchResults asks for what is given of the results below.
func (b *body) prefetchResults() {
	at := GP64()
	MOVQ(Mem{Base: b.tile, Disp: tileTo}, at)
	ADDQ(b.out, at)
	ADDQ(b.channel, at)
	ADDQ(Mem{Base: b.tile, Disp: tileAheadOut}, at)
	for i := range b.width {
		PREFETCHT0(Mem{Base: at})
		if i < b.width-1 {
			ADDQ(Mem{Base: b.tile, Disp: tilePixelOut}, at)
		}
	}
}

// check jumps over what do writes where a bit of the tile's flags is not set.
func (b *body) check(flags int, bit int, do func()) {
	if !b.isPart {
		do()
		return
	}
	skip := fmt.Sprintf("%sSkip%d_%d", b.label, len(skips), bit)
	skips = append(skips, skip)
	TESTL(U32(1<<bit), Mem{Base: b.tile, Disp: flags})
	JZ(LabelRef(skip))
	do()
	Label(skip)
}

var skips []string

// eachPixel writes something for the place of each result in memory.
func (b *body) eachPixel(field int, do func(i int, at Mem)) {
	at := GP64()
	MOVQ(Mem{Base: b.tile, Disp: field}, at)
	ADDQ(b.out, at)
	ADDQ(b.channel, at)
	for i := range b.width {
		b.check(tileOutputs, i, func() { do(i, Mem{Base: at}) })
		if i < b.width-1 {
			ADDQ(Mem{Base: b.tile, Disp: tilePixelOut}, at)
		}
	}
}

func (b *body) readGradient() {
	if b.isPart {
		for _, v := range b.pixels {
			b.clear(v)
		}
	}
	b.eachPixel(tileTo, func(i int, at Mem) { b.load(at, b.mask, b.pixels[i]) })
}

// startSums sets the sums to the bias.
func (b *body) startSums() {
	for _, v := range b.pixels {
		b.clear(v)
	}
	at := GP64()
	MOVQ(Mem{Base: b.tile, Disp: tileBias}, at)
	TESTQ(at, at)
	JZ(LabelRef(b.label + "NoBias"))
	b.load(Mem{Base: at, Index: b.channel, Scale: 1}, b.mask, b.pixels[0])
	for _, v := range b.pixels[1:] {
		VMOVAPS(b.pixels[0], v)
	}
	Label(b.label + "NoBias")
}

// row multiplies a row of the kernel, whose elements stay in registers, with
// pixels that are each read once.
func (b *body) row() {
	weights, first := b.registers(b.taps), GP64()
	if b.isGradient {
		MOVQ(b.weight, first)
	}
	for _, w := range weights {
		VMOVUPS(Mem{Base: b.weight}, w)
		ADDQ(Mem{Base: b.tile, Disp: tileTap}, b.weight)
	}
	at := GP64()
	MOVQ(b.from, at)
	columns := (b.width-1)*b.stride + b.taps
	for j := range columns {
		if j > 0 && j%4 == 0 {
			LEAQ(Mem{Base: at, Index: b.pixel, Scale: 4}, at)
		}
		b.check(tileColumns, j, func() {
			v := b.register()
			b.load(b.pixelAt(at, j%4), b.mask, v)
			for tap, w := range weights {
				i := (j - tap) / b.stride
				switch {
				case j < tap || (j-tap)%b.stride != 0 || i >= b.width:
				case b.isGradient:
					VFMADD231PS(v, b.pixels[i], w)
				default:
					VFMADD231PS(v, w, b.pixels[i])
				}
			}
		})
	}
	if b.isGradient {
		for _, w := range weights {
			VMOVUPS(w, Mem{Base: first})
			ADDQ(Mem{Base: b.tile, Disp: tileTap}, first)
		}
	}
}

// pixelAt returns the place of a pixel, 0 to 3, behind one.
func (b *body) pixelAt(at GPVirtual, i int) Mem {
	switch i {
	case 0:
		return Mem{Base: at}
	case 3:
		return Mem{Base: at, Index: b.pixels3, Scale: 1}
	default:
		return Mem{Base: at, Index: b.pixel, Scale: uint8(i)}
	}
}

// anyRow multiplies a row of the kernel as long as the tile says, with pixels
// as far from each other as it says.
func (b *body) anyRow() {
	first, left := GP64(), GP64()
	MOVQ(b.from, first)
	MOVQ(Mem{Base: b.tile, Disp: tileTaps}, left)
	Label(b.label + "Tap")
	w := b.register()
	VMOVUPS(Mem{Base: b.weight}, w)
	at := first
	for i := range b.width {
		if i > 0 && i%4 == 0 {
			next := GP64()
			LEAQ(Mem{Base: at, Index: b.pixel, Scale: 4}, next)
			at = next
		}
		if b.isGradient {
			b.multiplyAdd(b.pixelAt(at, i%4), b.mask, b.pixels[i], w)
		} else {
			b.multiplyAdd(b.pixelAt(at, i%4), b.mask, w, b.pixels[i])
		}
	}
	if b.isGradient {
		VMOVUPS(w, Mem{Base: b.weight})
	}
	ADDQ(Mem{Base: b.tile, Disp: tileTap}, b.weight)
	ADDQ(Mem{Base: b.tile, Disp: tileTapIn}, first)
	DECQ(left)
	JNZ(LabelRef(b.label + "Tap"))
	ADDQ(Mem{Base: b.tile, Disp: tileWeightRow}, b.weight)
}

// finish does the epilogue and writes the results. Where one is not a number,
// it stays so: it is the operand that comparisons then give.
func (b *body) finish() {
	residual := GP64()
	MOVQ(Mem{Base: b.tile, Disp: tileResidual}, residual)
	TESTQ(residual, residual)
	JZ(LabelRef(b.label + "NoResidual"))
	b.eachPixel(tileResidual, func(i int, at Mem) {
		v := b.register()
		b.load(at, b.mask, v)
		VADDPS(v, b.pixels[i], b.pixels[i])
	})
	Label(b.label + "NoResidual")
	lower, upper := b.register(), b.register()
	VBROADCASTSS(Mem{Base: b.tile, Disp: tileLower}, lower)
	VBROADCASTSS(Mem{Base: b.tile, Disp: tileUpper}, upper)
	b.eachPixel(tileTo, func(i int, at Mem) {
		v := b.pixels[i]
		VMAXPS(v, lower, v)
		VMINPS(v, upper, v)
		b.store(v, b.mask, at)
	})
}
