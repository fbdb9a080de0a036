package resample

// groups are the weights across in the order of the loops with AVX2 and
// AVX-512. Values of a row of the result (channels of pixels) lie side by side
// in a register, 8 or 16 of them. For each the register gets two source bytes,
// of two neighbouring taps, by one shuffle of bytes that lie close together.
type groups struct {
	across   *axis
	from, to int // channels of the source and of the result
	mirror   bool

	isUsed  bool
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
	switch current {
	case avx512:
		g.values, g.window, g.lane = 16, 64, 16
	case avx2:
		g.values, g.window, g.lane = 8, 16, 4
	default:
		g.isUsed = false
		return
	}
	n := across.span.out * to
	padded := (n + 15) &^ 15
	g.pairs = (across.most + 1) / 2
	g.offset = resize(g.offset, padded)
	g.setOffsets()
	for i := n; i < padded; i++ {
		g.offset[i] = g.offset[n-1]
	}
	g.base, g.index = resize(g.base, padded/g.lane), resize(g.index, padded)
	g.isUsed = g.setIndex()
	if g.isUsed {
		g.weights = resize(g.weights, padded*g.pairs)
		g.setWeights(n)
	}
}

// setOffsets sets where in a row the first tap of each value is.
func (g *groups) setOffsets() {
	at, from := 0, int32(g.from)
	for i := range g.across.span.out {
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
		return g.across.span.out - 1 - i
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
	return int(most)+g.from < g.window
}

// setWeights sets the pairs of weights of n values, and of those behind them
// to 0.
func (g *groups) setWeights(n int) {
	taps := g.across.taps
	block := g.values * g.pairs
	for i := range len(g.offset) {
		at := i/g.values*block + i%g.values
		if i >= n {
			for j := range g.pairs {
				g.weights[at+j*g.values] = 0
			}
			continue
		}
		p := g.pixel(i / g.to)
		for j := range g.pairs {
			w := g.across.weights[p*taps+2*j : p*taps+2*j+2 : p*taps+2*j+2]
			g.weights[at+j*g.values] = uint32(uint16(w[0])) | uint32(uint16(w[1]))<<16
		}
	}
}

// generic scales one row across; it is the contract of the others. Results are
// whole numbers.
func (g *groups) generic(dst []float32, src []uint8, clip bool) {
	a := g.across
	for i := range a.span.out {
		p := g.pixel(i)
		weights := a.weights[p*a.taps:][:a.count[p]]
		from := src[int(a.first[p])*g.from:][:len(weights)*g.from]
		for c := range g.to {
			if c >= g.from {
				dst[i*g.to+c] = dst[i*g.to]
				continue
			}
			sum := int32(one / 2)
			for k, w := range weights {
				sum += int32(w) * int32(from[k*g.from+c])
			}
			v := sum >> weightBits
			if clip {
				v = min(max(v, 0), 255)
			}
			dst[i*g.to+c] = float32(v)
		}
	}
}
