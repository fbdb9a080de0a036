package main

import (
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The fields of the frame that a tile reads, in order: see type frame of the
// room. All are 8 bytes.
const (
	frameDepth = 8 * iota
	frameSegments
	frameSegment
	frameTiles
	frameAAt
	frameBAt
	frameCAt
	frameATile
	frameBTile
	frameCTile
	frameARow
	frameAHalf
	frameADepth
	frameBDepth
	frameCRow
	frameCHalf
	frameMask
	frameClamps
	frameStream
	frameAheadStep
	frameAheadAt
	frameCeiling
	frameA
	frameB
	frameC
	frameOffsets
	frameBias
	frameResidual
	frameAhead
)

// The registers. R14 and BP belong to the runtime.
var (
	frame    = RBX
	upper    = RDI // address of row 0 in A, at the current depth
	lower    = RSI // that of row 7
	line     = RDX // of B
	depth    = RCX // that is left of the segment
	once     = R8  // the stride of A's rows, 3 times and 5 times it
	thrice   = R9
	fivefold = R10
	step     = R11 // from one element of A to the next of its row
	ahead    = R12 // what is brought into the second cache next
	pace     = R13 // from there to what follows
	start    = R15 // of the tile in A
	lineStep = RAX // from one line of B to the next
)

// half is how many rows lie evenly spaced: those behind them start where the
// frame says.
const half = 7

func field(offset int) Mem { return Mem{Base: frame, Disp: offset} }

// element returns the place of row i in A, at the current depth.
func element(i int) Mem {
	base := upper
	if i >= half {
		base = lower
	}
	switch i % half {
	case 0:
		return Mem{Base: base}
	case 1:
		return Mem{Base: base, Index: once, Scale: 1}
	case 2:
		return Mem{Base: base, Index: once, Scale: 2}
	case 3:
		return Mem{Base: base, Index: thrice, Scale: 1}
	case 4:
		return Mem{Base: base, Index: once, Scale: 4}
	case 5:
		return Mem{Base: base, Index: fivefold, Scale: 1}
	default:
		return Mem{Base: base, Index: thrice, Scale: 2}
	}
}
