// Command asm writes the kernels of the room above it, with AVX2 and AVX-512.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	for _, wide := range []bool{false, true} {
		i := isa{wide}
		write("max", i, func(b *body) { b.max(false) })
		write("maxPlaces", i, func(b *body) { b.max(true) })
		write("mean", i, (*body).mean)
		write("maxGradient", i, (*body).maxGradient)
		write("meanGradient", i, (*body).meanGradient)
		responses(i)
	}
	Generate()
}

// The offsets of the fields of type job.
const (
	jobTo, jobFrom, jobPlaces   = 0, 8, 16
	jobAt, jobPixelIn, jobRows  = 24, 32, 40
	jobRowIn, jobTaps, jobTapIn = 48, 56, 64
	jobPlace, jobPixelOut       = 72, 80
	jobNumber, jobWindow        = 88, 96
	jobMany, jobWhole, jobTail  = 104, 112, 120
	jobPixels, jobShare         = 128, 136
)

// A body works on a few registers of channels of one window.
type body struct {
	isa
	label   string
	vectors int
	mask    Register // of the channels, or nil for all
	job     GPVirtual
	// in and out are the offsets of the window's first tap and its output,
	// channel that of the channels, all in bytes.
	in, out, channel GPVirtual
}

// write writes a kernel: the loops over the windows and, in them, over the
// channels, several registers at a time as long as there are as many.
func write(name string, i isa, do func(b *body)) {
	name += i.suffix()
	TEXT(name, NOSPLIT, "func(j **float32)")
	Pragma("noescape")
	Doc(name + " works on the windows of j, the first field of a job.")
	b := body{isa: i, job: Load(Param("j"), GP64()).(GPVirtual), in: GP64(), out: GP64(),
		channel: GP64()}
	MOVQ(b.field(jobAt), b.in)
	MOVQ(b.field(jobPlace), b.out)
	Label("window")
	XORQ(b.channel, b.channel)
	b.channels("many", jobMany, manyVectors, do)
	b.channels("whole", jobWhole, 1, do)
	if i.wide {
		left := GP64()
		MOVQ(b.field(jobTail), left)
		TESTQ(left, left)
		JZ(LabelRef("next"))
		b.label, b.mask = "tail", i.newMask(left)
		do(&b)
		b.mask = nil
	}
	Label("next")
	ADDQ(b.field(jobPixelIn), b.in)
	ADDQ(b.field(jobPixelOut), b.out)
	DECQ(b.field(jobPixels))
	JNZ(LabelRef("window"))
	VZEROUPPER()
	RET()
}

// manyVectors is how many registers of channels are worked on at a time, so
// that the loop over a window costs less.
const manyVectors = 4

// channels works on so many registers at a time, up to the channel in a field.
func (b *body) channels(label string, end, vectors int, do func(b *body)) {
	b.label, b.vectors = label, vectors
	Label(label)
	CMPQ(b.channel, b.field(end))
	JGE(LabelRef(label + "Done"))
	do(b)
	ADDQ(U32(4*vectors*b.lanes()), b.channel)
	JMP(LabelRef(label))
	Label(label + "Done")
}

func (b *body) field(offset int) Mem { return Mem{Base: b.job, Disp: offset} }

// address returns what lies at the offset of a window behind a pointer.
func (b *body) address(pointer int, offset GPVirtual) GPVirtual {
	at := GP64()
	MOVQ(b.field(pointer), at)
	ADDQ(offset, at)
	ADDQ(b.channel, at)
	return at
}

// vector returns register number i behind an address.
func (b *body) vector(at GPVirtual, i int) Mem { return Mem{Base: at, Disp: 4 * i * b.lanes()} }

// window writes a loop over the pixels of a window; before begins each row.
func (b *body) window(before, do func(at GPVirtual)) {
	row, rows, at, taps := b.address(jobFrom, b.in), GP64(), GP64(), GP64()
	MOVQ(b.field(jobRows), rows)
	Label(b.label + "Row")
	MOVQ(row, at)
	before(at)
	MOVQ(b.field(jobTaps), taps)
	Label(b.label + "Tap")
	do(at)
	ADDQ(b.field(jobTapIn), at)
	DECQ(taps)
	JNZ(LabelRef(b.label + "Tap"))
	ADDQ(b.field(jobRowIn), row)
	DECQ(rows)
	JNZ(LabelRef(b.label + "Row"))
}

// taps writes a loop over the pixels of one row of a window.
func (b *body) taps(do func(at GPVirtual)) {
	at, taps := b.address(jobTo, b.in), GP64()
	MOVQ(b.field(jobTaps), taps)
	Label(b.label + "Tap")
	do(at)
	ADDQ(b.field(jobTapIn), at)
	DECQ(taps)
	JNZ(LabelRef(b.label + "Tap"))
}
