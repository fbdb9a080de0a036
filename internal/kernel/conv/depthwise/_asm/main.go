// Command asm writes the kernels of the room above it, with AVX2 and AVX-512.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	for _, wide := range []bool{false, true} {
		for _, isGradient := range []bool{false, true} {
			for _, k := range []kernel{
				{taps: 1, stride: 1}, {taps: 2, stride: 1}, {taps: 3, stride: 1},
				{taps: 5, stride: 1}, {taps: 3, stride: 2}, {taps: 5, stride: 2},
			} {
				k.isa, k.isGradient, k.width = isa{wide}, isGradient, tileWidth
				k.write()
			}
			for _, width := range []int{tileWidth, 1} {
				kernel{isa: isa{wide}, isGradient: isGradient, width: width}.write()
			}
		}
	}
	Generate()
}

const tileWidth = 7

// The offsets of the fields of type tile.
const (
	tileTo, tileFrom, tileWeights, tileBias, tileResidual = 0, 8, 16, 24, 32
	tileAt, tileRows, tileRowIn, tilePixelIn              = 40, 48, 56, 64
	tilePlace, tilePixelOut, tileWeightRow, tileTap       = 72, 80, 88, 96
	tileWhole, tileTail, tileTileIn, tileTileOut          = 104, 112, 120, 128
	tileColumns, tileOutputs, tileTaps, tileTapIn         = 136, 144, 152, 160
	tileTiles, tileLower, tileUpper                       = 168, 176, 180
	tileAhead, tileAheadOut                               = 184, 192
)

// A kernel works on tiles. Where taps is 0, taps and stride are those that the
// tile says; otherwise neighbours share the pixels that they read.
type kernel struct {
	isa
	isGradient          bool // of the weights
	taps, stride, width int
}

func (k kernel) name() string {
	verb := map[bool]string{false: "forward", true: "gradient"}[k.isGradient]
	if k.taps == 0 {
		return fmt.Sprintf("%sAny%d%s", verb, k.width, k.suffix())
	}
	return fmt.Sprintf("%s%dStride%d%s", verb, k.taps, k.stride, k.suffix())
}

// write writes a kernel: the loop over the tiles and, in it, over the channels.
func (k kernel) write() {
	TEXT(k.name(), NOSPLIT, "func(t **float32)")
	Pragma("noescape")
	Doc(k.name() + " works on the tiles of t, the first field of a tile.")
	p := k.newPlace(Load(Param("t"), GP64()).(GPVirtual))
	all := "all"
	if k.taps > 0 {
		CMPQ(Mem{Base: p.tile, Disp: tileColumns}, I8(-1)) // all are there
		JNE(LabelRef("some"))
	}
	k.tiles(p, all, false)
	if k.taps > 0 {
		k.tiles(p, "some", true)
	}
}

// tiles goes over the tiles, whose columns and results may be there in part.
func (k kernel) tiles(p *place, label string, isPart bool) {
	Label(label)
	XORQ(p.channel, p.channel)
	Label(label + "Whole")
	CMPQ(p.channel, Mem{Base: p.tile, Disp: tileWhole})
	JGE(LabelRef(label + "Tail"))
	b := body{kernel: k, place: p, label: label + "Whole", isPart: isPart}
	b.write()
	ADDQ(Imm(uint64(4*k.lanes())), p.channel)
	JMP(LabelRef(label + "Whole"))
	Label(label + "Tail")
	left := GP64()
	MOVQ(Mem{Base: p.tile, Disp: tileTail}, left)
	TESTQ(left, left)
	JZ(LabelRef(label + "Next"))
	b = body{kernel: k, place: p, label: label + "Tail", isPart: isPart, mask: k.newMask(left)}
	b.write()
	Label(label + "Next")
	ADDQ(Mem{Base: p.tile, Disp: tileTileIn}, p.in)
	ADDQ(Mem{Base: p.tile, Disp: tileTileOut}, p.out)
	DECQ(Mem{Base: p.tile, Disp: tileTiles})
	JNZ(LabelRef(label))
	VZEROUPPER()
	RET()
}

// A place is where a kernel is. in and out are the offsets of the tile's first
// pixels, channel that of the channels, all in bytes.
type place struct {
	tile, in, out, channel GPVirtual
	pixel, pixels3         GPVirtual // the distance of pixels that are read, and three times it
}

func (k kernel) newPlace(tile GPVirtual) *place {
	p := &place{tile: tile, in: GP64(), out: GP64(), channel: GP64(),
		pixel: GP64(), pixels3: GP64()}
	MOVQ(Mem{Base: tile, Disp: tileAt}, p.in)
	MOVQ(Mem{Base: tile, Disp: tilePlace}, p.out)
	MOVQ(Mem{Base: tile, Disp: tilePixelIn}, p.pixel)
	LEAQ(Mem{Base: p.pixel, Index: p.pixel, Scale: 2}, p.pixels3)
	return p
}
