package pixel

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// everyStep returns all steps, with parameters for an image of the given size.
func everyStep(width, height int) []Step {
	right, bottom := width-1, height-1
	return []Step{
		&Brightness{1.4}, &Contrast{0.7}, &Saturation{1.6}, &Hue{0.2}, &Gray{},
		&Posterize{3}, &Solarize{120}, &Invert{}, &AutoContrast{}, &Equalize{},
		&Sharpness{1.9}, &Sharpness{0.1},
		&Blur{Sigma: 0.8}, &Blur{Sigma: 2, Kernel: 9}, &Blur{Sigma: 20},
		&MotionBlur{Length: 5, Degrees: 30}, &MotionBlur{Length: 40, Degrees: 100},
		&Noise{Mean: -0.02, Sigma: 0.1, Seed: 7},
		&Erase{X: right / 2, Y: -1, W: 5, H: 3, Fill: [3]uint8{1, 2, 3}},
		&Erase{X: -2, Y: bottom / 2, W: 4, H: 9, Noise: 8},
		&JPEG{1}, &JPEG{60}, &JPEG{100},
		&Flip{}, &FlipVertical{},
		&Crop{
			X: width / 3, Y: height / 3, W: width - width/3, H: height - height/3,
			Width: 9, Height: 11,
		},
		&Pad{Left: 3, Top: 1, Right: 2, Bottom: 7, Fill: [3]uint8{7, 8, 9}},
		&Pad{Left: 5, Bottom: 2, Mode: PadEdge}, &Pad{Right: 40, Top: 3, Mode: PadReflect},
		&Pad{Left: 9, Bottom: 30, Mode: PadSymmetric},
		&Rotate{Degrees: 33}, &Rotate{Degrees: -90, Expand: true},
		&Rotate{Degrees: 200, Expand: true, Interpolation: Bilinear, Center: &[2]float64{1, 2}},
		&Affine{Degrees: 10, X: 1, Y: -2, Scale: 1.3, ShearX: 4, Fill: [3]uint8{4, 5, 6}},
		&Affine{Scale: 0.5, ShearY: -20, Interpolation: Bilinear, Center: &[2]float64{0, 3}},
		&Perspective{
			Corners:       [4][2]int{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}},
			Interpolation: Bilinear,
		},
	}
}

// stepSizes are those of images that steps must bear: single rows and columns,
// and what leaves remainders.
var stepSizes = [][2]int{{1, 1}, {1, 50}, {50, 1}, {2, 3}, {17, 9}, {64, 33}}

// TestStepsKeepTheirPromises checks of every step that it makes images of the
// size that it tells, with as many channels, the same with memory of its own and
// with memory that others have used, and takes no new memory once it has enough.
func TestStepsKeepTheirPromises(t *testing.T) {
	var used Scratch
	for _, size := range stepSizes {
		for _, channels := range []int{1, 3} {
			for _, step := range everyStep(size[0], size[1]) {
				want := step.Apply(pattern(size[0], size[1], channels), nil)
				width, height := step.Size(size[0], size[1])
				if want.Width != width || want.Height != height || want.Channels != channels ||
					len(want.Pix) != width*height*channels {
					t.Errorf("%v makes %dx%dx%d of %v, and tells %dx%d", step,
						want.Width, want.Height, want.Channels, size, width, height)
				}
				apply := func() *Image {
					m := used.New(size[0], size[1], channels)
					copy(m.Pix, pattern(size[0], size[1], channels).Pix)
					return step.Apply(m, &used)
				}
				if got := apply(); !slices.Equal(got.Pix, want.Pix) {
					t.Errorf("%v of %vx%d depends on memory used before", step, size, channels)
				} else {
					used.Free(got)
				}
			}
		}
	}
}

func TestStepsAllocateNothingOnceWarm(t *testing.T) {
	for _, channels := range []int{1, 3} {
		original := pattern(60, 40, channels)
		for _, step := range everyStep(60, 40) {
			var s Scratch
			apply := func() {
				m := s.New(60, 40, channels)
				copy(m.Pix, original.Pix)
				s.Free(step.Apply(m, &s))
			}
			apply()
			if n := testing.AllocsPerRun(5, apply); n != 0 {
				t.Errorf("%v of %d channels allocates %v times", step, channels, n)
			}
		}
	}
}

// TestRunsOfColoursEqualSingleSteps checks that steps in a row, which a plan
// applies together, give what they give one by one.
func TestRunsOfColoursEqualSingleSteps(t *testing.T) {
	plan := Plan{Steps: []Step{
		&Brightness{1.2}, &Contrast{0.8}, &Hue{-0.1}, &Contrast{1.3}, &Saturation{0.6}, &Invert{},
		&Flip{}, &Posterize{5}, &Solarize{90}, &Gray{}, &Contrast{0.9},
	}}
	for _, channels := range []int{1, 3} {
		for _, size := range stepSizes {
			one := pattern(size[0], size[1], channels)
			for _, step := range plan.Steps {
				one = step.Apply(one, nil)
			}
			all := plan.Apply(pattern(size[0], size[1], channels), new(Scratch))
			if !slices.Equal(all.Pix, one.Pix) {
				t.Errorf("steps together differ from steps alone for %vx%d", size, channels)
			}
		}
	}
}

// digest returns a hash of what all steps make.
func digest() string {
	h := sha256.New()
	var s Scratch
	for _, size := range append(stepSizes, [2]int{224, 170}) {
		for _, channels := range []int{1, 3} {
			for _, step := range everyStep(size[0], size[1]) {
				m := step.Apply(pattern(size[0], size[1], channels), &s)
				h.Write(m.Pix)
				s.Free(m)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestKernelsGiveTheSameBytes runs itself anew under every variant of the
// kernels, which is chosen when a program starts.
func TestKernelsGiveTheSameBytes(t *testing.T) {
	const child = "DSBUILD_TEST_DIGEST"
	if path := os.Getenv(child); path != "" {
		if err := os.WriteFile(path, []byte(digest()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := digest()
	for _, variant := range []string{"generic", "avx2", "avx512"} {
		path := t.TempDir() + "/digest"
		cmd := exec.Command(os.Args[0], "-test.run=^TestKernelsGiveTheSameBytes$")
		cmd.Env = append(os.Environ(), "DSBUILD_KERNEL="+variant, child+"="+path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(got)) != want {
			t.Errorf("the steps make other bytes with DSBUILD_KERNEL=%s", variant)
		}
	}
}
