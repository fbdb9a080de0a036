package pixel

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestWhatIsCutOffDoesNotComeBack(t *testing.T) {
	// The padding behind the crop shows nothing of what the crop cut off.
	cropped := Plan{Steps: []Step{
		&Crop{X: 0, Y: 0, W: 50, H: 50, Width: 50, Height: 50}, &Pad{Left: 20, Right: 20},
	}}
	box := dataset.Box{X: 40, Y: 10, Width: 20, Height: 10, Label: "thing"}
	want := []dataset.Box{{X: 60, Y: 10, Width: 10, Height: 10, Label: "thing"}}
	if got := cropped.Boxes([]dataset.Box{box}, 100, 100); !slices.Equal(got, want) {
		t.Errorf("boxes %v, want %v", got, want)
	}
	mask := block(100, 100, box).Gray()
	moved := cropped.Mask(mask, nil)
	for x, v := range moved.Row(15) {
		if want := x >= 60 && x < 70; (v == 255) != want {
			t.Fatalf("pixel %d of the mask is %d", x, v)
		}
	}
	// Out of the image and back again.
	away := Plan{Steps: []Step{&Affine{Scale: 1, X: 50}, &Affine{Scale: 1, X: -50}}}
	want = []dataset.Box{{X: 40, Y: 10, Width: 10, Height: 10, Label: "thing"}}
	if got := away.Boxes([]dataset.Box{box}, 100, 100); !slices.Equal(got, want) {
		t.Errorf("there and back: boxes %v, want %v", got, want)
	}
}

// A box turned by 45 degrees is a diamond: of what is left beside the image's
// corner only a part reaches to the edges of the rectangle around it all.
func TestBoxesFitWhatIsLeftOfThem(t *testing.T) {
	turn := Plan{Steps: []Step{
		&Rotate{Degrees: 45}, &Crop{X: 50, Y: 0, W: 50, H: 100, Width: 50, Height: 100},
	}}
	got := turn.Boxes([]dataset.Box{{X: 40, Y: 40, Width: 20, Height: 20}}, 100, 100)
	half := 10 * math.Sqrt2
	if len(got) != 1 || math.Abs(got[0].X) > 1e-9 || math.Abs(got[0].Width-half) > 1e-9 ||
		math.Abs(got[0].Height-2*half) > 1e-9 {
		t.Errorf("boxes %v, want half a diamond of height %.2f", got, 2*half)
	}
}

func TestBoxRules(t *testing.T) {
	plan := Plan{Steps: []Step{&Crop{X: 0, Y: 0, W: 50, H: 50, Width: 25, Height: 25}}}
	boxes := []dataset.Box{
		{X: 10, Y: 10, Width: 20, Height: 10, Label: "whole"},   // 50 pixels of the result
		{X: 40, Y: 10, Width: 20, Height: 10, Label: "half"},    // 25 pixels, half of it
		{X: 48, Y: 10, Width: 20, Height: 10, Label: "tenth"},   // 5 pixels, a tenth
		{X: 10, Y: 30, Width: 4, Height: 4, Label: "small"},     // 4 pixels
		{X: 60, Y: 10, Width: 20, Height: 10, Label: "outside"}, // nothing
	}
	for _, c := range []struct {
		rule BoxRule
		want []string
	}{
		{BoxRule{}, []string{"whole", "half", "tenth", "small"}},
		{DefaultBoxRule(), []string{"whole", "half", "tenth", "small"}},
		{BoxRule{MinVisibility: 0.5}, []string{"whole", "half", "small"}},
		{BoxRule{MinVisibility: 1}, []string{"whole", "small"}},
		{BoxRule{MinArea: 5}, []string{"whole", "half", "tenth"}},
		{BoxRule{MinArea: 25}, []string{"whole", "half"}},
		{BoxRule{MinArea: 20, MinVisibility: 0.6}, []string{"whole"}},
		{BoxRule{MinArea: 1000}, nil},
	} {
		var got []string
		for _, b := range plan.AppendBoxes(nil, boxes, 100, 100, c.rule) {
			got = append(got, b.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v keeps %v, want %v", c.rule, got, c.want)
		}
	}
	for _, rule := range []BoxRule{
		{MinArea: -1}, {MinArea: math.NaN()}, {MinArea: math.Inf(1)}, {MinVisibility: 1.5},
		{MinVisibility: -0.1}, {MinVisibility: math.NaN()},
	} {
		if rule.Validate() == nil {
			t.Errorf("%+v is valid", rule)
		}
	}
}

func TestMovingBoxesAndMasksTakesNoMemory(t *testing.T) {
	plan := movingPlans()["all"]
	boxes := []dataset.Box{{X: 30, Y: 30, Width: 40, Height: 30}}
	mask := block(120, 100, boxes[0])
	var moved []dataset.Box
	var s Scratch
	move := func() {
		moved = plan.AppendBoxes(moved[:0], boxes, 120, 100, DefaultBoxRule())
		s.Free(plan.Mask(mask, &s))
	}
	move()
	if n := testing.AllocsPerRun(100, move); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
