package vector

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

const (
	log2e = math.Log2E
	// ln2High and ln2Low add up to the logarithm of 2; the first one has so few
	// bits that its multiples are exact.
	ln2High = 0.693359375
	ln2Low  = -2.12194440e-4
	// lowest is where results would no longer be normal numbers.
	lowest = -87.33654
)

// expTerms are the coefficients of exp on [-ln2/2, ln2/2], highest power first,
// without the last two, which are 1 (Moshier's Cephes library, expf).
var expTerms = [...]float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
	4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}

// exp returns e to the power of x <= 0, within 2e-7 of it relatively, and 0 where
// that is below the normal numbers.
func exp(x float32) float32 {
	if x < lowest {
		return 0
	}
	n := float32(math.RoundToEven(float64(x * log2e)))
	r := x - n*ln2High - n*ln2Low
	p := expTerms[0]
	for _, c := range expTerms[1:] {
		p = p*r + c
	}
	p = p*(r*r) + r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// Exponentials writes e to the power of x-shift, relatively within 2e-7 and the
// rounding of the difference, and returns the sum of what it wrote. No element of
// x is above shift. Results below the normal numbers are 0, and what is not a
// number stays so.
func Exponentials(to, x []float32, shift float32) float64 {
	to = cut(to, len(x))
	total := 0.0
	for len(x) > 0 {
		n := min(len(x), most)
		var sums [lanes]float32
		done := exponentials(&sums, to[:n], x[:n], shift)
		if rest := x[done:n]; current > isa.Generic && len(rest) > 0 {
			exponentialsRest(&sums, to[done:n], rest, shift)
		} else {
			for i, v := range rest {
				to[done+i] = exp(v - shift)
				sums[i%lanes] += to[done+i]
			}
		}
		for _, v := range sums {
			total += float64(v)
		}
		to, x = to[n:], x[n:]
	}
	return total
}

// exponentialsRest takes fewer than a register of numbers: rows of few classes
// are nothing else.
func exponentialsRest(sums *[lanes]float32, to, x []float32, shift float32) {
	var padded [lanes]float32
	for i := copy(padded[:], x); i < lanes; i++ {
		padded[i] = float32(math.Inf(-1))
	}
	exponentials(sums, padded[:], padded[:], shift)
	copy(to, padded[:])
}
