package resample

import (
	"slices"
	"testing"
)

func TestWeightsSumToOne(t *testing.T) {
	var a axis
	for filter := Bilinear; filter <= Lanczos; filter++ {
		for size := 1; size < 200; size += 7 {
			for out := 1; out < 120; out += 5 {
				a.set(span{start: 3, size: float64(size), out: out, to: out, filter: filter})
				for i := range out {
					sum, absolute := 0, 0
					for _, w := range a.weights[i*a.taps : (i+1)*a.taps] {
						sum, absolute = sum+int(w), absolute+max(int(w), -int(w))
					}
					isIn := a.first[i] >= 3 && int(a.first[i]+a.count[i]) <= 3+size
					if sum != one || absolute > 2*one || !isIn {
						t.Fatalf("filter %d, %d to %d: pixel %d has weights %v", filter, size, out,
							i, a.weights[i*a.taps:(i+1)*a.taps])
					}
				}
			}
		}
	}
}

func TestConstantImagesStay(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			for _, v := range []uint8{0, 1, 128, 255} {
				src := *c.src
				src.Pix = slices.Repeat([]uint8{v}, len(c.src.Pix))
				got := make([]uint8, sizeOf(c.g).X*sizeOf(c.g).Y*src.Channels)
				r.Scale(&Target{Bytes: got, Channels: src.Channels}, &src, c.g)
				if low, high := slices.Min(got), slices.Max(got); low != v || high != v {
					t.Fatalf("%+v of all %d has from %d to %d", c.g, v, low, high)
				}
			}
		}
	})
}

func TestMirroredSourcesHaveMirroredResults(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			full := c.g.X == 0 && c.g.W == float64(c.src.Width) && c.g.Window.Empty()
			if !c.g.Filter.isContinuous() || !full {
				continue
			}
			turned := *c.src
			turned.Pix = make([]uint8, len(c.src.Pix))
			r.Copy(&Target{Bytes: turned.Pix, Channels: c.src.Channels}, c.src, c.g.Touched(), true)
			var results [2][]uint8
			for i, src := range []*Source{c.src, &turned} {
				g := *c.g
				g.Mirror = i == 1
				results[i] = make([]uint8, sizeOf(&g).X*sizeOf(&g).Y*src.Channels)
				r.Scale(&Target{Bytes: results[i], Channels: src.Channels}, src, &g)
			}
			if !slices.Equal(results[0], results[1]) {
				t.Errorf("%+v of %d channels is not symmetric", c.g, c.src.Channels)
			}
		}
	})
}
