package pixel_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// TestPartsOfPhotos compares crops out of parts that were decoded at 1/2, 1/4
// or 1/8 with those of the whole photo. A smaller picture lacks the finest
// detail rather than average it, so they differ: by at most 2 of 255 over all
// photos, and 6 for one.
func TestPartsOfPhotos(t *testing.T) {
	files, err := filepath.Glob("../../shared/data/clothing/train/*/*.jpg")
	if err != nil || len(files) < 20 {
		t.Skip("the photos are not here")
	}
	d := codec.NewDecoder(codec.Limits{})
	sum, n := 0.0, 0.0
	for _, file := range files[:20] {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		header, err := d.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := d.Whole(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range []int{2, 3, 5, 9} {
			w, h := header.Width-31, header.Height-17
			crop := pixel.Crop{X: 13, Y: 7, W: w, H: h, Width: w / out, Height: h / out}
			plan := pixel.Plan{Steps: []pixel.Step{&crop}}
			region, atLeast := plan.Region(header.Width, header.Height)
			part, err := d.Part(region, atLeast.X, atLeast.Y, nil)
			if err != nil {
				t.Fatal(err)
			}
			if part.ScaleX == 1 {
				t.Errorf("%s: a crop of %dx%d was decoded at its full scale", file, crop.Width, crop.Height)
			}
			off := meanDifference(crop.ApplyPart(part, nil), crop.ApplyPart(pixel.Whole(whole), nil))
			if off > 6 {
				t.Errorf("%s at 1/%v is off by %.2f", file, part.ScaleX, off)
			}
			sum, n = sum+off, n+1
		}
	}
	if sum/n > 2 {
		t.Errorf("off by %.2f on average", sum/n)
	}
}

func meanDifference(a, b *pixel.Image) float64 {
	sum := 0
	for i, v := range a.Pix {
		sum += max(int(v)-int(b.Pix[i]), int(b.Pix[i])-int(v))
	}
	return float64(sum) / float64(len(a.Pix))
}
