package pixel

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// movingPlans are plans whose steps move pixels.
func movingPlans() map[string]Plan {
	return map[string]Plan{
		"crop":   {Steps: []Step{&Crop{X: 20, Y: 10, W: 70, H: 60, Width: 70, Height: 60}}},
		"zoom":   {Steps: []Step{&Crop{X: 20, Y: 10, W: 70, H: 60, Width: 140, Height: 90}}},
		"shrink": {Steps: []Step{new(Resize(120, 100, 60, 60))}},
		"flip":   {Steps: []Step{&Flip{}}},
		"turn":   {Steps: []Step{&Rotate{Degrees: 90}}},
		"tilt":   {Steps: []Step{&Rotate{Degrees: 17}}},
		"grow":   {Steps: []Step{&Rotate{Degrees: -40, Expand: true, Interpolation: Bilinear}}},
		"swing": {Steps: []Step{
			&Rotate{Degrees: 17, Center: &[2]float64{50, 30}},
			&Affine{Degrees: -30, Scale: 0.9, Center: &[2]float64{60, 60}, Interpolation: Bilinear},
			&Rotate{Degrees: 10, Center: &[2]float64{90, 20}, Expand: true},
		}},
		"lie": {Steps: []Step{&Rotate{Degrees: 90, Expand: true}}},
		"pad": {Steps: []Step{
			&Pad{Left: 5, Top: 3, Right: 9, Bottom: 20}, &Pad{Left: 2, Bottom: 1, Mode: PadReflect},
		}},
		"upside down": {Steps: []Step{&FlipVertical{}}},
		"affine": {Steps: []Step{
			&Affine{Degrees: 20, X: 5, Y: -3, Scale: 1.2, ShearX: 10, ShearY: -5},
		}},
		"seen aside": {Steps: []Step{
			&Perspective{Corners: [4][2]int{{10, 5}, {110, 20}, {100, 90}, {3, 98}}},
		}},
		"all": {Steps: []Step{
			&Crop{X: 10, Y: 5, W: 100, H: 90, Width: 80, Height: 80}, &Flip{}, &Brightness{1.1}, &Rotate{Degrees: -25},
			&FlipVertical{}, &Perspective{Corners: [4][2]int{{8, 2}, {78, 6}, {70, 79}, {0, 70}}},
			&Affine{Degrees: -5, Scale: 0.9, X: 2},
			&Blur{Sigma: 0.5}, new(Resize(80, 80, 96, 72)),
		}},
	}
}

// block is a black image with a white rectangle.
func block(width, height int, box dataset.Box) *Image {
	m := New(width, height, 3)
	for y := int(box.Y); y < int(box.Y+box.Height); y++ {
		for x := int(box.X); x < int(box.X+box.Width); x++ {
			copy(m.Row(y)[3*x:], []uint8{255, 255, 255})
		}
	}
	return m
}

// bounds returns the rectangle around all pixels of at least 128.
func bounds(m *Image) (x0, y0, x1, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	for y := range m.Height {
		for x := range m.Width {
			if m.Row(y)[x*m.Channels] >= 128 {
				x0, y0 = min(x0, float64(x)), min(y0, float64(y))
				x1, y1 = max(x1, float64(x+1)), max(y1, float64(y+1))
			}
		}
	}
	return x0, y0, x1, y1
}

func TestBoxesAndMasksMoveWithThePixels(t *testing.T) {
	box := dataset.Box{X: 40, Y: 30, Width: 30, Height: 24, Label: "thing"}
	for name, plan := range movingPlans() {
		image := block(120, 100, box)
		mask := plan.Mask(image, nil)
		moved := plan.Boxes([]dataset.Box{box}, 120, 100)
		after := plan.Apply(image, nil)
		if w, h := plan.Size(120, 100); after.Width != w || after.Height != h ||
			mask.Width != w || mask.Height != h {
			t.Fatalf("%s: size %dx%d was told, %dx%d came, mask %dx%d",
				name, w, h, after.Width, after.Height, mask.Width, mask.Height)
		}
		if len(moved) != 1 || moved[0].Label != "thing" {
			t.Fatalf("%s: boxes %v", name, moved)
		}
		x0, y0, x1, y1 := bounds(after)
		b := moved[0]
		for i, d := range []float64{x0 - b.X, y0 - b.Y, x1 - b.X - b.Width, y1 - b.Y - b.Height} {
			if math.Abs(d) > 1.6 {
				t.Errorf("%s: edge %d of the box is %.2f pixels off the pixels'", name, i, d)
			}
		}
		differing := 0
		for i := range after.Width * after.Height {
			if (after.Pix[3*i] >= 128) != (mask.Pix[3*i] >= 128) {
				differing++
			}
		}
		if share := float64(differing) / float64(after.Width*after.Height); share > 0.02 {
			t.Errorf("%s: the mask differs from the image in %.1f %% of the pixels", name, 100*share)
		}
		for _, v := range mask.Pix {
			if v != 0 && v != 255 {
				t.Fatalf("%s: the mask has the new value %d", name, v)
			}
		}
	}
}

