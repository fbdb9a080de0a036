package augment

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// extremes returns transforms whose parameters are at the ends of what recipes
// may say.
func extremes() Pipeline {
	shares, turns := [2]float64{0, 1}, [2]float64{-360, 360}
	steep, wild := [2]float64{-85, 85}, Factors{0, 101}
	return Pipeline{
		Blur{KernelSize: 1001, SigmaRange: [2]float64{100, 100}, P: 1},
		Blur{SigmaRange: [2]float64{0.01, 100}, P: 1},
		Blur{SigmaRange: [2]float64{0.01, 100}, Profile: Imaging, P: 1},
		Smearing{[2]float64{1, 200}, turns, 1},
		Jitter{wild, wild, wild, Turns{-0.5, 0.5}, Torchvision},
		Jitter{wild, wild, wild, Turns{-0.5, 0.5}, Imaging},
		Rotation{DegreesRange: turns, Expand: true, P: 1},
		Rotation{DegreesRange: turns, Center: &draft.Point{-1 << 16, 1 << 16}, P: 1},
		Affinity{
			DegreesRange: turns, Translate: [2]float64{1, 1}, ScaleRange: [2]float64{0.01, 100},
			ShearXRange: steep, ShearYRange: steep, Interpolation: pixel.Bilinear, P: 1,
		},
		RandomPerspective(1, 1), Noising{-1, shares, 1}, JPEGCompression(1, 100),
		Sharpening{Factor: 100, P: 1}, Sharpening{Sigma: 100, Profile: Imaging, P: 1},
		Erasing{1, [2]float64{1e-4, 1}, [2]float64{1e-4, 1e4}, Cover{Random: true}},
		Dropout{[2]int{1, 1000}, shares, shares, draft.Gray(255), 1},
		Solarization{256, 1}, Solarization{0, 1}, Posterization{0, 1}, Posterization{8, 1},
		ResizedCrop{64, 48, [2]float64{1e-4, 1}, [2]float64{1e-4, 1e4}, pixel.FilterLanczos},
		PaddedCrop{Width: 90, Height: 1, PadIfNeeded: true, PaddingMode: pixel.PadReflect},
		PaddedCrop{Width: 1, Height: 90, PadIfNeeded: true, PaddingMode: pixel.PadSymmetric},
		PaddedCrop{
			Width: 90, Height: 90, Padding: draft.Padding{99, 0, 0, 7}, PaddingMode: pixel.PadEdge,
		},
		Resized{Size: 3, MaxSize: 1}, Resized{MaxSize: 1}, Resized{Width: 1, Height: 90},
		CenterCropped{Width: 90, Height: 1, AtScale: true},
		policy.Rand{NumOps: 30, Magnitude: 999, NumMagnitudeBins: 1000},
		policy.TrivialWide{NumMagnitudeBins: 2},
		policy.Mixed{Severity: 10, MixtureWidth: 10, ChainDepth: 10, Alpha: 0.01, AllOps: true},
	}
}

// Whatever recipes may say can be done to the smallest of images: all sizes are
// those that the plan tells, boxes stay in the image, and used memory is as good
// as new.
func TestExtremesOfTinyImages(t *testing.T) {
	scratch, rng := new(pixel.Scratch), rand.New(rand.NewPCG(1, 2))
	for _, transform := range append(extremes(), full()...) {
		if err := transform.Validate(); err != nil {
			t.Errorf("%s: %v", transform.Name(), err)
		}
		for i, size := range [][2]int{{1, 1}, {1, 40}, {37, 1}, {2, 2}, {33, 2}, {3, 3}, {19, 23}} {
			m := pixel.New(size[0], size[1], 1+2*(i%2))
			for at := range m.Pix {
				m.Pix[at] = uint8(rng.Uint32())
			}
			for epoch := range 3 {
				plan := Pipeline{transform}.Plan(dataset.Key{Epoch: epoch}, m.Width, m.Height)
				checkExtreme(t, plan, m, scratch)
			}
		}
	}
}

// checkExtreme does a plan to an image, to boxes within and without, and to a
// mask.
func checkExtreme(t *testing.T, plan pixel.Plan, m *pixel.Image, scratch *pixel.Scratch) {
	t.Helper()
	width, height := plan.Size(m.Width, m.Height)
	fresh, used := plan.Apply(m.Clone(), nil), plan.Apply(m.Clone(), scratch)
	if fresh.Width != width || fresh.Height != height || !bytes.Equal(fresh.Pix, used.Pix) {
		t.Errorf("%v: %dx%d pixels, want %dx%d, or others in used memory", plan, fresh.Width,
			fresh.Height, width, height)
	}
	scratch.Free(used)
	if mask := plan.Mask(m, scratch); mask.Width != width || mask.Height != height {
		t.Errorf("%v: a mask of %dx%d pixels, want %dx%d", plan, mask.Width, mask.Height, width, height)
	}
	boxes := []dataset.Box{
		{X: -5, Y: -5, Width: 1000, Height: 1000}, {X: 0.5, Y: 0.5},
		{X: 500, Y: 500, Width: 3, Height: 3},
		{Width: float64(m.Width), Height: 0.25}, {X: 0.2, Y: 0.2, Width: 1e-300, Height: 1},
	}
	for _, b := range plan.AppendBoxes(nil, boxes, m.Width, m.Height, pixel.BoxRule{}) {
		if !(b.X >= 0 && b.Y >= 0 && b.Width > 0 && b.Height > 0 &&
			b.X+b.Width <= float64(width)+1e-9 && b.Y+b.Height <= float64(height)+1e-9) {
			t.Errorf("%v: box %+v of %dx%d pixels", plan, b, width, height)
		}
	}
}
