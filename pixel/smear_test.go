package pixel

import (
	"math"
	"slices"
	"testing"
)

func TestNoiseHasItsMomentsAndFollowsItsSeed(t *testing.T) {
	noisy := func(seed uint64) []uint8 {
		m := New(200, 200, 1)
		for i := range m.Pix {
			m.Pix[i] = 100
		}
		return (&Noise{Mean: 0.1, Sigma: 0.05, Seed: seed}).Apply(m, nil).Pix
	}
	var sum, squares float64
	for _, v := range noisy(1) {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	mean := sum / 40000
	deviation := math.Sqrt(squares/40000 - mean*mean)
	// Rounding towards 0 takes half a step off what is added.
	if math.Abs(mean-125) > 0.3 || math.Abs(deviation-12.75) > 0.3 {
		t.Errorf("mean %.2f and deviation %.2f, want 125 and 12.75", mean, deviation)
	}
	if !slices.Equal(noisy(1), noisy(1)) || slices.Equal(noisy(1), noisy(2)) {
		t.Error("noise does not follow its seed")
	}
}

func TestMotionBlurSmearsAlongItsLine(t *testing.T) {
	dot := func() *Image {
		m := New(15, 15, 1)
		m.Row(7)[7] = 240
		return m
	}
	across := (&MotionBlur{Length: 6}).Apply(dot(), nil)
	for x, want := range []uint8{0, 0, 0, 0, 21, 40, 40, 40, 40, 40, 21, 0, 0, 0, 0} {
		if got := across.Row(7)[x]; max(got, want)-min(got, want) > 2 {
			t.Errorf("the smeared dot is %d at %d, want %d", got, x, want)
		}
	}
	up := (&MotionBlur{Length: 6, Degrees: 90}).Apply(dot(), nil)
	slant := (&MotionBlur{Length: 6, Degrees: 45}).Apply(dot(), nil)
	for i := range 15 {
		if got, want := up.Row(i)[7], across.Row(7)[i]; max(got, want)-min(got, want) > 1 {
			t.Errorf("upright %d, level %d at %d", got, want, i)
		}
	}
	if slant.Row(5)[9] < 20 || slant.Row(5)[5] != 0 {
		t.Error("45° do not lead up to the right")
	}
	flat := New(9, 7, 3)
	for i := range flat.Pix {
		flat.Pix[i] = 77
	}
	for _, length := range []float64{5, 60} {
		got := (&MotionBlur{Length: length, Degrees: 30}).Apply(flat, nil)
		if slices.Min(got.Pix) < 76 || slices.Max(got.Pix) > 77 {
			t.Error("a motion blur changes an image of one colour")
		}
	}
}

func TestEqualizeAndAutoContrastLeaveOneColour(t *testing.T) {
	for _, step := range []Step{&AutoContrast{}, &Equalize{}} {
		m := New(40, 40, 1)
		for i := range m.Pix {
			m.Pix[i] = 50
		}
		if got := step.Apply(m, nil).Pix; slices.Min(got) != 50 || slices.Max(got) != 50 {
			t.Errorf("%v changes an image of one colour", step)
		}
	}
}

func TestPlacesBeyondTheHorizonAreNowhere(t *testing.T) {
	move := (&Perspective{Corners: [4][2]int{{0, 0}, {99, 40}, {99, 60}, {0, 99}}}).Map(100, 100)
	if _, _, ok := move.At(50, 50); !ok {
		t.Error("the middle goes nowhere")
	}
	if _, _, ok := move.inverse().At(50, 50); !ok {
		t.Error("the middle comes from nowhere")
	}
	behind := -move.I/move.G - 1 // on the line y = 0
	if _, _, ok := move.At(behind, 0); ok {
		t.Errorf("(%v, 0) lies behind and goes somewhere", behind)
	}
	box := rectangle(-1e6, 40, 50, 60)
	box.move(move)
	minX, minY, maxX, maxY := box.around()
	if math.IsNaN(minX+minY+maxX+maxY) || math.IsInf(minX, 0) || minX > maxX || minY > maxY {
		t.Errorf("the box goes to %v,%v to %v,%v", minX, minY, maxX, maxY)
	}
}
