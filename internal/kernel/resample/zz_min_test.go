package resample

import (
	"fmt"
	"image"
	"testing"
	"time"
)

func TestZZMin(t *testing.T) {
	for _, size := range [][3]int{{300, 350, 0}, {256, 256, 0}, {140, 150, 0}, {500, 375, 0}, {300, 350, 3}, {300, 350, 4}, {300, 350, 9}} {
		src := noise(size[0]+40, size[1]+30, 3)
		norm, slot := testNorm(3), make([]float32, 224*224*3)
		for _, v := range available[1:] {
			current = v
			var r Resampler
			filter, planar := Filter(size[2]), false
			if filter == 9 {
				filter, planar = 0, true
			}
			best, setup := time.Hour, time.Hour
			for i := range 3000 {
				g := &Geometry{
					Clip: image.Rect(20, 10, 20+size[0], 10+size[1]), X: 20, Y: 10,
					W: float64(size[0]), H: float64(size[1]),
					Width: 224, Height: 224, Filter: filter, Mirror: true,
				}
				g.Clip.Min.X = 20 - i%2
				g.X, g.W = float64(g.Clip.Min.X), float64(g.Clip.Dx())
				g.Clip.Min.Y = 10 - i%2
				g.Y, g.H = float64(g.Clip.Min.Y), float64(g.Clip.Dy())
				t0 := time.Now()
				r.Scale(&Target{Floats: slot, Channels: 3, Norm: norm, Planar: planar}, src, g)
				best = min(best, time.Since(t0))
				g.Clip.Max.X--
				g.W--
				g.H--
				t0 = time.Now()
				r.across.set(span{g.Clip.Min.X, g.Clip.Max.X, g.X, g.W, g.Width, g.Filter})
				t1 := time.Now()
				r.down.set(span{g.Clip.Min.Y, g.Clip.Max.Y, g.Y, g.H, g.Height, g.Filter})
				r.groups.set(&r.across, src.Channels, 3, g.Mirror)
				setup = min(setup, time.Since(t0))
				_ = t1
			}
			fmt.Println(size, v, best, "of that setup about", setup)
		}
	}
}
