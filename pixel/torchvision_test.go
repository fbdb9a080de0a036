package pixel

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"testing"
)

// scene is a bright disk on a slope of colours, with a little noise.
func scene(width, height, channels int) *Image {
	m := New(width, height, channels)
	for y := range height {
		for x := range width {
			for c := range channels {
				v := 30 + x*(5-c) + y*3 + c*20 + (x*37+y*91+c*53+x*y*7)%13
				if (x-12)*(x-12)+(y-9)*(y-9) < 40 {
					v = 235 - 60*c + (x*5+y*11)%17
				}
				m.Row(y)[x*channels+c] = uint8(min(v, 255))
			}
		}
	}
	return m
}

// torchvisionSteps are steps with a golden under their own text, and how far
// they may differ from it on average. Where an image is interpolated with a
// fill, torchvision multiplies it by its share twice, which darkens the edge;
// here it is once. Places just between two pixels may be rounded to either.
func torchvisionSteps() map[Step]float64 {
	pad := func(mode Padding, fill [3]uint8) *Pad { return &Pad{2, 1, 3, 4, mode, fill} }
	colour, at := [3]uint8{200, 10, 90}, &[2]float64{5, 7}
	steps := map[Step]float64{
		&Brightness{0.6}: 0.03, &Brightness{1.37}: 0.03,
		&Contrast{0.6}: 0.03, &Contrast{1.4}: 0.03,
		&Saturation{0.6}: 0.03, &Saturation{1.8}: 0.15,
		&Hue{-0.1}: 0.03, &Hue{0.07}: 0.03, &Hue{0.5}: 0, &Gray{}: 0.01,
		&Posterize{3}: 0, &Solarize{100}: 0, &Solarize{99.5}: 0, &Invert{}: 0,
		&AutoContrast{}: 0, &Equalize{}: 0,
		&Sharpness{0}: 0, &Sharpness{0.3}: 0, &Sharpness{1.73}: 0,
		&Blur{Sigma: 0.5, Kernel: 3}: 0.05, &Blur{Sigma: 1.5, Kernel: 9}: 0.05,
		&Blur{Sigma: 4, Kernel: 23}:                   0.05,
		pad(PadConstant, [3]uint8{9, 80, 200}):        0,
		pad(PadEdge, [3]uint8{}):                      0,
		pad(PadReflect, [3]uint8{}):                   0,
		pad(PadSymmetric, [3]uint8{}):                 0,
		&Flip{}:                                       0,
		&FlipVertical{}:                               0,
		&Erase{X: 3, Y: 4, W: 10, H: 9, Fill: colour}: 0,
		&JPEG{10}: 0, &JPEG{50}: 0, &JPEG{75}: 0, &JPEG{98}: 0,
		&Rotate{Degrees: 90, Expand: true}:               0,
		&Rotate{Degrees: 180}:                            0,
		&Rotate{Degrees: 30, Expand: true}:               0,
		&Rotate{Degrees: 30, Center: at}:                 0,
		&Rotate{Degrees: -100, Center: at, Expand: true}: 0.01,
	}
	for _, between := range []Interpolation{Nearest, Bilinear} {
		edge, exact := 0.0, 0.2
		if between == Bilinear {
			edge, exact = 1, 0.01
		}
		steps[&Affine{
			Degrees: 20, X: 3, Y: -2, Scale: 0.8, ShearX: 10, ShearY: -15, Interpolation: between,
		}] = exact
		steps[&Affine{
			Degrees: -50, Center: &[2]float64{6, 15}, Scale: 1.4, ShearY: 5,
			Interpolation: between, Fill: colour,
		}] = edge
		steps[&Rotate{Degrees: 20, Interpolation: between, Fill: colour}] = edge
		steps[&Perspective{
			Corners: [4][2]int{{2, 1}, {24, 3}, {26, 20}, {0, 18}}, Interpolation: between,
		}] = exact
	}
	return steps
}

// TestEqualsTorchvision compares steps with the goldens that
// testdata/goldens.py has written.
func TestEqualsTorchvision(t *testing.T) {
	text, err := os.ReadFile("testdata/torchvision.json")
	if err != nil {
		t.Fatal(err)
	}
	goldens := map[string][]byte{}
	if err := json.Unmarshal(text, &goldens); err != nil {
		t.Fatal(err)
	}
	for step, bound := range torchvisionSteps() {
		want := unpacked(t, goldens[step.String()])
		delete(goldens, step.String())
		of := scene(28, 22, 3)
		if len(want) == 96*84*3 {
			of = scene(96, 84, 3)
		}
		got := step.Apply(of, nil).Pix
		if len(got) != len(want) {
			t.Errorf("%v makes %d bytes, torchvision %d", step, len(got), len(want))
			continue
		}
		sum, most := 0, 0
		for i, v := range got {
			d := max(int(v)-int(want[i]), int(want[i])-int(v))
			sum, most = sum+d, max(most, d)
		}
		mean := float64(sum) / float64(len(got))
		t.Logf("%v: %.4f of 255 on average, %d at most", step, mean, most)
		if mean > bound {
			t.Errorf("%v differs from torchvision by %.3f on average and %d at most", step, mean, most)
		}
	}
	if len(goldens) > 0 {
		t.Errorf("no step was compared with %v", slices.Sorted(maps.Keys(goldens)))
	}
}

// unpacked decompresses a golden.
func unpacked(t *testing.T, golden []byte) []byte {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(golden))
	if err != nil {
		t.Fatal(err)
	}
	pix, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return pix
}
