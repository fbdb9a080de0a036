package pixel

import (
	"image"
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// uniform returns an image of one gray value.
func uniform(width, height int, v uint8) *Image {
	m := New(width, height, 1)
	for i := range m.Pix {
		m.Pix[i] = v
	}
	return m
}

var mixes = map[string]Mix{
	"nothing": {},
	"over":    {Partners: 1, Layers: []Layer{{Image: 1, Region: image.Rect(0, 0, 8, 6), Weight: 0.25}}},
	"cut":     {Partners: 1, Layers: []Layer{{Image: 1, Region: image.Rect(2, 1, 6, 9), Cut: true, Weight: 1}}},
	"tiles": {Partners: 3, Layers: []Layer{
		{Image: 1, Region: image.Rect(0, 0, 3, 2), Weight: 1},
		{Image: 2, Region: image.Rect(3, 0, 8, 2), Weight: 1},
		{Image: 0, Region: image.Rect(0, 2, 3, 6), Weight: 1},
		{Image: 3, Region: image.Rect(3, 2, 8, 6), Weight: 1},
	}},
	"both": {Partners: 2, Layers: []Layer{
		{Image: 1, Region: image.Rect(1, 1, 5, 5), Cut: true, Weight: 0.5},
		{Image: 2, Region: image.Rect(3, 3, 12, 12), Cut: true, Weight: 0.75},
	}},
}

func TestMixesAreTold(t *testing.T) {
	for name, want := range map[string]string{
		"nothing": "", "over": "image 1 at 0,0 8x6 weight 0.25", "cut": "image 1 at 2,1 4x8 cut",
		"both": "image 1 at 1,1 4x4 cut weight 0.5; image 2 at 3,3 9x9 cut weight 0.75",
	} {
		mix := mixes[name]
		if got := mix.String(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// The shares of images that each have one value are what their mean is made of.
func TestSharesAreWhatIsSeen(t *testing.T) {
	values := []uint8{40, 80, 120, 200}
	for name, mix := range mixes {
		images := make([]*Image, mix.Partners+1)
		for i := range images {
			images[i] = uniform(8, 6, values[i])
		}
		out := mix.Apply(images, new(Scratch))
		mean, want, sum := 0.0, 0.0, 0.0
		for _, v := range out.Pix {
			mean += float64(v) / 48
		}
		shares := make([]float32, len(images))
		mix.Shares(shares, 8, 6)
		for i, share := range shares {
			want += float64(share) * float64(values[i])
			sum += float64(share)
		}
		if math.Abs(sum-1) > 1e-6 || math.Abs(mean-want) > 0.5 {
			t.Errorf("%s: shares %v make %v, the image's mean is %v", name, shares, want, mean)
		}
		for i, m := range images {
			if !slices.Equal(m.Pix, uniform(8, 6, values[i]).Pix) {
				t.Errorf("%s: image %d was changed", name, i)
			}
		}
	}
}

func TestMasksAreOfTheHeaviestLayer(t *testing.T) {
	for name, want := range map[string][3]uint8{ // at (0, 0), (4, 4) and (7, 5)
		"nothing": {40, 40, 40}, "over": {40, 40, 40}, "cut": {40, 80, 40},
		"tiles": {80, 200, 200}, "both": {40, 120, 120},
	} {
		mix := mixes[name]
		var masks []*Image
		for _, v := range []uint8{40, 80, 120, 200} {
			masks = append(masks, uniform(8, 6, v))
		}
		out := mix.Mask(masks, nil)
		if got := [3]uint8{out.Row(0)[0], out.Row(4)[4], out.Row(5)[7]}; got != want {
			t.Errorf("%s: mask %v, want %v", name, got, want)
		}
	}
}

func TestBoxesOfMixes(t *testing.T) {
	boxes := [][]dataset.Box{
		{{X: 0, Y: 0, Width: 4, Height: 4, Label: "own"}},
		{{X: 2, Y: 2, Width: 4, Height: 3, Label: "one"}}, {}, {},
	}
	rule := BoxRule{MinVisibility: 0.6}
	for name, want := range map[string][]dataset.Box{
		"nothing": boxes[0],
		"over":    {boxes[0][0], boxes[1][0]},
		"cut":     {{X: 0, Y: 0, Width: 4, Height: 4, Label: "own"}, boxes[1][0]},
		"tiles": {{X: 2. * 3 / 8, Y: 2. * 2 / 6, Width: 4. * 3 / 8, Height: 1, Label: "one"},
			{X: 0, Y: 2, Width: 4. * 3 / 8, Height: 4. * 4 / 6, Label: "own"}},
		"both": {boxes[0][0], {X: 2, Y: 2, Width: 3, Height: 3, Label: "one"}},
	} {
		mix := mixes[name]
		if name == "cut" { // covers 6 of the 16 pixels of its own
			if got := mix.AppendBoxes(nil, boxes, 8, 6, BoxRule{MinVisibility: 0.63}); len(got) != 1 {
				t.Errorf("a box of which 10 of 16 pixels are seen: %v", got)
			}
		}
		got := mix.AppendBoxes(nil, boxes, 8, 6, rule)
		if !slices.EqualFunc(got, want, func(a, b dataset.Box) bool {
			return a.Label == b.Label && math.Abs(a.X-b.X)+math.Abs(a.Y-b.Y)+
				math.Abs(a.Width-b.Width)+math.Abs(a.Height-b.Height) < 1e-9
		}) {
			t.Errorf("%s: boxes %+v, want %+v", name, got, want)
		}
	}
}
