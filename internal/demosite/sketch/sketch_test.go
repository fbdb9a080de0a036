package sketch

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func generator(subject string, i int) *rand.Rand {
	return dataset.Key{Seed: 1, Sample: fmt.Sprint(subject, i)}.Rand("sketch")
}

func TestDrawIsDeterministic(t *testing.T) {
	for _, subject := range Subjects() {
		size := image.Pt(97, 64)
		first := Draw(subject, size, generator(subject, 1))
		again := Draw(subject, size, generator(subject, 1))
		other := Draw(subject, size, generator(subject, 2))
		if first.Rect != image.Rect(0, 0, 97, 64) || !first.Opaque() {
			t.Errorf("%s: bounds are %v, opaque is %v", subject, first.Rect, first.Opaque())
		}
		if !bytes.Equal(first.Pix, again.Pix) {
			t.Errorf("%s: the same generator gave two pictures", subject)
		}
		if bytes.Equal(first.Pix, other.Pix) {
			t.Errorf("%s: two generators gave the same picture", subject)
		}
	}
}

// The subject must show: the picture may not be its backdrop alone.
func TestDrawShowsItsSubject(t *testing.T) {
	for _, subject := range Subjects() {
		for i := range 20 {
			rng := generator(subject, i)
			size := image.Pt(90, 120)
			g := newPen(size, place(size, rng), drawPalette(rng), rng)
			subjects[subject](g)
			covered := 0.0
			for _, a := range g.layer.alpha {
				covered += a
			}
			if share := covered / float64(size.X*size.Y); share < 0.04 || share > 0.8 {
				t.Errorf("%s %d covers %.3f of its picture", subject, i, share)
			}
		}
	}
}

func TestDrawAtEverySize(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {14, 14}, {3, 200}, {200, 3}} {
		for _, subject := range Subjects() {
			if got := Draw(subject, size, generator(subject, 0)).Rect.Size(); got != size {
				t.Errorf("%s of size %v has size %v", subject, size, got)
			}
		}
	}
}

func TestInverse(t *testing.T) {
	m := affine{xx: 3, xy: -1, x0: 7, yx: 2, yy: 5, y0: -4}
	if p := m.inverse().apply(m.apply(point{0.5, -2})); !near(p.x, 0.5) || !near(p.y, -2) {
		t.Errorf("there and back is %v", p)
	}
}

// Known values of Oklab: white, black and sRGB's red.
func TestLCH(t *testing.T) {
	for _, c := range []struct {
		l, c, h float64
		want    colour
	}{
		{1, 0, 0, colour{1, 1, 1}},
		{0, 0, 0, colour{0, 0, 0}},
		{0.62796, 0.25768, 29.234 / 360, colour{1, 0, 0}},
	} {
		got := lch(c.l, c.c, c.h)
		for _, d := range []float64{got.r - c.want.r, got.g - c.want.g, got.b - c.want.b} {
			if d > 0.01 || d < -0.01 {
				t.Errorf("lch(%v, %v, %v) = %v, want %v", c.l, c.c, c.h, got, c.want)
				break
			}
		}
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func ExampleDraw() {
	rng := dataset.Key{Seed: 1, Sample: "fish/7"}.Rand("sketch")
	img := Draw("fish", image.Pt(160, 120), rng)
	fmt.Println(img.Bounds().Size(), Subjects())
	// Output: (160,120) [cup fish flower house sailboat tree]
}
