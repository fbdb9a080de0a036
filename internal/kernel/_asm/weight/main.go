// Command weight writes the assembly of the room conv/weight.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	wide{}.tiles()
	wide{halves: true}.tiles()
	narrow()
	packs()
	Generate()
}

// begin begins a function of one argument, a pointer to a frame, and loads that.
func begin(name, doc string) {
	TEXT(name, NOSPLIT, "func(f *uintptr)")
	Pragma("noescape")
	Doc(name + " " + doc)
	Load(Param("f"), RDI)
}

// field loads number i of the words that the argument points at.
func field(i int, to GPPhysical) { MOVQ(Mem{Base: RDI, Disp: 8 * i}, to) }

// The words of a frame, all strides in bytes.
const (
	toField = iota
	fromField
	linesField
	toRowField
	pixelField // from one pixel of the input to the next
	rowField   // from behind a row to the next one
	imageField // from behind an image to the next one
	lineField
	imagesField
	heightField
	widthField
	rowsField
	maskField // a bit for each column
	accumulateField
	aheadField // what is wanted in the cache next
	aheadStepField
)

// loops writes the loops over images, rows and pixels of a tile: pixel does one,
// whose channels lie at RSI and line at RDX.
func loops(name string, pixel func()) {
	field(fromField, RSI)
	field(linesField, RDX)
	field(pixelField, R8)
	field(rowField, R9)
	field(lineField, R10)
	field(imagesField, R11)
	field(aheadField, R13)
	field(aheadStepField, R15)
	Label(name + "image")
	field(heightField, R12)
	Label(name + "row")
	field(widthField, RCX)
	Label(name + "pixel")
	pixel()
	PREFETCHT1(Mem{Base: R13})
	ADDQ(R15, R13)
	ADDQ(R8, RSI)
	ADDQ(R10, RDX)
	DECQ(RCX)
	JNZ(LabelRef(name + "pixel"))
	ADDQ(R9, RSI)
	DECQ(R12)
	JNZ(LabelRef(name + "row"))
	ADDQ(Mem{Base: RDI, Disp: 8 * imageField}, RSI)
	DECQ(R11)
	JNZ(LabelRef(name + "image"))
	field(toField, RAX)
	field(toRowField, RBX)
}

// choose writes the jumps to the code for each number of rows.
func choose(most int, name func(rows int) string) {
	field(rowsField, RAX)
	for rows := most; rows > 1; rows-- {
		CMPQ(RAX, U8(rows))
		JEQ(LabelRef(name(rows)))
	}
}
