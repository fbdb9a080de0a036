package apply

import (
	"encoding/json"
	"image"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/pixel/imaging"
)

func TestDescribe(t *testing.T) {
	var plan pixel.Plan
	pixel.Add(&plan, pixel.Crop{
		X: 1, Y: 2, W: 30, H: 40, Width: 8, Height: 9, Filter: pixel.FilterBox,
	})
	pixel.Add(&plan, pixel.FlipVertical{})
	pixel.Add(&plan, pixel.Rotate{Degrees: 12.345678, Center: &[2]float64{3, 4.5}})
	pixel.Add(&plan, imaging.Brightness{Percentage: -20})
	mixed := pixel.AddAugMix(&plan, 0.25, 1)
	mixed.Chains[0].Weight = 0.75
	pixel.Add(&mixed.Chains[0].Plan, pixel.Invert{})
	steps := Describe(plan)
	const text = "crop x 1 y 2 w 30 h 40 width 8 height 9 filter box; flip_vertical; " +
		"rotate degrees 12.345678 center [3 4.5] expand false fill [0 0 0]; " +
		"imaging.brightness percentage -20; aug_mix own 0.25 [weight 0.75: invert]"
	if got := Join(steps); got != text {
		t.Errorf("got  %s\nwant %s", got, text)
	}
	plan.Reset() // what was described stays
	pixel.Add(&plan, pixel.Rotate{Degrees: 1})
	written, err := json.Marshal(steps)
	const object = `[{"step":"crop","x":1,"y":2,"w":30,"h":40,"width":8,"height":9,"filter":"box"},` +
		`{"step":"flip_vertical"},{"step":"rotate","degrees":12.345678,"center":[3,4.5],` +
		`"expand":false,"fill":[0,0,0]},{"step":"imaging.brightness","percentage":-20},` +
		`{"step":"aug_mix","own":0.25,"chains":[{"weight":0.75,"steps":[{"step":"invert"}]}]}]`
	if err != nil || string(written) != object {
		t.Errorf("error %v\ngot  %s\nwant %s", err, written, object)
	}
	if got := Join(Describe(pixel.Plan{})); got != "as it is" {
		t.Errorf("no steps are %q", got)
	}
	mix := pixel.Mix{Partners: 1, Layers: []pixel.Layer{
		{Image: 1, Region: image.Rect(2, 3, 12, 23), Cut: true, Weight: 0.5},
	}}
	if got := Join(DescribeMix(mix)); got != "layer image 1 x 2 y 3 w 10 h 20 cut true weight 0.5" {
		t.Errorf("a layer is %q", got)
	}
}

func TestPicturesFitWithTheirMarks(t *testing.T) {
	mask := pixel.New(20, 10, 1)
	mask.Row(4)[3] = 200
	p := Picture{
		Image: pixel.New(20, 10, 3), Mask: mask,
		Boxes: []dataset.Box{{X: 10, Y: 2, Width: 6, Height: 5, Label: "thing"}},
	}
	out := p.Draw(100) // five times as large
	if out.Rect != image.Rect(0, 0, 100, 50) {
		t.Fatalf("the picture is %v", out.Rect)
	}
	for _, c := range []struct {
		x, y     int
		isMarked bool
	}{
		{0, 0, false}, {15, 20, true}, {19, 24, true}, {20, 20, false}, {50, 10, true}, {51, 30, true},
		{79, 34, true}, {80, 34, false}, {60, 20, false}, {49, 10, false},
	} {
		p := out.NRGBAAt(c.x, c.y)
		if isMarked := p.R > 0 || p.G > 0 || p.B > 0; isMarked != c.isMarked {
			t.Errorf("(%d,%d) is %v", c.x, c.y, p)
		}
	}
	if small := p.Draw(10).Rect; small != image.Rect(0, 0, 10, 5) {
		t.Errorf("made smaller, the picture is %v", small)
	}
	if p.Image.Pix[0] != 0 || p.Image.Width != 20 {
		t.Error("the image changed")
	}
}
