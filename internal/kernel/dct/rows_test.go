package dct

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
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

func TestUpsamplingMixesThreeToOne(t *testing.T) {
	src, far := []uint8{10, 50, 90, 100, 255}, []uint8{50, 10, 0, 100, 255}
	twice, tall, both := make([]uint8, 10), make([]uint8, 5), make([]uint8, 10)
	H2V1(twice, src)
	if want := []uint8{10, 20, 40, 60, 80, 93, 97, 139, 216, 255}; !slices.Equal(twice, want) {
		t.Errorf("H2V1 gives %v, want %v", twice, want)
	}
	H1V2(tall, src, far, false)
	if want := []uint8{20, 40, 67, 100, 255}; !slices.Equal(tall, want) {
		t.Errorf("H1V2 gives %v above, want %v", tall, want)
	}
	H1V2(tall, src, far, true)
	if want := []uint8{20, 40, 68, 100, 255}; !slices.Equal(tall, want) {
		t.Errorf("H1V2 gives %v below, want %v", tall, want)
	}
	H2V2(both, src, far)
	if want := []uint8{20, 25, 35, 47, 61, 76, 92, 139, 216, 255}; !slices.Equal(both, want) {
		t.Errorf("H2V2 gives %v, want %v", both, want)
	}
	Repeat(twice, src, 2)
	if want := []uint8{10, 10, 50, 50, 90, 90, 100, 100, 255, 255}; !slices.Equal(twice, want) {
		t.Errorf("Repeat gives %v, want %v", twice, want)
	}
}

// TestEveryColour compares the conversion of all colours with its formula.
func TestEveryColour(t *testing.T) {
	y, cb, cr := make([]uint8, 256), make([]uint8, 256), make([]uint8, 256)
	for i := range y {
		y[i] = uint8(i)
	}
	near := func(v uint8, want float64) bool {
		return math.Abs(float64(v)-min(max(want, 0), 255)) < 0.51
	}
	rgb := make([]uint8, 3*256)
	eachVariant(t, func(t *testing.T) {
		for c := range 1 << 16 {
			b, r := uint8(c), uint8(c>>8)
			for i := range y {
				cb[i], cr[i] = b, r
			}
			YCbCrToRGB(rgb, y, cb, cr)
			db, dr := float64(b)-128, float64(r)-128
			for i := range y {
				v := float64(i)
				if !near(rgb[3*i], v+1.402*dr) || !near(rgb[3*i+1], v-0.344136*db-0.714136*dr) ||
					!near(rgb[3*i+2], v+1.772*db) {
					t.Fatalf("Y %d, Cb %d, Cr %d becomes %v", i, b, r, rgb[3*i:3*i+3])
				}
			}
		}
	})
}

// A rowKernel makes a row of n pixels; first is where a kernel that upsamples
// begins.
type rowKernel struct {
	name string
	run  func(dst []uint8, n, first int, y, cb, cbFar, cr, crFar []uint8)
}

var rowKernels = []rowKernel{
	{"YCbCrToRGB", func(dst []uint8, n, _ int, y, cb, _, cr, _ []uint8) {
		YCbCrToRGB(dst, y, cb, cr)
	}},
	{"GrayToRGB", func(dst []uint8, n, _ int, y, _, _, _, _ []uint8) { GrayToRGB(dst, y) }},
	{"Interleave", func(dst []uint8, n, _ int, y, cb, _, cr, _ []uint8) {
		Interleave(dst, y, cb, cr)
	}},
	{"H1V2", func(dst []uint8, n, first int, y, cb, _, _, _ []uint8) {
		H1V2(dst, y, cb[:n], first&1 == 1)
	}},
	{"H2V1RGB", func(dst []uint8, n, first int, y, cb, _, cr, _ []uint8) {
		half := (first + n + 1) / 2
		H2V1RGB(dst, y, cb[:half], cr[:half], first)
	}},
	{"H2V2RGB", func(dst []uint8, n, first int, y, cb, cbFar, cr, crFar []uint8) {
		half := (first + n + 1) / 2
		H2V2RGB(dst, y, cb[:half], cbFar[:half], cr[:half], crFar[:half], first)
	}},
}

