package vector

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Every variant drops the same elements, wherever a piece begins, and all
// thresholds mean the same to it.
func TestMasksAreTheSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 1000
	x := random(r, n)
	for _, threshold := range []uint32{0, 1, 1 << 30, 1<<31 - 1, 1 << 31, 3 << 30, math.MaxUint32} {
		m := Mask{Key: r.Uint64(), Threshold: threshold, Scale: 1.25}
		// Numbers of pairs grow beyond 32 bits, where int does.
		const start = (1<<33 - 64) & (math.MaxInt >> 1)
		var want [n]float32
		m.applyGeneric(want[:], x, start)
		dropped := 0
		for i, v := range want {
			if v == 0 {
				dropped++
			} else if v != x[i]*m.Scale {
				t.Fatalf("%v becomes %v", x[i], v)
			}
		}
		share := float64(threshold) / (1 << 32)
		if off := math.Abs(float64(dropped)/n - share); off > 0.06 {
			t.Errorf("threshold %#x drops %d of %d", threshold, dropped, n)
		}
		eachVariant(t, func(t *testing.T) {
			for _, at := range []int{0, 2, 14, 500} {
				to := make([]float32, n-at)
				m.Apply(to, x[at:], start+at)
				for i, v := range to {
					if math.Float32bits(v) != math.Float32bits(want[at+i]) {
						t.Fatalf("threshold %#x, from %d: element %d is %v, want %v", threshold, at, i, v,
							want[at+i])
					}
				}
			}
		})
	}
}

// The first outputs of SplitMix64 with the seed 1234567.
func TestMix(t *testing.T) {
	const step = 0x9e3779b97f4a7c15
	seed := uint64(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := Mix(seed + uint64(i)*step); got != want {
			t.Errorf("draw %d is %d, want %d", i, got, want)
		}
	}
}
