// Package bf16 encodes the instructions of AVX512_BF16, which the assembler
// does not know, as bytes.
package bf16

import (
	"encoding/binary"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	opcodeDot     = 0x52 // VDPBF16PS
	opcodeConvert = 0x72 // VCVTNEPS2BF16
)

// Dot adds to each float of sum the products of the two pairs at its place in
// a and b: VDPBF16PS b, a, sum, with 16 floats of 32 bits.
func Dot(b, a, sum reg.Register) { emit(opcodeDot, number(sum), number(a), register(b), false) }

// DotBroadcast is Dot with one pair in memory for b.
func DotBroadcast(b operand.Mem, a, sum reg.Register) {
	emit(opcodeDot, number(sum), number(a), memory(b), true)
}

// Convert rounds the 16 floats of from to the nearest bfloat16, those half way
// to the even one, into the 32 bytes of to: VCVTNEPS2BF16 from, to.
func Convert(from, to reg.Register) { emit(opcodeConvert, number(to), 0, register(from), false) }

func number(r reg.Register) int { return int(r.(reg.Physical).PhysicalIndex()) }

// A place is the operand that lies in a register or in memory.
type place struct {
	low, x, b int    // three bits for the ModRM byte, and the two that extend them
	tail      []byte // all from the ModRM byte's second half on, but the register
	mode      int    // the ModRM byte's upper two bits
}

func register(r reg.Register) place {
	n := number(r)
	return place{low: n & 7, b: n >> 3 & 1, x: n >> 4 & 1, mode: 3}
}

// memory returns base + index*scale + displacement; the displacement is a
// multiple of 4 within 127 of them, or takes 4 bytes.
func memory(m operand.Mem) place {
	base := number(m.Base)
	p := place{b: base >> 3 & 1, low: base & 7}
	if m.Index != nil || base&7 == 4 {
		scale, index := 0, 4 // no index
		if m.Index != nil {
			index = number(m.Index)
			for 1<<scale < int(m.Scale) {
				scale++
			}
		}
		p.low, p.x = 4, index>>3&1
		p.tail = append(p.tail, byte(scale<<6|(index&7)<<3|base&7))
	}
	switch {
	case m.Disp == 0 && base&7 != 5:
	case m.Disp%4 == 0 && m.Disp/4 >= -128 && m.Disp/4 < 128:
		p.mode = 1
		p.tail = append(p.tail, byte(m.Disp/4))
	default:
		p.mode = 2
		for i := range 4 {
			p.tail = append(p.tail, byte(m.Disp>>(8*i)))
		}
	}
	return p
}

// emit writes an instruction of the map 0F38 with the prefix F3 and 512 bits.
func emit(opcode byte, to, second int, p place, broadcast bool) {
	not := func(bit int) int { return bit&1 ^ 1 }
	spread := 0
	if broadcast {
		spread = 1
	}
	bytes := append([]byte{
		0x62,
		byte(not(to>>3)<<7 | not(p.x)<<6 | not(p.b)<<5 | not(to>>4)<<4 | 2),
		byte((^second&15)<<3 | 4 | 2),
		byte(2<<5 | spread<<4 | not(second>>4)<<3),
		opcode,
		byte(p.mode<<6 | (to&7)<<3 | p.low),
	}, p.tail...)
	for ; len(bytes) >= 4; bytes = bytes[4:] {
		literal("LONG", operand.U32(binary.LittleEndian.Uint32(bytes)))
	}
	if len(bytes) >= 2 {
		literal("WORD", operand.U16(binary.LittleEndian.Uint16(bytes)))
		bytes = bytes[2:]
	}
	for _, b := range bytes {
		literal("BYTE", operand.U8(b))
	}
}

func literal(opcode string, value operand.Op) {
	build.Instruction(&ir.Instruction{Opcode: opcode, Operands: []operand.Op{value}})
}
