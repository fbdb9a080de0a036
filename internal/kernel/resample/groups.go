package resample

import (
	"math/bits"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// A layout is how the values of a row lie in the registers that scale it.
type layout int

const (
	// inGo is for rows that no other layout suits.
	inGo layout = iota
	// dense puts all values side by side.
	dense
	// byPixel gives each pixel a window of its own, so that it suits every
	// scale. A register has two pixels of 3 values, and a fourth that is not
	// used.
	byPixel
)

// groups are the weights across in the order of the loops with AVX2 and
// AVX-512. Values of a row of the result (channels of pixels) lie side by side
// in a register, 8 or 16 of them. For each the register gets two source bytes,
// of two neighbouring taps, by one shuffle of bytes that lie close together.
type groups struct {
	across   *axis
	from, to int // channels of the source and of the result
	mirror   bool

	layout  layout
	values  int // in a register
	window  int // bytes that a shuffle reaches
	lane    int // values that share a window
	pairs   int // of taps
	reach   int // how far a row is read, in bytes
	offset  []int32
	base    []int32  // where each lane's window begins
	index   []uint32 // two bytes for each value, from its lane's base on
	weights []uint32 // two for each value: register by register, pair by pair
}

// set lays the weights out for the variant in use.
func (g *groups) set(across *axis, from, to int, mirror bool) {
	g.across, g.from, g.to, g.mirror = across, from, to, mirror
	g.layout = inGo
	switch current {
	case isa.AVX512:
		g.values, g.window, g.lane = 16, 64, 16
	case isa.AVX2:
		g.values, g.window, g.lane = 8, 16, 4
	default:
		return
	}
	n := len(across.first) * to
	padded := (n + 15) &^ 15
	g.pairs = (across.most + 1) / 2
	g.offset = resize(g.offset, padded)
	g.setOffsets()
	for i := n; i < padded; i++ {
		g.offset[i] = g.offset[n-to]
	}
	g.base, g.index = resize(g.base, padded/g.lane), resize(g.index, padded)
	switch {
	case g.setIndex():
		g.layout = dense
		g.weights = resize(g.weights, padded*g.pairs)
		g.setWeights(n)
	case from == 3:
		g.layout = byPixel
		g.setByPixel()
	}
}

// rowFloats returns how many floats the loops write at most for a row.
func (g *groups) rowFloats() int {
	n := len(g.across.first) * g.to
	if g.layout == byPixel {
		n += 4 // a pixel more, and the value behind it
	}
	return max((n+15)&^15, blockValues)
}

// setOffsets sets where in a row the first tap of each value is.
func (g *groups) setOffsets() {
	at, from := 0, int32(g.from)
	for i := range g.across.first {
		first := g.across.first[g.pixel(i)] * from
		if g.to == 1 {
			g.offset[i] = first
			continue
		}
		o := g.offset[at : at+3 : at+3]
		o[0], o[1], o[2] = first, first, first
		if from == 3 {
			o[1], o[2] = first+1, first+2
		}
		at += 3
	}
}

// pixel returns which pixel of the axis stands at place i of a row.
func (g *groups) pixel(i int) int {
	if g.mirror {
		return len(g.across.first) - 1 - i
	}
	return i
}

// setIndex sets the bases and the shuffles, and tells whether the windows
// suffice. Bytes with the highest bit set stand for a 0 between two values.
func (g *groups) setIndex() bool {
	const between = 0x80008000
	step := uint32(g.from)
	most := uint32(0)
	last := int32(0)
	for l := range g.base {
		offset, index := g.offset[l*g.lane:][:g.lane], g.index[l*g.lane:][:g.lane]
		base := min(offset[0], offset[g.lane-1])
		if g.to == 3 { // a mirrored lane may begin or end within a pixel
			base = min(base, offset[1], offset[2], offset[g.lane-2], offset[g.lane-3])
		}
		for i, o := range offset {
			near := uint32(o - base)
			most = max(most, near)
			index[i] = between | near | (near+step)<<16
		}
		g.base[l] = base
		last = max(last, base)
	}
	g.reach = int(last) + (g.pairs-1)*2*g.from + g.window
	if g.lane == 16 && g.pairs > 1 { // two pairs from one window
		most += 2 * step
	}
	return int(most+step) < g.window
}

// setWeights sets the pairs of weights of n values, and of those behind them
// to 0.
func (g *groups) setWeights(n int) {
	shift, low := bits.TrailingZeros(uint(g.values)), g.values-1
	block := g.values * g.pairs
	for i := n; i < len(g.offset); i++ {
		for j := range g.pairs {
			g.weights[i>>shift*block+i&low+j*g.values] = 0
		}
	}
	for i := 0; i < n; i += g.to {
		p := g.pixel(i / g.to)
		weights := g.across.weights[p*g.across.taps:][:2*g.pairs]
		first := i>>shift*block + i&low
		second := (i+1)>>shift*block + (i+1)&low
		third := (i+2)>>shift*block + (i+2)&low
		for j := 0; j < len(weights); j += 2 {
			pair := uint32(uint16(weights[j])) | uint32(uint16(weights[j+1]))<<16
			g.weights[first] = pair
			first += g.values
			if g.to == 3 {
				g.weights[second], g.weights[third] = pair, pair
				second, third = second+g.values, third+g.values
			}
		}
	}
}

// setByPixel is all of the above for the layout of that name.
func (g *groups) setByPixel() {
	g.values, g.window = 8, 16
	out := len(g.across.first)
	padded := (out + 1) &^ 1
	g.base = resize(g.base, padded)
	g.weights = resize(g.weights, padded/2*g.pairs*g.values)
	last := int32(0)
	for i := range padded {
		p := g.pixel(min(i, out-1))
		g.base[i] = g.across.first[p] * int32(g.from)
		last = max(last, g.base[i])
		weights := g.across.weights[p*g.across.taps:][:2*g.pairs]
		at := i/2*g.pairs*g.values + i%2*4
		for j := 0; j < len(weights); j += 2 {
			pair := uint32(uint16(weights[j])) | uint32(uint16(weights[j+1]))<<16
			lane := g.weights[at : at+4 : at+4]
			lane[0], lane[1], lane[2], lane[3] = pair, pair, pair, pair
			at += g.values
		}
	}
	g.reach = int(last) + (g.pairs-1)*2*g.from + g.window
}

// generic scales one row across; it is the contract of the others. Results are
// whole numbers, which clip limits to what a byte holds.
func (g *groups) generic(dst []float32, src []uint8, clip bool) {
	a := g.across
	for i := range a.first {
		p := g.pixel(i)
		weights := a.weights[p*a.taps:][:a.count[p]]
		from := src[int(a.first[p])*g.from:][:len(weights)*g.from]
		to := dst[i*g.to:][:g.to]
		if g.from == 3 {
			addPixels(to, from, weights)
		} else {
			addGray(to, from, weights)
		}
		for c, v := range to {
			if clip {
				to[c] = min(max(v, 0), 255)
			}
		}
	}
}

// addPixels puts the weighted sum of RGB pixels into dst.
func addPixels(dst []float32, from []uint8, weights []int16) {
	var r, g, b int32 = one / 2, one / 2, one / 2
	for _, w := range weights {
		p := from[:3:3]
		r += int32(w) * int32(p[0])
		g += int32(w) * int32(p[1])
		b += int32(w) * int32(p[2])
		from = from[3:]
	}
	dst = dst[:3]
	dst[0], dst[1], dst[2] = float32(r>>weightBits), float32(g>>weightBits), float32(b>>weightBits)
}

// addGray puts the weighted sum of gray pixels into all of dst.
func addGray(dst []float32, from []uint8, weights []int16) {
	sum := int32(one / 2)
	from = from[:len(weights)]
	for k, w := range weights {
		sum += int32(w) * int32(from[k])
	}
	for c := range dst {
		dst[c] = float32(sum >> weightBits)
	}
}
