package pool

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

var geometries = []Geometry{
	{Height: 1, Width: 1, Channels: 1, Kernel: [2]int{1, 1}},
	{Height: 8, Width: 10, Channels: 64, Kernel: [2]int{2, 2}},
	{Height: 9, Width: 7, Channels: 35, Kernel: [2]int{2, 2}},
	{Height: 9, Width: 7, Channels: 35, Kernel: [2]int{2, 2}, Ceil: true},
	{Height: 14, Width: 13, Channels: 24, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2},
		Pad: [2]int{1, 1}},
	{Height: 14, Width: 13, Channels: 17, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2},
		Pad: [2]int{1, 1}, Ceil: true},
	{Height: 13, Width: 14, Channels: 8, Kernel: [2]int{3, 2}, Stride: [2]int{1, 2},
		Pad: [2]int{1, 0}, ExcludePad: true},
	{Height: 11, Width: 12, Channels: 5, Kernel: [2]int{4, 4}, Stride: [2]int{3, 5},
		Pad: [2]int{2, 1}, Ceil: true, ExcludePad: true},
	{Height: 12, Width: 11, Channels: 16, Kernel: [2]int{3, 3}, Stride: [2]int{1, 2},
		Pad: [2]int{1, 1}, Dilation: [2]int{2, 3}},
	{Height: 4, Width: 5, Channels: 3, Kernel: [2]int{2, 2}, Stride: [2]int{3, 3}},
	{Height: 20, Width: 21, Channels: 33, Kernel: [2]int{17, 18}, Stride: [2]int{2, 1}},
	{Height: 6, Width: 950, Channels: 17, Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}},
	{Height: 8, Width: 61, Channels: 290, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}},
	{Height: 5, Width: 21, Channels: 19, Kernel: [2]int{1, 2}, Stride: [2]int{1, 3},
		Dilation: [2]int{1, 3}, Ceil: true},
	{Height: 2, Width: 3, Channels: 20, Kernel: [2]int{3, 5}, Stride: [2]int{2, 3}, Ceil: true},
}

// drawn returns n geometries drawn at random, always the same.
func drawn(n int) []Geometry {
	r := rand.New(rand.NewPCG(1, 1))
	var list []Geometry
	for len(list) < n {
		g := Geometry{Height: 1 + r.IntN(20), Width: 1 + r.IntN(40), Channels: 1 + r.IntN(80),
			Ceil: r.IntN(2) == 0, ExcludePad: r.IntN(2) == 0}
		for i := range 2 {
			g.Kernel[i], g.Stride[i], g.Dilation[i] = 1+r.IntN(6), 1+r.IntN(5), 1+r.IntN(1+r.IntN(4))
			g.Pad[i] = r.IntN(g.Kernel[i]/2 + 1)
		}
		if g.Check() == nil {
			list = append(list, g)
		}
	}
	return list
}

// windows returns the rows (dimension 0) or columns of an output's window, each
// with its number in it, and what a mean divides by: the definition.
func (g Geometry) windows(dimension, i int) (places, numbers []int, length int) {
	g = g.WithDefaults()
	side, pad := [2]int{g.Height, g.Width}[dimension], g.Pad[dimension]
	for tap := range g.Kernel[dimension] {
		at := i*g.Stride[dimension] + tap*g.Dilation[dimension] - pad
		if at >= 0 && at < side {
			places, numbers = append(places, at), append(numbers, tap)
		}
		if at < side+pad && !g.ExcludePad || at >= 0 && at < side {
			length++
		}
	}
	return places, numbers, length
}

// adaptiveWindows is windows for the pooling of a side to n.
func adaptiveWindows(side, n, i int) (places, numbers []int, length int) {
	first := int(math.Floor(float64(i*side) / float64(n)))
	last := int(math.Ceil(float64((i+1)*side) / float64(n)))
	for at := first; at < last; at++ {
		places, numbers = append(places, at), append(numbers, at-first)
	}
	return places, numbers, last - first
}

// A case has the definition of a pooling beside it.
type poolCase struct {
	name                string
	pool                *Pool
	from, to            [2]int
	channels, maxNumber int
	windows             func(dimension, i int) (places, numbers []int, length int)
}

