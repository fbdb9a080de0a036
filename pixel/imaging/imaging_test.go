package imaging

import (
	"image"
	"math/rand/v2"
	"testing"

	library "github.com/disintegration/imaging"

	"github.com/dsbuild/dsbuild/pixel"
)

// noisy is an image of random values with some gray pixels.
func noisy(width, height int) *pixel.Image {
	rng := rand.New(rand.NewPCG(1, 2))
	m := pixel.New(width, height, 3)
	for i := range m.Pix {
		m.Pix[i] = uint8(rng.Uint32())
		if i%9 > 5 {
			m.Pix[i] = m.Pix[i-1]
		}
	}
	return m
}

// TestEqualsTheLibrary holds every step to what the library makes of the same
// image, within the rounding of a few values.
func TestEqualsTheLibrary(t *testing.T) {
	type test struct {
		step pixel.Step
		want func(image.Image) *image.NRGBA
	}
	var tests []test
	for _, p := range []float64{-150, -100, -40, 0, 7.5, 30, 99, 100} {
		tests = append(tests,
			test{&Brightness{p}, func(m image.Image) *image.NRGBA { return library.AdjustBrightness(m, p) }},
			test{&Saturation{p}, func(m image.Image) *image.NRGBA { return library.AdjustSaturation(m, p) }},
		)
		if p < 100 {
			tests = append(tests, test{
				&Contrast{p}, func(m image.Image) *image.NRGBA { return library.AdjustContrast(m, p) },
			})
		}
	}
	for _, sigma := range []float64{0, 0.3, 1, 2.4, 9} {
		tests = append(tests,
			test{&Blur{sigma}, func(m image.Image) *image.NRGBA { return library.Blur(m, sigma) }},
			test{&Sharpen{sigma}, func(m image.Image) *image.NRGBA { return library.Sharpen(m, sigma) }},
		)
	}
	tests = append(tests, test{
		&Gray{}, func(m image.Image) *image.NRGBA { return library.Grayscale(m) },
	})
	for _, c := range tests {
		m := noisy(37, 23)
		want := pixel.FromImage(c.want(m.Std())).Pix
		got := c.step.Apply(m, &pixel.Scratch{}).Pix
		differing := 0
		for i, v := range got {
			d := max(int(v)-int(want[i]), int(want[i])-int(v))
			if d > 1 {
				t.Fatalf("%v makes value %d %d, the library %d", c.step, i, v, want[i])
			}
			differing += min(d, 1)
		}
		if differing > len(got)/20 {
			t.Errorf("%v differs from the library in %d of %d values", c.step, differing, len(got))
		}
	}
}

func TestGrayImages(t *testing.T) {
	for _, step := range []pixel.Step{
		&Brightness{10}, &Contrast{100}, &Contrast{-100}, &Saturation{50}, &Gray{}, &Blur{2}, &Sharpen{2},
	} {
		m := pixel.New(9, 7, 1)
		for i := range m.Pix {
			m.Pix[i] = 100
		}
		m = step.Apply(m, nil)
		for i, v := range m.Pix {
			if m.Channels != 1 || v != m.Pix[0] {
				t.Fatalf("%v: value %d of a plain image is %d, the first %d", step, i, v, m.Pix[0])
			}
		}
	}
}
