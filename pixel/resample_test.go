package pixel

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
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

// furthest returns the largest difference between values of the same place.
func furthest(t *testing.T, got, want []uint8) int {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	most := 0
	for i, v := range got {
		most = max(most, int(v)-int(want[i]), int(want[i])-int(v))
	}
	return most
}

// TestCropEqualsPillow compares crops with the goldens that
// testdata/crop_goldens.py has written.
func TestCropEqualsPillow(t *testing.T) {
	text, err := os.ReadFile("testdata/crops.json")
	if err != nil {
		t.Fatal(err)
	}
	goldens := map[string]string{}
	if err := json.Unmarshal(text, &goldens); err != nil {
		t.Fatal(err)
	}
	whole := Whole(pattern(31, 22, 3))
	// Of a scale of 4, the box begins at 4.25,3.5 and has 20.5x15.75 pixels.
	fine := Part{Image: whole.Image, ScaleX: 4, ScaleY: 4}
	for name, golden := range goldens {
		fields := strings.Fields(name)
		want, err := hex.DecodeString(golden)
		if err != nil {
			t.Fatal(err)
		}
		part, crop := whole, Crop{X: 3, Y: 2, W: 25, H: 17, Width: 8, Height: 6}
		switch fields[2] {
		case "12x9":
			crop = Crop{X: 5, Y: 4, W: 6, H: 5, Width: 12, Height: 9}
		case "7x6":
			part, crop = fine, Crop{X: 17, Y: 14, W: 82, H: 63, Width: 7, Height: 6}
		}
		crop.Filter = Filter(fields[1])
		if most := furthest(t, crop.ApplyPart(part, nil).Pix, want); most > 1 {
			t.Errorf("%s: a difference of %d", name, most)
		}
	}
}

func TestGrayCropEqualsColourCrop(t *testing.T) {
	gray := pattern(31, 22, 1)
	for _, c := range []Crop{
		{W: 31, H: 22, Width: 9, Height: 13}, {X: 3, Y: 4, W: 11, H: 10, Width: 40, Height: 7},
		{X: 5, Y: 6, W: 8, H: 9, Width: 8, Height: 9},
	} {
		want := c.Apply(gray.RGB(), nil)
		if got := c.Apply(gray, nil).RGB(); !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("%v differs between gray and colour", c)
		}
	}
}

func TestCropOfTheSameSizeCopies(t *testing.T) {
	m := pattern(9, 7, 3)
	got := (&Crop{X: 2, Y: 3, W: 4, H: 2, Width: 4, Height: 2}).Apply(m, nil)
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
		{100, 50, 10, 10, Crop{X: 25, Y: 0, W: 50, H: 50, Width: 10, Height: 10}},
		{50, 100, 10, 10, Crop{X: 0, Y: 25, W: 50, H: 50, Width: 10, Height: 10}},
		{64, 48, 8, 6, Crop{X: 0, Y: 0, W: 64, H: 48, Width: 8, Height: 6}},
		{1, 1000, 64, 64, Crop{X: 0, Y: 499, W: 1, H: 1, Width: 64, Height: 64}},
		{1000, 1, 1, 64, Crop{X: 499, Y: 0, W: 1, H: 1, Width: 1, Height: 64}},
	} {
		got := Centre(c.fromWidth, c.fromHeight, c.width, c.height)
		if got != c.want {
			t.Errorf("the centre of %dx%d for %dx%d is %+v, want %+v",
				c.fromWidth, c.fromHeight, c.width, c.height, got, c.want)
		}
	}
}

func TestFilterNames(t *testing.T) {
	for f := range filters {
		if err := f.Validate(); err != nil {
			t.Error(err)
		}
	}
	if err := Filter("mitchell").Validate(); err == nil {
		t.Error("an unknown filter is valid")
	}
	crop := Crop{X: 1, Y: 2, W: 3, H: 4, Width: 5, Height: 6, Filter: FilterLanczos}
	if got := crop.String(); got != "crop 1,2 3x4 to 5x6 lanczos" {
		t.Errorf("the crop is %q", got)
	}
}

func BenchmarkCrop(b *testing.B) {
	part := Whole(pattern(400, 533, 3))
	crop := Crop{X: 50, Y: 60, W: 300, H: 400, Width: 224, Height: 224}
	var s Scratch
	s.Free(crop.ApplyPart(part, &s))
	b.ReportAllocs()
	for b.Loop() {
		s.Free(crop.ApplyPart(part, &s))
	}
}
