package vector

import "math"

// A Mask multiplies each element by 0, at random, or by Scale (Srivastava et al.,
// 2014, "Dropout").
type Mask struct {
	Key       uint64
	Threshold uint32 // of 2^32 elements how many are 0
	Scale     float32
}

// Apply writes x times the mask from its element first on, which is even. An
// element depends on Key and its number alone.
func (m Mask) Apply(to, x []float32, first int) {
	to = cut(to, len(x))
	done := m.apply(to, x, first)
	m.applyGeneric(to[done:], x[done:], first+done)
}

// applyGeneric draws 64 bits for two elements.
func (m Mask) applyGeneric(to, x []float32, first int) {
	to = to[:len(x)]
	pair := uint64(first / 2)
	for len(x) >= 2 && len(to) >= 2 {
		draw := Mix(m.Key ^ pair)
		to[0], to[1] = x[0]*m.factor(uint32(draw)), x[1]*m.factor(uint32(draw>>32))
		to, x = to[2:], x[2:]
		pair++
	}
	if len(x) == 1 && len(to) == 1 {
		to[0] = x[0] * m.factor(uint32(Mix(m.Key^pair)))
	}
}

// factor returns 0 or the scale for a draw, by its bits: a branch would be
// mispredicted.
func (m Mask) factor(draw uint32) float32 {
	keep := ^uint32((int64(draw) - int64(m.Threshold)) >> 63)
	return math.Float32frombits(math.Float32bits(m.Scale) & keep)
}

// Mix is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014, "Fast
// Splittable Pseudorandom Number Generators"), which makes a counter random.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
