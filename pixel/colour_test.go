package pixel

import (
	"slices"
	"testing"
)

func colours(pixels ...[3]uint8) *Image {
	m := New(len(pixels), 1, 3)
	for i, p := range pixels {
		copy(m.Pix[3*i:], p[:])
	}
	return m
}

// The wanted values are worked out by hand from torchvision's definitions.
func TestColourSteps(t *testing.T) {
	in := [][3]uint8{{200, 100, 50}, {10, 20, 30}, {255, 255, 0}, {128, 128, 128}}
	for _, c := range []struct {
		step Step
		want []uint8
	}{
		{&Brightness{1.5}, []uint8{255, 150, 75, 15, 30, 45, 255, 255, 0, 192, 192, 192}},
		{&Brightness{0}, make([]uint8, 12)},
		// The grays are 124, 18, 225 and 127: the mean is 123.5.
		{&Contrast{0}, slices.Repeat([]uint8{123}, 12)},
		{&Contrast{2}, []uint8{255, 76, 0, 0, 0, 0, 255, 255, 0, 132, 132, 132}},
		{&Saturation{0}, []uint8{124, 124, 124, 18, 18, 18, 225, 225, 225, 127, 127, 127}},
		{&Saturation{2}, []uint8{255, 76, 0, 2, 22, 42, 255, 255, 0, 129, 129, 129}},
		{&Gray{}, []uint8{124, 124, 124, 18, 18, 18, 225, 225, 225, 127, 127, 127}},
		{&Hue{0.5}, []uint8{50, 150, 200, 30, 20, 10, 0, 0, 255, 128, 128, 128}},
		{&Hue{1. / 3}, []uint8{50, 200, 100, 30, 10, 20, 0, 255, 255, 128, 128, 128}},
		{&Hue{0}, []uint8{200, 100, 50, 10, 20, 30, 255, 255, 0, 128, 128, 128}},
	} {
		if got := c.step.Apply(colours(in...), nil).Pix; !slices.Equal(got, c.want) {
			t.Errorf("%v gives\n%v, want\n%v", c.step, got, c.want)
		}
	}
}

func TestHueTurnsBack(t *testing.T) {
	m := pattern(30, 30, 3)
	want := slices.Clone(m.Pix)
	got := (&Hue{-0.17}).Apply((&Hue{0.17}).Apply(m, nil), nil).Pix
	for i := range got {
		if d := int(got[i]) - int(want[i]); d < -2 || d > 2 {
			t.Fatalf("value %d became %d", want[i], got[i])
		}
	}
}

func TestGrayImagesHaveNoColour(t *testing.T) {
	for _, step := range []Step{&Saturation{3}, &Hue{0.3}, &Gray{}} {
		m := pattern(5, 5, 1)
		if got := step.Apply(m, nil); !slices.Equal(got.Pix, pattern(5, 5, 1).Pix) {
			t.Errorf("%v changes a gray image", step)
		}
	}
}

func TestBlurKeepsTheMeanAndSoftens(t *testing.T) {
	for _, channels := range []int{1, 3} {
		flat := New(9, 7, channels)
		for i := range flat.Pix {
			flat.Pix[i] = 77
		}
		got := (&Blur{Sigma: 2}).Apply(flat, nil)
		if slices.Min(got.Pix) != 77 || slices.Max(got.Pix) != 77 {
			t.Error("a blur changes an image of one colour")
		}
		dot := New(21, 21, channels)
		dot.Row(10)[10*channels] = 255
		got = (&Blur{Sigma: 1}).Apply(dot, nil)
		// The Gaussian of deviation 1 is 0.399 at 0 and 0.242 at 1.
		for at, want := range map[[2]int]uint8{{10, 10}: 41, {11, 10}: 25, {11, 11}: 15, {15, 15}: 0} {
			if v := got.Row(at[1])[at[0]*channels]; v < want-min(want, 1) || v > want+1 {
				t.Errorf("the blurred dot is %d at %v, want %d", v, at, want)
			}
		}
	}
	if tiny := (&Blur{Sigma: 3}).Apply(New(1, 1, 3), nil); tiny.Pix[0] != 0 {
		t.Error("one pixel cannot be blurred")
	}
}

func TestErase(t *testing.T) {
	m := (&Erase{X: 1, Y: 1, W: 2, H: 5, Fill: GrayFill(9)}).Apply(New(4, 3, 1), nil)
	if want := []uint8{0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 9, 0}; !slices.Equal(m.Pix, want) {
		t.Errorf("erased %v, want %v", m.Pix, want)
	}
	noise := func(seed uint64) []uint8 {
		return (&Erase{W: 8, H: 8, Noise: seed}).Apply(New(8, 8, 3), nil).Pix
	}
	if !slices.Equal(noise(5), noise(5)) || slices.Equal(noise(5), noise(6)) {
		t.Error("noise does not follow its seed")
	}
}