func cases() []poolCase {
	var list []poolCase
	for _, g := range append(geometries[:len(geometries):len(geometries)], drawn(20)...) {
		height, width := g.Output()
		list = append(list, poolCase{fmt.Sprintf("%+v", g), New(g), [2]int{g.Height, g.Width},
			[2]int{height, width}, g.Channels, g.Kernel[1], g.windows})
	}
	for _, s := range [][5]int{
		{7, 7, 32, 1, 1}, {7, 10, 19, 3, 4}, {5, 4, 16, 7, 6}, {12, 12, 8, 6, 4}, {40, 41, 3, 2, 2},
		{20, 20, 203, 1, 2},
		{70, 71, 18, 1, 1},
	} {
		sides, outs := [2]int{s[0], s[1]}, [2]int{s[3], s[4]}
		p := NewAdaptive(s[0], s[1], s[2], s[3], s[4])
		list = append(list, poolCase{fmt.Sprint("adaptive ", s), p, sides, outs, s[2], p.columns.taps,
			func(dimension, i int) (places, numbers []int, length int) {
				return adaptiveWindows(sides[dimension], outs[dimension], i)
			}})
	}
	return list
}

const batch = 3

// each calls f for each element of a window of each output.
func (c *poolCase) each(f func(out, in, number, length int)) {
	for n := range batch {
		for y := range c.to[0] {
			rows, rowNumbers, height := c.windows(0, y)
			for x := range c.to[1] {
				columns, columnNumbers, width := c.windows(1, x)
				for ch := range c.channels {
					out := ((n*c.to[0]+y)*c.to[1]+x)*c.channels + ch
					for i, row := range rows {
						for j, column := range columns {
							f(out, ((n*c.from[0]+row)*c.from[1]+column)*c.channels+ch,
								rowNumbers[i]*c.maxNumber+columnNumbers[j], height*width)
						}
					}
				}
			}
		}
	}
}

// random returns n values that are often equal, at an address that is a
// multiple of nothing but 4.
func random(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	values := make([]float32, n+1)[1:]
	for i := range values {
		values[i] = float32(r.IntN(40)-20) / 8
	}
	return values
}

func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range want {
		if v != v && got[i] != got[i] || v == got[i] {
			continue
		}
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= 1e-5*(1+math.Abs(float64(v)))) {
			t.Fatalf("%s: element %d is %v, and should be %v", what, i, got[i], v)
		}
	}
}

func twice(values []float32) []float32 {
	doubled := slices.Clone(values)
	for i := range doubled {
		doubled[i] *= 2
	}
	return doubled
}

// teams runs a test with one worker and with three.
func teams(t *testing.T, test func(t *testing.T, team *parallel.Team)) {
	for _, threads := range []int{1, 3} {
		team := parallel.NewTeam(threads)
		test(t, team)
		team.Close()
	}
}

func TestMax(t *testing.T) {
	for _, c := range cases() {
		from, grad := random(batch*c.pool.FromSize(), 1), random(batch*c.pool.ToSize(), 2)
		for i := range from {
			switch {
			case i%97 == 0:
				from[i] = float32(math.NaN())
			case i%31 == 0:
				from[i] = float32(math.Inf(-1))
			}
		}
		want, numbers := make([]float32, len(grad)), make([]int, len(grad))
		sources := make([]int, len(grad))
		for i := range want {
			want[i], sources[i] = float32(math.Inf(-1)), -1
		}
		c.each(func(out, in, number, _ int) {
			if v := from[in]; sources[out] < 0 || v > want[out] || v != v {
				want[out], numbers[out], sources[out] = v, number, in
			}
		})
		wantGrad := make([]float32, len(from))
		for out, in := range sources {
			if in >= 0 {
				wantGrad[in] += grad[out]
			}
		}
		eachVariant(t, func(t *testing.T) {
			teams(t, func(t *testing.T, team *parallel.Team) {
				c.testMax(t, team, from, want, grad, wantGrad, numbers, sources)
			})
		})
	}
}

