package augment

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// key is that of the draws of an epoch.
func key(epoch int) dataset.Key { return dataset.Key{Seed: 7, Epoch: epoch} }

// draw returns the steps that a transform draws in an epoch.
func draw(t Transform, epoch, width, height int) []pixel.Step {
	return Pipeline{t}.Plan(key(epoch), width, height).Steps
}

func TestRandomCropPadsAndLiesAnywhere(t *testing.T) {
	var x float64
	const n = 5000
	for epoch := range n {
		steps := draw(RandomCrop(32, 4), epoch, 32, 40)
		if pad := steps[0].(*pixel.Pad); pad.Left != 4 || pad.Right != 4 || pad.Top != 4 {
			t.Fatalf("%v", pad)
		}
		c := steps[1].(*pixel.Crop)
		if c.X < 0 || c.X > 8 || c.Y < 0 || c.Y > 16 || c.W != 32 || c.Height != 32 {
			t.Fatalf("%v", c)
		}
		x += float64(c.X)
	}
	if mean := x / n; math.Abs(mean-4) > 0.1 {
		t.Errorf("crops are at %.2f on average, want 4", mean)
	}
	// 20 pixels and twice 4 lack 12 of 40, which come on both sides.
	if pad := draw(RandomCrop(40, 4), 0, 20, 64)[0].(*pixel.Pad); pad.Left != 16 || pad.Top != 4 {
		t.Errorf("a small image is padded by %v", pad)
	}
	if steps := draw(RandomCrop(16, 0), 0, 20, 20); len(steps) != 1 {
		t.Errorf("a large image is padded: %v", steps)
	}
}

func TestAffineKeepsItsRanges(t *testing.T) {
	transform := RandomAffine(20, 0.1, [2]float64{0.5, 2}, 10)
	var farthest float64
	for epoch := range 2000 {
		a := draw(transform, epoch, 200, 100)[0].(*pixel.Affine)
		farthest = max(farthest, math.Abs(a.X))
		if math.Abs(a.Degrees) > 20 || math.Abs(a.X) > 20 || math.Abs(a.Y) > 10 || a.Scale < 0.5 ||
			a.Scale > 2 || math.Abs(a.ShearX) > 10 || a.ShearY != 0 || a.X != math.Trunc(a.X) {
			t.Fatalf("%+v", a)
		}
	}
	if farthest != 20 {
		t.Errorf("the farthest shift is %v, want 20", farthest)
	}
}

func TestPerspectivesAreConvexAndInside(t *testing.T) {
	for _, distortion := range []float64{0.5, 0.66, 1} {
		drawn := 0
		for epoch := range 2000 {
			for _, step := range draw(RandomPerspective(distortion, 1), epoch, 201, 100) {
				p := step.(*pixel.Perspective)
				drawn++
				c := p.Corners
				if !p.IsConvex() || c[0][0] < 0 || c[0][1] < 0 || c[1][0] > 200 || c[2][1] > 99 ||
					float64(c[0][0]) > distortion*100 || float64(c[0][1]) > distortion*50 {
					t.Fatalf("%v", p)
				}
			}
		}
		if drawn < 1990 {
			t.Errorf("a distortion of %v happens %d times in 2000", distortion, drawn)
		}
	}
	for _, size := range [][2]int{{1, 1}, {1, 50}, {50, 1}, {2, 2}} {
		for _, step := range draw(RandomPerspective(0.5, 1), 0, size[0], size[1]) {
			step.Apply(pixel.New(size[0], size[1], 3), nil)
		}
	}
}
