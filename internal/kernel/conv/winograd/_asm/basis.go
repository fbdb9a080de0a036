package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// The interpolation points of tiles of 4 are 0, ±a, ±b and infinity, those of
// tiles of 2 are 0, ±1 and infinity. The room above says why.
const (
	a, b = 5.0 / 8, 3.0 / 2
	// The factors of the kernel's transform: 1 over the product of a point's
	// distances from the others.
	scale0 = 1 / (a * a * b * b)
	scaleA = 1 / (2 * a * a * (a*a - b*b))
	scaleB = 1 / (2 * b * b * (b*b - a*a))
)

// A source is a vector's elements: registers or memory. take returns one of
// them, drop says that it is not needed any more.
type source interface {
	take(i int) VecPhysical
	drop(i int, r VecPhysical)
}

// A unit computes some rows of a matrix times a vector.
type unit struct {
	rows []int
	f    func(m *machine, in source) []VecPhysical
}

// A pattern is a matrix X that goes to both sides: its result is X d X^T. The
// units of one group are computed at the same time.
type pattern struct {
	name   string
	doc    string
	in     int // side of d
	out    int // side of the result
	groups [][]unit
	kind   kind
}

type kind int

const (
	plain    kind = iota
	finished      // elements of d lie 128 bytes apart; the result takes an epilogue
	adding        // to what stands there where the frame says so
)

// A basis is the patterns of one size of tile.
type basis []pattern

var basis4 = basis{
	{"input4", "transforms tiles of 6x6 pixels.", 6, 6, [][]unit{
		{{[]int{0}, func(m *machine, in source) []VecPhysical { return m.end4(in, 0) }},
			{[]int{5}, func(m *machine, in source) []VecPhysical { return m.end4(in, 1) }}},
		{{[]int{1, 2}, func(m *machine, in source) []VecPhysical { return m.middle4(in, a, b) }}},
		{{[]int{3, 4}, func(m *machine, in source) []VecPhysical { return m.middle4(in, b, a) }}},
	}, plain},
	{"kernel4", "transforms 3x3 weights for tiles of 4x4.", 3, 6, [][]unit{
		{{[]int{0}, single(0, scale0)}, {[]int{5}, single(2, 1)}},
		{{[]int{1, 2}, kernelPair(scaleA, a)}},
		{{[]int{3, 4}, kernelPair(scaleB, b)}},
	}, plain},
	{"output4", "makes tiles of 4x4 pixels of 6x6 sums.", 6, 4, [][]unit{
		{{[]int{0, 2}, even4}}, {{[]int{1, 3}, odd4}},
	}, finished},
	{"spread4", "transforms tiles of 4x4 gradients.", 4, 6, [][]unit{
		{{[]int{0}, single(0, 1)}, {[]int{5}, single(3, 1)}},
		{{[]int{1, 2}, spreadPair(a)}},
		{{[]int{3, 4}, spreadPair(b)}},
	}, plain},
	{"gather4", "makes gradients of 3x3 weights of 6x6 sums.", 6, 3, [][]unit{
		{{[]int{0, 2}, gatherEven4}}, {{[]int{1}, gatherOdd4}},
	}, adding},
}

var basis2 = basis{
	{"input2", "transforms tiles of 4x4 pixels.", 4, 4, [][]unit{
		{{[]int{0}, func(m *machine, in source) []VecPhysical { return m.end2(in, 0, 2) }},
			{[]int{3}, func(m *machine, in source) []VecPhysical { return m.end2(in, 1, 3) }}},
		{{[]int{1, 2}, middle2}},
	}, plain},
	{"kernel2", "transforms 3x3 weights for tiles of 2x2.", 3, 4, [][]unit{
		{{[]int{0}, single(0, 1)}, {[]int{3}, single(2, 1)}},
		{{[]int{1, 2}, kernelPair(0.5, 1)}},
	}, plain},
	{"output2", "makes tiles of 2x2 pixels of 4x4 sums.", 4, 2, [][]unit{
		{{[]int{0, 1}, output2}},
	}, finished},
	{"spread2", "transforms tiles of 2x2 gradients.", 2, 4, [][]unit{
		{{[]int{0}, single(0, 1)}, {[]int{3}, single(1, -1)}},
		{{[]int{1, 2}, spread2}},
	}, plain},
	{"gather2", "makes gradients of 3x3 weights of 4x4 sums.", 4, 3, [][]unit{
		{{[]int{0, 2}, gatherEven2}}, {{[]int{1}, gatherOdd2}},
	}, adding},
}

// end4 returns a²b² d0 - (a²+b²) d2 + d4, of the elements from the first on.
func (m *machine) end4(in source, first int) []VecPhysical {
	last := in.take(first + 4)
	sum := m.copy(last)
	in.drop(first+4, last)
	for i, v := range []float64{a * a * b * b, -(a*a + b*b)} {
		x := in.take(first + 2*i)
		m.add(sum, v, x)
		in.drop(first+2*i, x)
	}
	return []VecPhysical{sum}
}

// middle4 returns (d4 - q² d2) ± p (d3 - q² d1).
func (m *machine) middle4(in source, p, q float64) []VecPhysical {
	difference := func(i int) VecPhysical {
		x, y := in.take(i+2), in.take(i)
		r := m.copy(x)
		m.add(r, -q*q, y)
		in.drop(i+2, x)
		in.drop(i, y)
		return r
	}
	return m.pair(difference(2), difference(1), p)
}

