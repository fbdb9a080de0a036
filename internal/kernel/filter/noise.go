package filter

import "math"

// noiseBlock is how many values one pair of draws for each of eight lanes
// serves.
const noiseBlock = 16

// noise is a normal distribution, in values, and the keys of its draws. The
// assembly knows the order of the fields.
type noise struct {
	mean, sigma float32
	keys        [2]uint32
}

// AddNoise adds to every value its own draw from the normal distribution of
// the given mean and standard deviation, 255 at most either way and rounded
// towards 0. The draws depend on nothing but the seed and the value's place.
func AddNoise(pix []uint8, mean, sigma float64, seed uint64) {
	n := noise{float32(mean), float32(sigma), [2]uint32{uint32(seed), uint32(seed >> 32)}}
	for at := 0; at < len(pix); at += most / 4 {
		n.add(pix[at:min(at+most/4, len(pix))], uint32(at/noiseBlock))
	}
}

// addGeneric adds noise from block number start on. In each block, draw i is
// that of the values i and i+8 (Box and Muller, "A note on the generation of
// random normal deviates", 1958).
func (n *noise) addGeneric(pix []uint8, start uint32) {
	for at := 0; at < len(pix); at += noiseBlock {
		block := pix[at:min(at+noiseBlock, len(pix))]
		for i := range min(noiseBlock/2, len(block)) {
			first, second := n.draw((start+uint32(at/noiseBlock))*8 + uint32(i))
			block[i] = clip(int32(block[i]) + first)
			if i+8 < len(block) {
				block[i+8] = clip(int32(block[i+8]) + second)
			}
		}
	}
}

// draw returns two independent draws.
func (n *noise) draw(counter uint32) (first, second int32) {
	angle := scramble(scramble(counter+n.keys[0]) ^ n.keys[1])
	radius := scramble((angle ^ n.keys[0]) + golden)
	turns := float32(int32(angle)) * (1.0 / (1 << 32))
	// A draw from (0, 1], with 24 bits.
	r := float32(math.Sqrt(float64(max(0, -2*logarithm(float32(radius>>8+1)*(1.0/(1<<24)))))))
	square := float32(turns * turns)
	return n.scaled(r * poly(square, cosine[:])),
		n.scaled(r * float32(turns*poly(square, sine[:])))
}

// scaled returns a draw of this distribution for one of the standard normal.
func (n *noise) scaled(z float32) int32 {
	return int32(min(max(float32(z*n.sigma)+n.mean, -255), 255))
}

// golden is 2^32 over the golden ratio.
const golden = 0x9e3779b9

// scramble turns a counter into bits (C. Wellons, "lowbias32", 2018).
func scramble(x uint32) uint32 {
	x = (x ^ x>>16) * 0x7feb352d
	x = (x ^ x>>15) * 0x846ca68b
	return x ^ x>>16
}

// The polynomials are interpolations at the Chebyshev nodes. They are 1e-5 off
// the functions, of which eight bits of the result show nothing.
var (
	// ln(1+x)/x for x in [0, 1)
	logMantissa = [...]float32{
		0.999990582, -0.499314666, 0.324849576, -0.209079534, 0.10013973, -0.023443656,
	}
	// cos(2 pi x) and sin(2 pi x)/x for x*x in [0, 1/4]
	cosine = [...]float32{
		0.999999225, -19.7389774, 64.9285889, -85.2708435, 58.7869415, -21.0654297,
	}
	sine = [...]float32{6.28316069, -41.3367805, 81.4467163, -74.9030838, 33.5357056}
)

// poly returns the value of a polynomial.
func poly(x float32, factors []float32) float32 {
	v := factors[len(factors)-1]
	for i := len(factors) - 2; i >= 0; i-- {
		v = float32(v*x) + factors[i]
	}
	return v
}

// logarithm returns the natural logarithm of a positive number.
func logarithm(v float32) float32 {
	bits := math.Float32bits(v)
	exponent := float32(int32(bits>>23) - 127)
	x := math.Float32frombits(bits&(1<<23-1)|127<<23) - 1
	return float32(exponent*math.Ln2) + float32(x*poly(x, logMantissa[:]))
}
