package augment

import (
	"testing"

	"github.com/dsbuild/dsbuild/pixel"
)

// The sizes are those that torchvision computes, but for sides that it would
// make 0 pixels or longer than 16384.
func TestResizeKeepsTheRatioAsTorchvision(t *testing.T) {
	for _, c := range [][6]int{ // width, height, size, max_size; and what comes of it
		{500, 375, 256, 0, 341, 256}, {500, 375, 224, 300, 298, 224}, {500, 375, 0, 200, 200, 150},
		{500, 375, 13, 20, 17, 13}, {375, 500, 256, 0, 256, 341}, {375, 500, 0, 200, 150, 200},
		{400, 533, 256, 0, 256, 341}, {400, 533, 13, 20, 13, 17}, {33, 1000, 256, 0, 256, 7757},
		{33, 1000, 224, 300, 9, 300}, {33, 1000, 0, 200, 6, 200}, {7, 7, 224, 300, 224, 224},
		{33, 1000, 13, 20, 1, 20}, {1000, 3, 0, 200, 200, 1}, {1000, 3, 256, 0, 16384, 49},
	} {
		resize := Resized{Size: c[2], MaxSize: c[3]}
		step := draw(resize, 0, c[0], c[1])[0].(*pixel.Crop)
		if step.Width != c[4] || step.Height != c[5] || step.W != c[0] || step.H != c[1] {
			t.Errorf("%dx%d under %+v: %v, want %dx%d", c[0], c[1], resize, step, c[4], c[5])
		}
	}
	pipeline := Pipeline{Resized{Size: 40}, CenterCrop(0)}.For(32, 24)
	if w, h := pipeline.Plan(key(0), 90, 60).Size(90, 60); len(pipeline) != 2 || w != 32 || h != 24 {
		t.Errorf("%v makes %dx%d", pipeline, w, h)
	}
	if pipeline := (Pipeline{Resized{Size: 40}}).For(32, 24); len(pipeline) != 2 {
		t.Errorf("%v does not set the size of all images", pipeline)
	}
}

// So are the places and the padding of crops at scale.
func TestCenterCropAtScaleAsTorchvision(t *testing.T) {
	for _, c := range []struct {
		width, height, w, h int
		want                string
	}{
		{10, 10, 5, 4, "crop 2,3 5x4 to 5x4"},
		{11, 10, 4, 5, "crop 4,2 4x5 to 4x5"},
		{9, 12, 4, 4, "crop 2,4 4x4 to 4x4"},
		{6, 9, 8, 4, "pad 1,0,1,0 constant; crop 0,2 8x4 to 8x4"},
		{5, 5, 8, 9, "pad 1,2,2,2 constant; crop 0,0 8x9 to 8x9"},
	} {
		crop := CenterCropped{Width: c.w, Height: c.h, AtScale: true}
		plan := Pipeline{crop}.Plan(key(0), c.width, c.height)
		if got := plan.String(); got != c.want {
			t.Errorf("%dx%d of %dx%d: %s, want %s", c.w, c.h, c.width, c.height, got, c.want)
		}
	}
}

// Turned images that grow and grow stop doing so.
func TestExpandedRotationsAreBounded(t *testing.T) {
	p := Pipeline{}
	for range 20 {
		p = append(p, Rotation{DegreesRange: [2]float64{45, 45}, Expand: true, P: 1})
	}
	width, height := p.Plan(key(0), 400, 300).Size(400, 300)
	if most := max(width, height); most > maxSide || most < maxSide/2 {
		t.Errorf("20 turns make %dx%d pixels", width, height)
	}
	const side = maxSide
	if w, h := p[:1].Plan(key(0), side, side).Size(side, side); w != side || h != side {
		t.Errorf("a turned image of %d pixels a side has %dx%d", side, w, h)
	}
}

func TestRandomCropWithoutPadding(t *testing.T) {
	crop := RandomCrop(40, 0)
	crop.PadIfNeeded = false
	for epoch := range 50 {
		steps := draw(crop, epoch, 20, 64)
		c := steps[0].(*pixel.Crop)
		if len(steps) != 1 || c.X != 0 || c.W != 20 || c.H != 40 || c.Y < 0 || c.Y > 24 ||
			c.Width != 40 || c.Height != 40 {
			t.Fatalf("%v", pixel.Plan{Steps: steps})
		}
	}
	crop.Padding = [4]int{1, 2, 3, 4}
	pad := draw(crop, 0, 50, 60)[0].(*pixel.Pad)
	if pad.Left != 1 || pad.Top != 2 || pad.Right != 3 || pad.Bottom != 4 {
		t.Errorf("%v", pad)
	}
}
