package degrade

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// picture is a smooth image with some noise.
func picture(width, height, channels int, noise int) []uint8 {
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	pix := make([]uint8, width*height*channels)
	for i := range pix {
		x, y, c := i/channels%width, i/channels/width, i%channels
		pix[i] = uint8(min(max(30+2*x+y+40*c+r.IntN(2*noise+1)-noise, 0), 255))
	}
	return pix
}

// TestVariantsGiveTheSameBytes compares the variants at sizes that leave
// remainders, for all qualities and for noise that reaches the limits.
func TestVariantsGiveTheSameBytes(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	var w Work
	for _, size := range [][2]int{{1, 1}, {2, 9}, {5, 4}, {16, 16}, {17, 33}, {64, 40}, {301, 23}} {
		for _, channels := range []int{1, 3} {
			for quality := 1; quality <= 100; quality += 9 {
				var want []uint8
				for _, v := range available {
					current = v
					got := picture(size[0], size[1], channels, 255)
					w.JPEG(got, size[0], size[1], channels, quality)
					if want == nil {
						want = got
					}
					if !slices.Equal(got, want) {
						t.Errorf("%v of %d channels at quality %d differs in %v", size, channels, quality, v)
					}
				}
			}
		}
	}
}

// TestEveryQuotient compares the division by factors with that of integers.
func TestEveryQuotient(t *testing.T) {
	for q := 1; q <= 255; q++ {
		var quant [64]uint16
		for i := range quant {
			quant[i] = uint16(q)
		}
		var f factors
		f.set(&quant)
		for c := range 1 << 15 {
			want := (c + 4*q) / (8 * q)
			if got := int((float32(c) + f.add[0]) * f.by[0]); got != want {
				t.Fatalf("%d / %d is %d, want %d", c, 8*q, got, want)
			}
		}
	}
}

// TestQuality checks that good qualities change little and bad ones more.
func TestQuality(t *testing.T) {
	for _, channels := range []int{1, 3} {
		before, last := picture(100, 60, channels, 3), -1.0
		for _, quality := range []int{100, 90, 50, 10, 1} {
			after := slices.Clone(before)
			new(Work).JPEG(after, 100, 60, channels, quality)
			sum := 0.0
			for i, v := range after {
				sum += max(float64(v)-float64(before[i]), float64(before[i])-float64(v))
			}
			mean := sum / float64(len(after))
			if mean <= last || (quality == 100 && mean > 1.5) {
				t.Errorf("quality %d of %d channels changes values by %.2f, the one before by %.2f",
					quality, channels, mean, last)
			}
			last = mean
		}
	}
}

func TestAllocatesNothingOnceWarm(t *testing.T) {
	pix := picture(50, 40, 3, 9)
	var w Work
	if n := testing.AllocsPerRun(3, func() { w.JPEG(pix, 50, 40, 3, 75) }); n > 0 {
		t.Errorf("it allocates %v times", n)
	}
}

func BenchmarkJPEG(b *testing.B) {
	defer func(was isa.Variant) { current = was }(current)
	const side = 224
	pix, dst := picture(side, side, 3, 20), make([]uint8, side*side*3)
	for _, v := range available {
		b.Run(v.String(), func(b *testing.B) {
			current = v
			var w Work
			for b.Loop() {
				copy(dst, pix)
				w.JPEG(dst, side, side, 3, 75)
			}
		})
	}
}
