package degrade

// The divisors of ITU-T T.81, annex K.1, in natural order: what quality 50
// stands for.
var (
	lumaQuant = [64]uint16{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	chromaQuant = [64]uint16{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// quantOf returns the divisors of a quality, by libjpeg's formula.
func quantOf(base *[64]uint16, quality int) (quant [64]uint16) {
	quality = min(max(quality, 1), 100)
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / quality
	}
	for i, v := range base {
		quant[i] = uint16(min(max((int(v)*scale+50)/100, 1), 255))
	}
	return quant
}

// factors are what the assembly divides by: a magnitude m of a coefficient,
// which is 8 times as large as it should be, becomes (m + add) * by, rounded
// down. The half that is added beyond rounding makes exact multiples safe from
// the rounding of the product, and nothing else changes: the next fraction is
// another half away.
type factors struct{ add, by [64]float32 }

func (f *factors) set(quant *[64]uint16) {
	for i, q := range quant {
		f.add[i] = 4*float32(q) + 0.5
		f.by[i] = 1 / (8 * float32(q))
	}
}
