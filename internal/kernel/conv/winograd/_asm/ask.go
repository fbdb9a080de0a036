package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// ask writes the kernel that asks memory for rows of lines of the cache.
func ask() {
	TEXT("askLines", NOSPLIT, "func(p *float32, row, rows, lines int)")
	Pragma("noescape")
	Doc("askLines asks for rows, not 0, of lines of 64 bytes, not 0; row is their distance " +
		"in bytes.")
	at := Load(Param("p"), RSI)
	row := Load(Param("row"), RDX)
	rows := Load(Param("rows"), RCX)
	lines := Load(Param("lines"), R8)
	loop("rows", rows, func() {
		MOVQ(at, RAX)
		MOVQ(lines, R9)
		loop("lines", R9, func() {
			PREFETCHT0(Mem{Base: RAX})
			ADDQ(Imm(64), RAX)
		})
		ADDQ(row, at)
	})
	RET()
}