// TestPairsOfRowsEqualRows compares the two rows of pixels between two of
// chroma with those made one by one.
func TestPairsOfRowsEqualRows(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for n := range 600 {
			first := r.IntN(9)
			half := (first+n+1)/2 + r.IntN(2)
			cb, cbBelow := samples(r, half), samples(r, half)
			cr, crBelow := samples(r, half), samples(r, half)
			y, got, want := samples(r, 2*n), samples(r, 6*n+64), samples(r, 6*n+64)
			copy(want, got)
			H2V2RGBPair(got, got[3*n:], y[:n], y[n:], cb, cbBelow, cr, crBelow, first)
			H2V2RGB(want, y[:n], cb, cbBelow, cr, crBelow, first)
			H2V2RGB(want[3*n:], y[n:], cbBelow, cb, crBelow, cr, first)
			if !slices.Equal(got, want) {
				t.Fatalf("a pair of rows of %d pixels from %d differs from two rows", n, first)
			}
		}
	})
}

func TestRowsInAllVariants(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, k := range rowKernels {
			for n := range 200 {
				for first := range 5 {
					testRow(t, r, k, n, first*(1+n%13))
				}
			}
			for _, n := range []int{511, 512, 513, 520, 543, 544, 545, 1100, 4001} {
				testRow(t, r, k, n, n%3)
			}
		}
	})
}

func testRow(t *testing.T, r *rand.Rand, k rowKernel, n, first int) {
	t.Helper()
	y, chroma := samples(r, n), [4][]uint8{}
	for i := range chroma {
		chroma[i] = samples(r, n+first)
	}
	run := func(dst []uint8) []uint8 {
		for i := range dst {
			dst[i] = 77
		}
		k.run(dst[:3*n], n, first, y, chroma[0], chroma[1], chroma[2], chroma[3])
		return dst
	}
	got := run(samples(r, 3*n+64))
	var want []uint8
	withGeneric(func() { want = run(samples(r, 3*n+64)) })
	if !slices.Equal(got, want) {
		t.Fatalf("%s of %d pixels from %d differs from the generic variant", k.name, n, first)
	}
}

// TestFusedRowsEqualSteps compares upsampling with conversion in one pass with
// the two passes.
func TestFusedRowsEqualSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, half := range []int{3, 4, 17, 40} {
		cb, cbFar, cr, crFar := samples(r, half), samples(r, half), samples(r, half), samples(r, half)
		y := samples(r, 2*half)
		b, c := make([]uint8, 2*half), make([]uint8, 2*half)
		got, want := make([]uint8, 6*half), make([]uint8, 6*half)
		check := func(name string) {
			t.Helper()
			if YCbCrToRGB(want, y, b, c); !slices.Equal(got, want) {
				t.Errorf("%s differs from its steps with %d samples", name, half)
			}
		}
		H2V1(b, cb)
		H2V1(c, cr)
		H2V1RGB(got, y, cb, cr, 0)
		check("H2V1RGB")
		H2V2(b, cb, cbFar)
		H2V2(c, cr, crFar)
		H2V2RGB(got, y, cb, cbFar, cr, crFar, 0)
		check("H2V2RGB")
	}
}

func BenchmarkRows(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	const n = 400
	y, cb, cbFar := samples(r, n), samples(r, n), samples(r, n)
	cr, crFar, dst := samples(r, n), samples(r, n), make([]uint8, 3*n)
	for _, k := range rowKernels {
		eachVariantOf(b, k.name, func(b *testing.B) {
			for b.Loop() {
				k.run(dst, n, 0, y, cb, cbFar, cr, crFar)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/pixel")
		})
	}
}

func BenchmarkPairOfRows(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	const n = 400
	y, dst := samples(r, 2*n), make([]uint8, 6*n)
	cb, cbBelow, cr, crBelow := samples(r, n/2), samples(r, n/2), samples(r, n/2), samples(r, n/2)
	eachVariantOf(b, "H2V2RGBPair", func(b *testing.B) {
		for b.Loop() {
			H2V2RGBPair(dst, dst[3*n:], y[:n], y[n:], cb, cbBelow, cr, crBelow, 0)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*2*n), "ns/pixel")
	})
}

func ExampleH2V1() {
	row := make([]uint8, 6)
	H2V1(row, []uint8{0, 100, 200})
	fmt.Println(row)
	// Output: [0 25 75 125 175 200]
}
