package warp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// samples returns n random bytes that start anywhere in memory.
func samples(r *rand.Rand, n int) []uint8 {
	at := r.IntN(40)
	s := make([]uint8, at+n)[at:]
	for i := range s {
		s[i] = uint8(r.Uint32())
	}
	return s
}

// maps lead from the result back to the image.
func maps(width, height float64) map[string][9]float64 {
	sin, cos := math.Sincos(0.4)
	nan := math.NaN()
	return map[string][9]float64{
		"identity":    {1, 0, 0, 0, 1, 0, 0, 0, 1},
		"shift":       {1, 0, -3.25, 0, 1, 2.75, 0, 0, 1},
		"far shift":   {1, 0, 400, 0, 1, -3, 0, 0, 1},
		"turn":        {cos, sin, -2, -sin, cos, height / 3, 0, 0, 1},
		"scaled":      {3, 1, 2, 0.5, 4, -1, 0, 0, 2},
		"outside":     {1, 0, 1e9, 0, 1, -1e30, 0, 0, 1},
		"seen aside":  {1, 0.2, 0, -0.1, 1.3, 1, 0.5 / width, 0.3 / height, 0.8},
		"horizon":     {1, 0, 0, 0, 1, 0, 2 / width, 0, -0.9},
		"flattened":   {0, 0, 0, 0, 0, 0, 0, 0, 0},
		"not numbers": {nan, 0, nan, 1, nan, 0, 1, nan, 1},
		"infinite":    {math.Inf(1), 0, 0, 1, math.Inf(-1), 0, 0, 0, 1},
	}
}

// TestVariantsGiveTheSameBytes compares every kernel with its twin.
func TestVariantsGiveTheSameBytes(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	var w Work
	for _, size := range [][4]int{
		{1, 1, 1, 1}, {5, 3, 9, 4}, {9, 4, 5, 3}, {31, 17, 31, 17}, {33, 40, 64, 9}, {1, 50, 20, 50}, {40, 9, 9001, 2},
	} {
		for name, back := range maps(float64(size[0]), float64(size[1])) {
			for i := range 4 {
				channels, mode := 1+2*(i%2), Mode(i/2)
				r := rand.New(rand.NewPCG(uint64(size[0]), uint64(i)))
				src := Picture{samples(r, size[0]*size[1]*channels), size[0], size[1], channels}
				const fence = 40
				n := size[2] * size[3] * channels
				var want []uint8
				for _, v := range available {
					current = v
					whole := samples(r, n+fence)
					behind := slices.Clone(whole[n:])
					w.Warp(Picture{whole[:n], size[2], size[3], channels}, src, back, mode, [3]uint8{9, 8, 7})
					if want == nil {
						want = slices.Clone(whole[:n])
					}
					if !slices.Equal(whole[:n], want) || !slices.Equal(whole[n:], behind) {
						t.Errorf("%s of %v, %d channels, mode %d differs in %v", name, size, channels, mode, v)
					}
				}
			}
		}
	}
}

// TestPlaces checks where single pixels come from.
func TestPlaces(t *testing.T) {
	src := Picture{[]uint8{10, 20, 30, 50, 60, 70}, 3, 2, 1}
	for _, c := range []struct {
		back [9]float64
		mode Mode
		want []uint8
	}{
		{[9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, Nearest, []uint8{10, 20, 30, 50, 60, 70}},
		{[9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, Linear, []uint8{10, 20, 30, 50, 60, 70}},
		{[9]float64{1, 0, 1, 0, 1, 1, 0, 0, 1}, Nearest, []uint8{60, 70, 0, 0, 0, 0}},
		{[9]float64{1, 0, -0.5, 0, 1, 0, 0, 0, 1}, Linear, []uint8{5, 15, 25, 25, 55, 65}},
		{[9]float64{1, 0, 0, 0, 1, 0.25, 0, 0, 1}, Linear, []uint8{20, 30, 40, 38, 45, 53}},
		{[9]float64{-1, 0, 3, 0, -1, 2, 0, 0, 1}, Linear, []uint8{70, 60, 50, 30, 20, 10}},
	} {
		got := Picture{make([]uint8, 6), 3, 2, 1}
		new(Work).Warp(got, src, c.back, c.mode, [3]uint8{})
		if !slices.Equal(got.Pix, c.want) {
			t.Errorf("%v in mode %d gives %v, want %v", c.back, c.mode, got.Pix, c.want)
		}
	}
}

// TestShiftsEqualTheLoop compares shifts by whole pixels, which are made apart,
// with what the loop of all maps makes of nearly the same.
func TestShiftsEqualTheLoop(t *testing.T) {
	const width, height = 19, 11
	for _, by := range [][2]float64{{0, 0}, {3, -2}, {-4, 5}, {19, 0}, {-18, 10}, {0, -11}, {50, 50}} {
		for _, channels := range []int{1, 3} {
			pix := samples(rand.New(rand.NewPCG(3, 4)), width*height*channels)
			src := Picture{pix, width, height, channels}
			got := Picture{make([]uint8, 23*9*channels), 23, 9, channels}
			want := Picture{make([]uint8, 23*9*channels), 23, 9, channels}
			fill := [3]uint8{1, 2, 3}
			new(Work).Warp(got, src, [9]float64{2, 0, 2 * by[0], 0, 2, 2 * by[1], 0, 0, 2}, Linear, fill)
			const little = 1e-6
			new(Work).Warp(want, src, [9]float64{1, 0, by[0] + little, 0, 1, by[1] + little, 0, 0, 1},
				Nearest, fill)
			if !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("a shift by %v of %d channels differs from the loop", by, channels)
			}
		}
	}
}

func BenchmarkWarp(b *testing.B) {
	defer func(was isa.Variant) { current = was }(current)
	const side = 224
	r := rand.New(rand.NewPCG(1, 2))
	src := Picture{samples(r, side*side*3), side, side, 3}
	dst := Picture{make([]uint8, len(src.Pix)), side, side, 3}
	for _, name := range []string{"turn", "seen aside"} {
		for mode, named := range []string{"nearest", "linear"} {
			for _, v := range available {
				b.Run(name+"/"+named+"/"+v.String(), func(b *testing.B) {
					current = v
					back := maps(side, side)[name]
					var w Work
					for b.Loop() {
						w.Warp(dst, src, back, Mode(mode), [3]uint8{})
					}
				})
			}
		}
	}
}