func TestBoxesAreCutAndDropped(t *testing.T) {
	plan := Plan{Steps: []Step{&Crop{X: 0, Y: 0, W: 50, H: 50, Width: 50, Height: 50}}}
	got := plan.Boxes([]dataset.Box{
		{X: 40, Y: 10, Width: 20, Height: 10},   // half inside
		{X: 49.5, Y: 10, Width: 20, Height: 10}, // hardly inside
		{X: 60, Y: 10, Width: 20, Height: 10},   // outside
		{X: 5, Y: 5, Width: 0, Height: 4},       // empty
	}, 100, 100)
	want := []dataset.Box{{X: 40, Y: 10, Width: 10, Height: 10}}
	if !slices.Equal(got, want) {
		t.Errorf("boxes %v, want %v", got, want)
	}
}

func TestRightAnglesMoveWholePixels(t *testing.T) {
	m := pattern(8, 8, 3)
	turned := (&Rotate{Degrees: 90}).Apply(m, nil)
	for y := range 8 {
		for x := range 8 { // counter-clockwise: the right column becomes the top row
			got, want := turned.Row(y)[3*x:3*x+3], m.Row(x)[3*(7-y):3*(7-y)+3]
			if !slices.Equal(got, want) {
				t.Fatalf("pixel (%d,%d) is %v, want %v", x, y, got, want)
			}
		}
	}
	back := (&Rotate{Degrees: -90}).Apply(turned, nil)
	if !slices.Equal(back.Pix, m.Pix) {
		t.Error("turning there and back changes the image")
	}
}

func TestFlipTwiceIsNothing(t *testing.T) {
	for _, flip := range []Step{&Flip{}, &FlipVertical{}} {
		for _, channels := range []int{1, 3} {
			m := pattern(7, 5, channels)
			want := slices.Clone(m.Pix)
			once := flip.Apply(m, nil)
			if slices.Equal(once.Pix, want) {
				t.Errorf("%v changes nothing", flip)
			}
			if got := flip.Apply(once, nil); !slices.Equal(got.Pix, want) {
				t.Errorf("%v twice changes the image", flip)
			}
		}
	}
}

func TestPlanString(t *testing.T) {
	plan := Plan{Steps: []Step{
		&Crop{X: 10, Y: 20, W: 200, H: 180, Width: 64, Height: 64}, &Flip{}, &Rotate{Degrees: 12.34}, &Blur{Sigma: 1.5}, &Brightness{1.2},
		&Contrast{0.9}, &Saturation{1}, &Hue{-0.05}, &Gray{}, &Erase{X: 1, Y: 2, W: 3, H: 4},
	}}
	const want = "crop 10,20 200x180 to 64x64; flip; rotate 12.3°; blur σ 1.5; brightness 1.2; " +
		"contrast 0.9; saturation 1; hue -0.05; gray; erase 1,2 3x4"
	if got := plan.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (Plan{}).String(); got != "as it is" {
		t.Errorf("the empty plan is %q", got)
	}
}

// A plan that is emptied and drawn again takes no memory, in whatever order
// its steps come.
func TestResetPlanTakesNoMemory(t *testing.T) {
	var plan Plan
	draw := func(flipFirst bool) {
		plan.Reset()
		if flipFirst {
			Add(&plan, Flip{})
		}
		Add(&plan, Crop{X: 1, Y: 2, W: 30, H: 40, Width: 20, Height: 20})
		Add(&plan, Brightness{1.5})
		Add(&plan, Crop{X: 0, Y: 0, W: 20, H: 20, Width: 10, Height: 10})
	}
	draw(true)
	turn := false
	if n := testing.AllocsPerRun(100, func() { draw(turn); turn = !turn }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	draw(false)
	const want = "crop 1,2 30x40 to 20x20; brightness 1.5; crop 0,0 20x20 to 10x10"
	if got := plan.String(); got != want {
		t.Errorf("drawn again, the plan is %q, and not %q", got, want)
	}
}

func TestScratchUsesMemoryAgain(t *testing.T) {
	var s Scratch
	large, small := s.New(10, 10, 3), s.New(4, 4, 1)
	s.Free(large)
	s.Free(small)
	if m := s.New(2, 2, 3); &m.Pix[0] != &small.Pix[0] || len(m.Pix) != 12 {
		t.Errorf("a small image has %d bytes of the large one", len(m.Pix))
	}
	if m := s.New(5, 5, 3); &m.Pix[0] != &large.Pix[0] || m.Width != 5 || m.Channels != 3 {
		t.Errorf("an image of 5x5 is %dx%d, or not in the memory of the large one", m.Width, m.Height)
	}
	if m := s.New(1, 1, 1); len(m.Pix) != 1 {
		t.Error("an empty scratch gave no image")
	}
	for side := range 2 * maxFree {
		s.Free(New(side+1, 1, 1))
	}
	if len(s.free) != maxFree || s.New(2*maxFree, 1, 1).Width != 2*maxFree {
		t.Errorf("the scratch keeps %d images", len(s.free))
	}
}
