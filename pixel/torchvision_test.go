package pixel

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
)

// ramp is a smooth picture.
func ramp(width, height int) *Image {
	m := New(width, height, 3)
	for y := range height {
		for x := range width {
			for c := range 3 {
				m.Row(y)[x*3+c] = uint8(30 + x*5 + y*3 + c*20)
			}
		}
	}
	return m
}

// TestEqualsTorchvision compares steps with the goldens that
// testdata/goldens.py has written, each under the step's own text.
func TestEqualsTorchvision(t *testing.T) {
	text, err := os.ReadFile("testdata/torchvision.json")
	if err != nil {
		t.Fatal(err)
	}
	goldens := map[string]string{}
	if err := json.Unmarshal(text, &goldens); err != nil {
		t.Fatal(err)
	}
	pad := &Pad{Left: 2, Top: 1, Right: 3, Bottom: 4}
	withMode := func(mode Padding) *Pad { p := *pad; p.Mode, p.Fill = mode, GrayFill(9); return &p }
	for _, c := range []struct {
		step Step
		of   *Image
		// mean bounds the mean difference, most that of one value.
		mean float64
		most int
	}{
		{&Posterize{3}, pattern(8, 6, 3), 0, 0},
		{&Solarize{100}, pattern(8, 6, 3), 0, 0},
		{&Solarize{99.5}, pattern(8, 6, 3), 0, 0},
		{&Invert{}, pattern(8, 6, 3), 0, 0},
		{&AutoContrast{}, ramp(24, 16), 0, 0},
		{&Equalize{}, pattern(24, 20, 3), 0, 0},
		{&Sharpness{0}, pattern(8, 6, 3), 0, 0},
		{&Sharpness{0.3}, pattern(8, 6, 3), 0.05, 1},
		{&Sharpness{1.73}, pattern(8, 6, 3), 0, 0},
		{withMode(PadConstant), pattern(8, 6, 3), 0, 0},
		{withMode(PadEdge), pattern(8, 6, 3), 0, 0},
		{withMode(PadReflect), pattern(8, 6, 3), 0, 0},
		{withMode(PadSymmetric), pattern(8, 6, 3), 0, 0},
		{&Affine{
			Degrees: 20, X: 3, Y: -2, Scale: 0.8, ShearX: 10, ShearY: -15, Interpolation: Bilinear,
		}, ramp(24, 16), 0.05, 1},
		{&Rotate{Degrees: 20, Interpolation: Bilinear}, ramp(24, 16), 0.05, 1},
		{&Perspective{
			Corners: [4][2]int{{2, 1}, {20, 3}, {22, 14}, {0, 12}}, Interpolation: Bilinear,
		}, ramp(24, 16), 0.05, 1},
		{&JPEG{75}, ramp(24, 16), 0.1, 1},
	} {
		want, err := hex.DecodeString(goldens[c.step.String()])
		got := c.step.Apply(c.of, nil).Pix
		if err != nil || len(got) != len(want) {
			t.Errorf("%v makes %d bytes, torchvision %d (%v)", c.step, len(got), len(want), err)
			continue
		}
		sum, most := 0, 0
		for i, v := range got {
			d := max(int(v)-int(want[i]), int(want[i])-int(v))
			sum, most = sum+d, max(most, d)
		}
		if mean := float64(sum) / float64(len(got)); mean > c.mean || most > c.most {
			t.Errorf("%v differs from torchvision by %.3f on average and %d at most", c.step, mean, most)
		}
	}
}
