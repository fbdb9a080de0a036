package pixel

import (
	"slices"
	"testing"
)

// pattern has different values everywhere: testdata of the goldens below.
func pattern(width, height, channels int) *Image {
	m := New(width, height, channels)
	for y := range height {
		for x := range width {
			for c := range channels {
				m.Row(y)[x*channels+c] = uint8(x*37 + y*91 + c*53 + x*y*7)
			}
		}
	}
	return m
}

// The goldens are what Pillow 12 gives for the pattern by
// image.crop((X, Y, X+W, Y+H)).resize((Width, Height), Image.BILINEAR).
func TestCropEqualsPillow(t *testing.T) {
	for _, c := range []struct {
		crop Crop
		want []uint8
	}{
		{Crop{0, 0, 9, 7, 4, 3}, []uint8{
			103, 132, 143, 123, 127, 146, 127, 138, 130, 105, 129, 140,
			119, 134, 130, 140, 140, 132, 141, 135, 126, 135, 125, 121,
			112, 154, 125, 120, 134, 110, 147, 136, 118, 121, 144, 116,
		}},
		{Crop{2, 1, 6, 6, 3, 4}, []uint8{
			133, 117, 101, 99, 120, 137, 121, 133, 173,
			133, 154, 146, 151, 137, 129, 132, 137, 112,
			142, 118, 122, 144, 136, 122, 145, 136, 121,
			116, 155, 98, 136, 133, 114, 156, 140, 129,
		}},
	} {
		if got := c.crop.Apply(pattern(9, 7, 3), nil).Pix; !slices.Equal(got, c.want) {
			t.Errorf("%v gives\n%v, Pillow\n%v", c.crop, got, c.want)
		}
	}
}

func TestGrayCropEqualsColourCrop(t *testing.T) {
	gray := pattern(31, 22, 1)
	for _, c := range []Crop{{0, 0, 31, 22, 9, 13}, {3, 4, 11, 10, 40, 7}, {5, 6, 8, 9, 8, 9}} {
		want := c.Apply(gray.RGB(), nil)
		if got := c.Apply(gray, nil).RGB(); !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("%v differs between gray and colour", c)
		}
	}
}

func TestCropOfTheSameSizeCopies(t *testing.T) {
	m := pattern(9, 7, 3)
	got := (&Crop{2, 3, 4, 2, 4, 2}).Apply(m, nil)
	for y := range 2 {
		if want := m.Row(y + 3)[2*3 : 6*3]; !slices.Equal(got.Row(y), want) {
			t.Errorf("row %d is %v, want %v", y, got.Row(y), want)
		}
	}
	if m != new(Resize(9, 7, 9, 7)).Apply(m, nil) {
		t.Error("a resize to the same size makes a copy")
	}
}

func TestCentre(t *testing.T) {
	for _, c := range []struct {
		fromWidth, fromHeight, width, height int
		want                                 Crop
	}{
		{100, 50, 10, 10, Crop{25, 0, 50, 50, 10, 10}},
		{50, 100, 10, 10, Crop{0, 25, 50, 50, 10, 10}},
		{64, 48, 8, 6, Crop{0, 0, 64, 48, 8, 6}},
		{1, 1000, 64, 64, Crop{0, 499, 1, 1, 64, 64}},
		{1000, 1, 1, 64, Crop{499, 0, 1, 1, 1, 64}},
	} {
		got := Centre(c.fromWidth, c.fromHeight, c.width, c.height)
		if got != c.want {
			t.Errorf("the centre of %dx%d for %dx%d is %+v, want %+v",
				c.fromWidth, c.fromHeight, c.width, c.height, got, c.want)
		}
	}
}

func BenchmarkCrop(b *testing.B) {
	m := pattern(400, 533, 3)
	for b.Loop() {
		(&Crop{50, 60, 300, 400, 224, 224}).Apply(m, nil)
	}
}