func (c *poolCase) testMax(t *testing.T, team *parallel.Team,
	from, want, grad, wantGrad []float32, numbers, sources []int) {
	got, places := make([]float32, len(want)+1), make([]uint8, batch*c.pool.PlaceSize())
	c.pool.Max(team, batch, got, nil, from)
	near(t, c.name+" without places", got, want)
	clear(got)
	c.pool.Max(team, batch, got, places, from)
	near(t, c.name, got, want)
	for i, number := range numbers {
		place := int(places[i])
		if c.pool.isLarge() {
			place |= int(places[len(want)+i]) << 8
		}
		if place != number && sources[i] >= 0 {
			t.Fatalf("%s: maximum %d is at %d, and should be at %d", c.name, i, place, number)
		}
	}
	gotGrad := random(len(wantGrad), 3)
	c.pool.MaxGradient(team, batch, gotGrad, grad, places, false)
	near(t, c.name+", gradient", gotGrad, wantGrad)
	c.pool.MaxGradient(team, batch, gotGrad, grad, places, true)
	near(t, c.name+", gradient added", gotGrad, twice(wantGrad))
	if got[len(want)] != 0 {
		t.Fatalf("%s: the pooling writes beyond its output", c.name)
	}
}

func TestMean(t *testing.T) {
	for _, c := range cases() {
		from, grad := random(batch*c.pool.FromSize(), 1), random(batch*c.pool.ToSize(), 2)
		want, wantGrad := make([]float32, len(grad)), make([]float32, len(from))
		c.each(func(out, in, _, length int) {
			want[out] += from[in] / float32(length)
			wantGrad[in] += grad[out] / float32(length)
		})
		eachVariant(t, func(t *testing.T) {
			var first []float32
			teams(t, func(t *testing.T, team *parallel.Team) {
				got, gotGrad := make([]float32, len(want)), random(len(from), 3)
				c.pool.Mean(team, batch, got, from)
				near(t, c.name, got, want)
				c.pool.MeanGradient(team, batch, gotGrad, grad, false)
				near(t, c.name+", gradient", gotGrad, wantGrad)
				c.pool.MeanGradient(team, batch, gotGrad, grad, true)
				near(t, c.name+", gradient added", gotGrad, twice(wantGrad))
				if first == nil {
					first = gotGrad
				}
				if !slices.Equal(first, gotGrad) {
					t.Fatalf("%s: the gradient depends on the threads", c.name)
				}
			})
		})
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		g    Geometry
		want string
	}{
		{Geometry{Height: 5, Width: 5, Kernel: [2]int{0, 1}}, "height has kernel 0, stride 0, pad 0"},
		{Geometry{Height: 5, Width: 5, Kernel: [2]int{3, 3}, Pad: [2]int{1, 2}},
			"expects a pad of at most half the window's width 3, but got 2"},
		{Geometry{Height: 2, Width: 5, Kernel: [2]int{2, 2}, Dilation: [2]int{2, 1}},
			"a window of height 3 does not fit 2 pixels with pad 0"},
	} {
		if err := c.g.Check(); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v, want %q", c.g, err, c.want)
		}
	}
}

// Windows may have more pixels than places can tell apart where none are asked
// for.
func TestHugeWindows(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	const side, channels = 300, 3
	p := NewAdaptive(side, side, channels, 1, 1)
	from, to := random(p.FromSize(), 1), make([]float32, channels)
	at := len(from) - channels + 1
	from[at] = 99
	if p.Max(team, 1, to, nil, from); to[1] != 99 {
		t.Errorf("the maximum is %v", to[1])
	}
	means := make([]float64, channels)
	for i, v := range from {
		means[i%channels] += float64(v) / (side * side)
	}
	p.Mean(team, 1, to, from)
	for c, want := range means {
		if math.Abs(float64(to[c])-want) > 1e-5 {
			t.Errorf("the mean of channel %d is %v, want %v", c, to[c], want)
		}
	}
	grad := make([]float32, p.FromSize())
	p.MeanGradient(team, 1, grad, []float32{side * side, 0, side * side}, false)
	if grad[at-1] < 0.999 || grad[at-1] > 1.001 || grad[at] != 0 {
		t.Errorf("the last gradients are %v and %v, want 1 and 0", grad[at-1], grad[at])
	}
	defer func() {
		if recover() == nil {
			t.Error("there are places for a window of 90,000 pixels")
		}
	}()
	p.PlaceSize()
}

func TestNothingAllocates(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	p := New(geometries[4])
	from, to := random(batch*p.FromSize(), 1), random(batch*p.ToSize(), 2)
	places := make([]uint8, batch*p.PlaceSize())
	if n := testing.AllocsPerRun(20, func() {
		p.Max(team, batch, to, places, from)
		p.MaxGradient(team, batch, from, to, places, false)
		p.Mean(team, batch, to, from)
		p.MeanGradient(team, batch, from, to, true)
	}); n != 0 {
		t.Errorf("a round allocates %v times", n)
	}
}
