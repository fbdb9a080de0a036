package filter

import "math"

// scaling is the change of a value v to
//
//	clip((v*factor/256 + base) >> shift)
//
// with the quotient rounded down and the sum limited to 16 bits. So there are
// shift bits behind the point of what is rounded down last.
type scaling struct {
	factor uint16
	base   int16
	shift  uint8
}

// newScaling returns the change to factor*v + base*k, where k is what base is
// a multiple of: 1, or 256 where it is itself multiplied with a value.
func newScaling(factor, base, unit float64) scaling {
	const most = 1 << 15 // 255 times as much, divided by 256, fits into 16 bits
	factor = min(max(factor, 0), 128)
	s := scaling{shift: 6}
	for s.shift > 0 && factor*math.Ldexp(256, int(s.shift)) > most {
		s.shift--
	}
	fraction := math.Ldexp(1, int(s.shift))
	// What is rounded down must not start below the true product.
	s.factor = uint16(math.Ceil(factor * 256 * fraction))
	s.base = int16(min(max(math.Round(base*unit*fraction), -1<<15), 1<<15-1))
	return s
}

func (s scaling) applyGeneric(pix []uint8) {
	for i, v := range pix {
		pix[i] = clip(narrow(int32(v)*int32(s.factor)>>8+int32(s.base)) >> s.shift)
	}
}

// keepGeneric clears the bits of all values that are not in a mask.
func keepGeneric(pix []uint8, mask uint8) {
	for i, v := range pix {
		pix[i] = v & mask
	}
}

// solarizeGeneric turns all values from threshold on into their complements.
func solarizeGeneric(pix []uint8, threshold uint8) {
	for i, v := range pix {
		if v >= threshold {
			pix[i] = ^v
		}
	}
}

// sumGeneric adds up all values.
func sumGeneric(pix []uint8) uint64 {
	total := uint64(0)
	for _, v := range pix {
		total += uint64(v)
	}
	return total
}
