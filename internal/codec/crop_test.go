package codec

import (
	"image"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/pixel"
)

// crops returns crops of an image that make it smaller, larger and both.
func crops(r *rand.Rand, bounds image.Rectangle) []pixel.Crop {
	var all []pixel.Crop
	for _, region := range regions(r, bounds) {
		all = append(all, pixel.Crop{
			X: region.Min.X, Y: region.Min.Y, W: region.Dx(), H: region.Dy(),
			Width: 1 + r.IntN(bounds.Dx()), Height: 1 + r.IntN(bounds.Dy()),
		})
	}
	return all
}

// cropFirst decodes just what a crop needs, and no smaller than most times the
// result.
func cropFirst(t *testing.T, d *Decoder, c pixel.Crop, most int) (*pixel.Image, float64) {
	t.Helper()
	region := image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H)
	part, err := d.Part(region, most*c.Width, most*c.Height, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.ApplyPart(part, nil), part.ScaleX
}

// TestCropFirstEqualsDecodeFirst holds crops of parts against crops of the
// whole: at scale 1 they are equal bit for bit.
func TestCropFirstEqualsDecodeFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	layouts(t, func(t *testing.T, data []byte) {
		d := NewDecoder(Limits{})
		open(t, d, data)
		whole, err := d.Whole(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range crops(r, whole.Bounds()) {
			const never = 1 << 20
			got, scale := cropFirst(t, d, c, never)
			if want := c.Apply(whole.Clone(), nil); scale != 1 || !slices.Equal(got.Pix, want.Pix) {
				t.Fatalf("%v differs between the part and the whole", &c)
			}
		}
	})
}

// TestCropFirstOfPhotos holds crops of parts at smaller scales against crops
// of the whole, where the transform has made the picture smaller instead of the
// filter. They differ by at most 2 of 255 on average over all crops, and by at
// most 6 on average over any one of them: of fine patterns, which the transform
// keeps sharper than the bilinear filter does.
func TestCropFirstOfPhotos(t *testing.T) {
	paths, _ := filepath.Glob("../../../shared/data/clothing/train/dress/*.jpg")
	if len(paths) == 0 {
		t.Skip("no sample photos here")
	}
	r := rand.New(rand.NewPCG(9, 10))
	scaled, sum := 0, 0.0
	for i, path := range paths[:min(len(paths), 24)] {
		d := NewDecoder(Limits{})
		open(t, d, withOrientation(readFile(t, path), byte(1+i%8)))
		whole, err := d.Whole(nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			w, h := 100+r.IntN(whole.Width-100), 100+r.IntN(whole.Height-100)
			c := pixel.Crop{
				X: r.IntN(whole.Width - w + 1), Y: r.IntN(whole.Height - h + 1), W: w, H: h,
				Width: 12 + r.IntN(100), Height: 12 + r.IntN(100),
			}
			got, scale := cropFirst(t, d, c, 1)
			if scale == 1 {
				continue
			}
			mean := meanDifference(got, c.Apply(whole.Clone(), nil))
			if mean > 6 {
				t.Errorf("%v at 1/%v differs by %.2f on average", &c, scale, mean)
			}
			scaled, sum = scaled+1, sum+mean
		}
	}
	if mean := sum / float64(scaled); scaled < 100 || mean > 2 {
		t.Errorf("%d crops at a smaller scale differ by %.2f on average", scaled, mean)
	}
}

func meanDifference(a, b *pixel.Image) float64 {
	sum := 0
	for i, v := range a.Pix {
		sum += max(int(v)-int(b.Pix[i]), int(b.Pix[i])-int(v))
	}
	return float64(sum) / float64(len(a.Pix))
}
