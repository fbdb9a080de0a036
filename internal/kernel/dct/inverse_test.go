package dct

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A transform is one of the four sizes.
type transform struct {
	name    string
	side    int
	inverse func(dst []uint8, stride int, coefs []int16, quant *[64]uint16)
	// mean bounds the mean difference to the exact transform.
	mean float64
}

var transforms = []transform{
	{"8x8", 8, Inverse, 0.02},
	{"4x4", 4, Inverse4, 0.4},
	{"2x2", 2, Inverse2, 0.6},
	{"1x1", 1, func(dst []uint8, _ int, coefs []int16, quant *[64]uint16) {
		Inverse1(dst, coefs, quant)
		clear(coefs)
	}, 0.01},
}

// exact returns the inverse transform of T.81, section A.3.3, each square of
// 8/side x 8/side samples replaced by its mean.
func exact(coefs []int16, quant *[64]uint16, side int) []float64 {
	c := func(u int) float64 {
		if u == 0 {
			return math.Sqrt(0.125)
		}
		return 0.5
	}
	out := make([]float64, side*side)
	step := 8 / side
	for y := range 8 {
		for x := range 8 {
			var sum float64
			for v := range 8 {
				for u := range 8 {
					sum += c(u) * c(v) * float64(coefs[8*v+u]) * float64(quant[8*v+u]) *
						math.Cos(float64((2*x+1)*u)*math.Pi/16) * math.Cos(float64((2*y+1)*v)*math.Pi/16)
				}
			}
			out[y/step*side+x/step] += sum / float64(step*step)
		}
	}
	for i, v := range out {
		out[i] = min(max(v+128, 0), 255)
	}
	return out
}

// photoBlocks returns blocks like those of photos: most high coefficients are
// zero, and in some blocks all but the first.
func photoBlocks(r *rand.Rand, n int) []int16 {
	coefs := make([]int16, 64*n)
	for b := range n {
		block := coefs[64*b:][:64]
		block[0] = int16(r.IntN(200) - 100)
		reach := r.IntN(9) // of diagonals
		for i := 1; i < 64; i++ {
			if d := i/8 + i%8; d < reach*2 {
				block[i] = int16(r.NormFloat64() * 20 / float64(1+d*d))
			}
		}
	}
	return coefs
}

func photoQuant(r *rand.Rand) *[64]uint16 {
	var quant [64]uint16
	for i := range quant {
		quant[i] = uint16(3 + (i/8+i%8)*2 + r.IntN(3))
	}
	return &quant
}

func TestInverseIsTheTransform(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		const n = 200
		for _, tr := range transforms {
			quant := photoQuant(r)
			coefs := photoBlocks(r, n)
			given := slices.Clone(coefs)
			stride := n*tr.side + 3
			dst := make([]uint8, tr.side*stride)
			tr.inverse(dst, stride, coefs, quant)
			var sum, most float64
			for b := range n {
				for i, want := range exact(given[64*b:], quant, tr.side) {
					got := dst[i/tr.side*stride+b*tr.side+i%tr.side]
					d := math.Abs(float64(got) - want)
					sum, most = sum+d, max(most, d)
				}
			}
			// Rounding alone differs by a quarter on average.
			if mean := sum/float64(n*tr.side*tr.side) - 0.25; mean > tr.mean {
				t.Errorf("%s differs by %.3f on average more than rounding, at most %.1f", tr.name, mean, most)
			}
			if tr.side == 8 && most > 1 {
				t.Errorf("8x8 differs by %.2f", most)
			}
			if slices.IndexFunc(coefs, func(v int16) bool { return v != 0 }) >= 0 {
				t.Errorf("%s leaves coefficients", tr.name)
			}
		}
	})
}

// TestInverseInAllVariants compares the variants with the generic one on what
// files can hold, sound or not, and looks for writes beside the blocks.
func TestInverseInAllVariants(t *testing.T) {
	wild := func(r *rand.Rand, n int) []int16 {
		coefs := make([]int16, 64*n)
		for i := range coefs {
			switch r.IntN(4) {
			case 0:
				coefs[i] = int16(r.Uint32())
			case 1:
				coefs[i] = []int16{math.MinInt16, math.MaxInt16, 1, -1}[r.IntN(4)]
			}
		}
		return coefs
	}
	var ones, large [64]uint16
	for i := range ones {
		ones[i], large[i] = 1, uint16(255*257-i)
	}
	eachVariant(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, tr := range transforms {
			for n := range 20 {
				for _, quant := range []*[64]uint16{&ones, &large, photoQuant(r)} {
					for _, coefs := range [][]int16{photoBlocks(r, n), wild(r, n)} {
						compareInverse(t, tr, coefs, quant)
					}
				}
			}
		}
	})
}

func compareInverse(t *testing.T, tr transform, coefs []int16, quant *[64]uint16) {
	t.Helper()
	n := len(coefs) / 64
	stride := n*tr.side + 5
	run := func() []uint8 {
		dst := make([]uint8, max(0, (tr.side-1)*stride+n*tr.side))
		for i := range dst {
			dst[i] = uint8(i)
		}
		tr.inverse(dst, stride, slices.Clone(coefs), quant)
		return dst
	}
	got := run()
	var want []uint8
	withGeneric(func() { want = run() })
	if !slices.Equal(got, want) {
		t.Errorf("%s of %d blocks differs from the generic variant", tr.name, n)
	}
}

func BenchmarkInverse(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	const n = 50
	given, quant := photoBlocks(r, n), photoQuant(r)
	dst, coefs := make([]uint8, 8*8*n), make([]int16, 64*n)
	for _, tr := range transforms {
		eachVariantOf(b, tr.name, func(b *testing.B) {
			for b.Loop() {
				copy(coefs, given)
				tr.inverse(dst, n*tr.side, coefs, quant)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/block")
		})
	}
}