// pair returns even ± p odd, and gives both back.
func (m *machine) pair(even, odd VecPhysical, p float64) []VecPhysical {
	first := m.get()
	if p == 1 {
		VADDPS(odd, even, first)
		VSUBPS(odd, even, even)
	} else {
		VMOVAPS(even, first)
		m.add(first, p, odd)
		m.add(even, -p, odd)
	}
	m.put(odd)
	return []VecPhysical{first, even}
}

// single returns v times element i.
func single(i int, v float64) func(*machine, source) []VecPhysical {
	return func(m *machine, in source) []VecPhysical {
		x := in.take(i)
		var r VecPhysical
		if v == 1 {
			r = m.copy(x)
		} else {
			r = m.times(v, x)
		}
		in.drop(i, x)
		return []VecPhysical{r}
	}
}

// kernelPair returns scale (g0 ± p g1 + p² g2).
func kernelPair(scale, p float64) func(*machine, source) []VecPhysical {
	return func(m *machine, in source) []VecPhysical {
		g0, g2 := in.take(0), in.take(2)
		even := m.times(scale, g0)
		m.add(even, scale*p*p, g2)
		in.drop(0, g0)
		in.drop(2, g2)
		g1 := in.take(1)
		odd := m.copy(g1)
		in.drop(1, g1)
		return m.pair(even, odd, scale*p)
	}
}

// spreadPair returns (y0 + p² y2) ± p (y1 + p² y3).
func spreadPair(p float64) func(*machine, source) []VecPhysical {
	return func(m *machine, in source) []VecPhysical {
		sum := func(i int) VecPhysical {
			x, y := in.take(i), in.take(i+2)
			r := m.copy(x)
			m.add(r, p*p, y)
			in.drop(i, x)
			in.drop(i+2, y)
			return r
		}
		return m.pair(sum(0), sum(1), p)
	}
}

// sums returns element i plus or minus the next one, in a new register.
func (m *machine) sums(in source, i int, minus bool) VecPhysical {
	x, y := in.take(i), in.take(i+1)
	var r VecPhysical
	if minus {
		r = m.minus(x, y)
	} else {
		r = m.plus(x, y)
	}
	in.drop(i, x)
	in.drop(i+1, y)
	return r
}

// plusElement adds element i to sum.
func (m *machine) plusElement(sum VecPhysical, in source, i int) {
	x := in.take(i)
	VADDPS(x, sum, sum)
	in.drop(i, x)
}

// even4 returns rows 0 and 2 of the output: sums at equal powers.
func even4(m *machine, in source) []VecPhysical {
	p, q := m.sums(in, 1, false), m.sums(in, 3, false)
	first := m.plus(p, q)
	m.plusElement(first, in, 0)
	third := m.times(a*a, p)
	m.add(third, b*b, q)
	m.put(p, q)
	return []VecPhysical{first, third}
}

// odd4 returns rows 1 and 3 of the output: sums at odd powers.
func odd4(m *machine, in source) []VecPhysical {
	p, q := m.sums(in, 1, true), m.sums(in, 3, true)
	fourth := m.times(a*a*a, p)
	m.add(fourth, b*b*b, q)
	m.plusElement(fourth, in, 5)
	second := m.times(a, p)
	m.put(p)
	m.add(second, b, q)
	m.put(q)
	return []VecPhysical{second, fourth}
}

func gatherEven4(m *machine, in source) []VecPhysical {
	p, q := m.sums(in, 1, false), m.sums(in, 3, false)
	third := m.times(scaleA*a*a, p)
	m.add(third, scaleB*b*b, q)
	m.plusElement(third, in, 5)
	first := m.times(scaleA, p)
	m.put(p)
	m.add(first, scaleB, q)
	m.put(q)
	x := in.take(0)
	m.add(first, scale0, x)
	in.drop(0, x)
	return []VecPhysical{first, third}
}

func gatherOdd4(m *machine, in source) []VecPhysical {
	p, q := m.sums(in, 1, true), m.sums(in, 3, true)
	second := m.times(scaleA*a, p)
	m.add(second, scaleB*b, q)
	m.put(p, q)
	return []VecPhysical{second}
}

// end2 returns the difference of two elements.
func (m *machine) end2(in source, i, j int) []VecPhysical {
	x, y := in.take(i), in.take(j)
	r := m.minus(x, y)
	in.drop(i, x)
	in.drop(j, y)
	return []VecPhysical{r}
}

// middle2 returns d2 ± d1.
func middle2(m *machine, in source) []VecPhysical {
	x, y := in.take(1), in.take(2)
	r := []VecPhysical{m.plus(y, x), m.minus(y, x)}
	in.drop(1, x)
	in.drop(2, y)
	return r
}

func output2(m *machine, in source) []VecPhysical {
	x, y := in.take(1), in.take(2)
	first, second := m.plus(x, y), m.minus(x, y)
	in.drop(1, x)
	in.drop(2, y)
	m.plusElement(first, in, 0)
	x = in.take(3)
	VSUBPS(x, second, second)
	in.drop(3, x)
	return []VecPhysical{first, second}
}

func spread2(m *machine, in source) []VecPhysical {
	x, y := in.take(0), in.take(1)
	r := []VecPhysical{m.plus(x, y), m.minus(x, y)}
	in.drop(0, x)
	in.drop(1, y)
	return r
}

func gatherEven2(m *machine, in source) []VecPhysical {
	sum := m.sums(in, 1, false)
	half := m.times(0.5, sum)
	m.put(sum)
	third := m.copy(half)
	m.plusElement(half, in, 0)
	m.plusElement(third, in, 3)
	return []VecPhysical{half, third}
}

func gatherOdd2(m *machine, in source) []VecPhysical {
	difference := m.sums(in, 1, true)
	r := m.times(0.5, difference)
	m.put(difference)
	return []VecPhysical{r}
}
