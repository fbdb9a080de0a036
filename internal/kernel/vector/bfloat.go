package vector

import "math"

// ToBFloat16 writes x as bfloat16 numbers, the upper halves of float32 ones,
// rounded to the nearest, those halfway to even ones.
func ToBFloat16(to []uint16, x []float32) {
	to = to[:len(x)]
	done := toBFloat16(to, x)
	to, x = to[done:], x[done:]
	for i, v := range x {
		bits := math.Float32bits(v)
		if v != v {
			to[i] = uint16(bits>>16) | 0x40 // stays no number
			continue
		}
		to[i] = uint16((bits + 0x7fff + bits>>16&1) >> 16)
	}
}

// FromBFloat16 writes bfloat16 numbers as what they are.
func FromBFloat16(to []float32, x []uint16) {
	to = to[:len(x)]
	done := fromBFloat16(to, x)
	to, x = to[done:], x[done:]
	for i, v := range x {
		to[i] = math.Float32frombits(uint32(v) << 16)
	}
}
