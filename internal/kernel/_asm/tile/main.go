// Command tile writes the tiles of the room kernel: few rows and columns of a
// matrix product, summed in registers.
//
// A tile of n rows reads a line of B, spreads one element of A after another
// over a register and multiplies; it goes through all segments and their whole
// depth, and through several tiles of the same form, one behind the other.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64")
	for rows := 1; rows <= 14; rows++ {
		tile{rows: rows, columns: 2, form: avx512}.write()
		tile{rows: rows, columns: 1, form: avx512}.write()
	}
	for rows := 1; rows <= 14; rows++ {
		tile{rows: rows, columns: 2, form: bfloat16}.write()
		tile{rows: rows, columns: 1, form: bfloat16}.write()
	}
	for rows := 1; rows <= half; rows++ {
		tile{rows: rows, columns: 2, form: avx2}.write()
	}
	Generate()
}
