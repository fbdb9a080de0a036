package resample

import (
	"fmt"
	"image"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// A batch of images of 224 x 224 pixels does not fit in the cache.
const batchImages, imageFloats = 64, 224 * 224 * 3

func benchmarkFloats(b *testing.B, fromWidth, fromHeight int, filter Filter, planar bool) {
	src := noise(fromWidth+40, fromHeight+30, 3)
	norm, batch := testNorm(3), make([]float32, batchImages*imageFloats)
	for _, v := range available {
		b.Run(v.String(), func(b *testing.B) {
			defer func(was isa.Variant) { current = was }(current)
			current = v
			var r Resampler
			scale := func(i int) {
				g := &Geometry{
					X: float64(20 - i%2), Y: float64(10 - i%2), // nothing is kept from before
					W: float64(fromWidth), H: float64(fromHeight),
					Width: 224, Height: 224, Filter: filter, Mirror: true,
				}
				slot := batch[i%batchImages*imageFloats:][:imageFloats]
				r.Scale(&Target{Floats: slot, Channels: 3, Norm: norm, Planar: planar}, src, g)
			}
			scale(0)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				scale(i)
			}
		})
	}
}

func BenchmarkScale(b *testing.B) {
	names := []string{"bilinear", "nearest", "box", "bicubic", "lanczos"}
	for _, size := range [][2]int{{300, 350}, {256, 256}, {140, 150}, {500, 375}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			benchmarkFloats(b, size[0], size[1], Bilinear, false)
		})
	}
	b.Run("300x350 planar", func(b *testing.B) { benchmarkFloats(b, 300, 350, Bilinear, true) })
	for _, f := range []Filter{Nearest, Box, Bicubic, Lanczos} {
		b.Run("300x350 "+names[f], func(b *testing.B) { benchmarkFloats(b, 300, 350, f, false) })
	}
	b.Run("1000x1200", func(b *testing.B) { benchmarkFloats(b, 1000, 1200, Bilinear, false) })
}

func BenchmarkCopy(b *testing.B) {
	src := noise(256, 256, 3)
	batch, norm := make([]float32, batchImages*imageFloats), testNorm(3)
	for _, v := range available {
		for _, planar := range []bool{false, true} {
			for _, mirror := range []bool{false, true} {
				b.Run(fmt.Sprintf("%v planar=%v mirror=%v", v, planar, mirror), func(b *testing.B) {
					defer func(was isa.Variant) { current = was }(current)
					current = v
					var r Resampler
					b.ReportAllocs()
					for i := 0; b.Loop(); i++ {
						slot := batch[i%batchImages*imageFloats:][:imageFloats]
						r.Copy(&Target{Floats: slot, Channels: 3, Norm: norm, Planar: planar}, src,
							image.Rect(16, 16, 240, 240), mirror)
					}
				})
			}
		}
	}
}
