package filter

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// eachVariantOf runs a benchmark with every variant that this machine has.
func eachVariantOf(b *testing.B, bench func(b *testing.B)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		b.Run(v.String(), bench)
	}
}

// samples returns n random bytes that start anywhere in memory.
func samples(r *rand.Rand, n int) []uint8 {
	at := r.IntN(40)
	s := make([]uint8, at+n, at+n+8)[at:]
	for i := range s {
		s[i] = uint8(r.Uint32())
		if r.IntN(8) == 0 {
			s[i] = uint8(255 * r.IntN(2))
		}
	}
	return s
}

// filters are all that the room does, as changes of one image into another.
var filters = map[string]func(w *Work, dst, src []uint8, width, height, channels int){
	"blur": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Blur(dst, src, width, height, channels, w.Gaussian(1.7, 5))
	},
	"wide blur": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Blur(dst, src, width, height, channels, w.Gaussian(50, 150))
	},
	"no blur": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Blur(dst, src, width, height, channels, w.Gaussian(0.01, 1))
	},
	"smear": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Smear(dst, src, width, height, channels, []Tap{{-3, 2, 0.3}, {0, 0, 0.5}, {9, -1, 0.2}})
	},
	"soften": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Sharpen(dst, src, width, height, channels, 0.3)
	},
	"sharpen": func(w *Work, dst, src []uint8, width, height, channels int) {
		w.Sharpen(dst, src, width, height, channels, 7.5)
	},
	"noise": func(_ *Work, dst, src []uint8, width, height, channels int) {
		copy(dst, src)
		AddNoise(dst[:width*height*channels], 3, 25, 1<<40+5)
	},
	"loud": func(_ *Work, dst, src []uint8, width, height, channels int) {
		copy(dst, src)
		AddNoise(dst[:width*height*channels], -90, 300, 0)
	},
	"contrast of tones": func(w *Work, dst, src []uint8, width, height, channels int) {
		copy(dst, src)
		w.Equalize(dst[:width*height*channels], channels)
		w.AutoContrast(dst[:width*height*channels], channels)
	},
	"jitter":       colours(Brightness(1.3), Contrast(0.7), Saturation(1.4), Hue(0.1)),
	"mixed":        colours(Hue(-0.4), Contrast(1.9), Saturation(0), Contrast(3), Posterize(5)),
	"strong":       colours(Saturation(40), Brightness(0.7), Solarize(99.5), Hue(0.5)),
	"gray":         colours(Contrast(0), Grayscale(), Brightness(0.999)),
	"bytes":        colours(Brightness(1.1), Posterize(4), Solarize(128), Invert(), Brightness(90)),
	"contrast":     colours(Contrast(1.5)),
	"pale":         colours(Saturation(0.2)),
	"hue":          colours(Hue(0.31)),
	"out of range": colours(Brightness(1e9), Solarize(1e9), Solarize(-1), Brightness(0.5)),
}

func colours(ops ...Op) func(w *Work, dst, src []uint8, width, height, channels int) {
	return func(w *Work, dst, src []uint8, width, height, channels int) {
		copy(dst, src)
		w.Colours(dst[:width*height*channels], channels, ops)
	}
}

// TestVariantsGiveTheSameBytes compares every filter and variant with the
// generic one, at sizes that leave remainders, in memory that was used before.
func TestVariantsGiveTheSameBytes(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	var used Work
	for _, size := range [][2]int{
		{1, 1}, {1, 40}, {40, 1}, {2, 2}, {3, 3}, {7, 5}, {21, 4}, {22, 3}, {33, 9}, {64, 64}, {97, 61}, {5000, 3},
	} {
		for _, channels := range []int{1, 3} {
			r := rand.New(rand.NewPCG(uint64(size[0]), uint64(size[1])))
			src := samples(r, size[0]*size[1]*channels)
			kept := slices.Clone(src)
			for name, filter := range filters {
				var want []uint8
				for _, v := range available {
					current = v
					const fence = 40
					dst := samples(r, len(src)+fence)
					behind := slices.Clone(dst[len(src):])
					filter(&used, dst, src, size[0], size[1], channels)
					if want == nil {
						want = slices.Clone(dst[:len(src)])
					}
					if !slices.Equal(dst[:len(src)], want) {
						t.Errorf("%s of %dx%dx%d differs in %v", name, size[0], size[1], channels, v)
					}
					if !slices.Equal(dst[len(src):], behind) || !slices.Equal(src, kept) {
						t.Errorf("%s of %dx%dx%d writes elsewhere in %v", name, size[0], size[1], channels, v)
					}
				}
			}
		}
	}
}

// TestFlatImagesStayFlat checks that the weights of what mixes pixels sum to 1,
// up to the limits of a byte.
func TestFlatImagesStayFlat(t *testing.T) {
	const width, height = 70, 12
	eachVariant(t, func(t *testing.T) {
		var w Work
		dst, src := make([]uint8, width*height), make([]uint8, width*height)
		for name := range filters {
			if !strings.Contains(name, "blur") && name != "smear" && !strings.HasSuffix(name, "en") {
				continue
			}
			for v := range 256 {
				for i := range src {
					src[i] = uint8(v)
				}
				filters[name](&w, dst, src, width, height, 1)
				if slices.Min(dst) != uint8(v) || slices.Max(dst) != uint8(v) {
					t.Fatalf("%s makes %d to %d of %d", name, slices.Min(dst), slices.Max(dst), v)
				}
			}
		}
	})
}

func TestFiltersAllocateNothingOnceWarm(t *testing.T) {
	src := samples(rand.New(rand.NewPCG(1, 2)), 50*40*3)
	dst := make([]uint8, len(src))
	for name, filter := range filters {
		var w Work
		if n := testing.AllocsPerRun(3, func() { filter(&w, dst, src, 50, 40, 3) }); n > 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkFilters(b *testing.B) {
	const side = 224
	src := samples(rand.New(rand.NewPCG(1, 2)), side*side*3)
	dst := make([]uint8, len(src))
	for name, filter := range filters {
		b.Run(name, func(b *testing.B) {
			eachVariantOf(b, func(b *testing.B) {
				var w Work
				for b.Loop() {
					filter(&w, dst, src, side, side, 3)
				}
			})
		})
	}
}

// Reflections go on for ever, step by step.
func TestMirror(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7} {
		at, step := 0, -1
		for i := range 40 {
			if n > 1 && i > 0 {
				if at+step < 0 || at+step >= n {
					step = -step
				}
				at += step
			}
			if got := [2]int{mirror(i, n), mirror(-i, n)}; got != [2]int{at, at} {
				t.Errorf("%d and %d of %d reflect to %v, want %d", i, -i, n, got, at)
			}
		}
	}
}
