package pixel

import (
	"fmt"
	"image"
	"math"
	"slices"
	"testing"
)

// cut returns a piece of an image as a part of scale 1.
func cut(m *Image, r image.Rectangle) Part {
	return Part{Image: m.Crop(r), X: float64(r.Min.X), Y: float64(r.Min.Y), ScaleX: 1, ScaleY: 1}
}

func TestCropOfAPartEqualsCropOfTheWhole(t *testing.T) {
	for _, channels := range []int{1, 3} {
		m := pattern(90, 70, channels)
		for filter := range filters {
			for _, c := range []Crop{
				{X: 20, Y: 10, W: 40, H: 33, Width: 24, Height: 18},
				{X: 20, Y: 10, W: 40, H: 33, Width: 57, Height: 61},
				{X: 21, Y: 13, W: 30, H: 20, Width: 30, Height: 20},
				{X: 16, Y: 8, W: 1, H: 1, Width: 5, Height: 4},
			} {
				c.Filter = filter
				part := cut(m, image.Rect(16, 8, 64, 48))
				want := c.Apply(m.Clone(), nil)
				if got := c.ApplyPart(part, nil); !slices.Equal(got.Pix, want.Pix) {
					t.Errorf("%v of %d channels differs from that of the whole", &c, channels)
				}
			}
		}
	}
}

// shrink averages squares of pixels, as decoding at a smaller scale does.
func shrink(m *Image, scale int) *Image {
	out := New((m.Width+scale-1)/scale, (m.Height+scale-1)/scale, m.Channels)
	for i := range out.Pix {
		x, y, c := i/out.Channels%out.Width, i/out.Channels/out.Width, i%out.Channels
		sum, n := 0, 0
		for sy := y * scale; sy < min((y+1)*scale, m.Height); sy++ {
			for sx := x * scale; sx < min((x+1)*scale, m.Width); sx++ {
				sum, n = sum+int(m.Row(sy)[sx*m.Channels+c]), n+1
			}
		}
		out.Pix[i] = uint8((sum + n/2) / n)
	}
	return out
}

// TestCropOfAPartAtAScale demands that a crop by way of a smaller picture is,
// of a smooth image, within 4 of that of the whole, and within 1 on average.
func TestCropOfAPartAtAScale(t *testing.T) {
	m := New(331, 247, 3)
	for i := range m.Pix {
		x, y := float64(i/3%m.Width), float64(i/3/m.Width)
		m.Pix[i] = uint8(128 + 60*math.Sin(x/40+float64(i%3)) + 60*math.Cos(y/50+x/90))
	}
	for _, scale := range []int{2, 4, 8} {
		part := Part{Image: shrink(m, scale), ScaleX: float64(scale), ScaleY: float64(scale)}
		for _, c := range []Crop{
			{X: 11, Y: 7, W: 300, H: 222, Width: 30, Height: 25}, Resize(331, 247, 33, 29),
			{X: 130, Y: 15, W: 201, H: 232, Width: 19, Height: 21, Filter: FilterBicubic},
		} {
			want, got := c.Apply(m.Clone(), nil), c.ApplyPart(part, nil)
			sum := 0
			for i, v := range got.Pix {
				sum += max(int(v)-int(want.Pix[i]), int(want.Pix[i])-int(v))
			}
			most := furthest(t, got.Pix, want.Pix)
			if mean := float64(sum) / float64(len(got.Pix)); most > 4 || mean > 1 {
				t.Errorf("%v at 1/%d is off by %d at most, by %.2f on average", &c, scale, most, mean)
			}
		}
	}
}

// A part that holds the plan's region at a scale that its size allows is enough.
func TestRegionIsEnoughAtAScale(t *testing.T) {
	m := pattern(331, 247, 3)
	var s Scratch
	for filter := range filters {
		for scale := 1; scale <= 8 && filter != FilterNearest; scale *= 2 {
			resize := Resize(331, 247, 331/scale-1, 247/scale-1)
			resize.Filter = filter
			for at := range 16 {
				inner := Crop{X: at, Y: at / 2, W: 9, H: 7, Width: 9, Height: 7}
				plan := Plan{Steps: []Step{&resize, &Flip{}, &inner}}
				region, atLeast := plan.Region(331, 247)
				if region.Dx()/scale < atLeast.X || region.Dy()/scale < atLeast.Y {
					continue
				}
				r := image.Rect(region.Min.X/scale, region.Min.Y/scale,
					(region.Max.X+scale-1)/scale, (region.Max.Y+scale-1)/scale)
				part := cut(shrink(m, scale), r)
				part.ScaleX, part.ScaleY = float64(scale), float64(scale)
				part.X, part.Y = part.X*part.ScaleX, part.Y*part.ScaleY
				got, want := New(9, 7, 3), New(9, 7, 3)
				plan.Into(&Slot{Bytes: got.Pix, Channels: 3}, part, &s)
				whole := Part{Image: shrink(m, scale), ScaleX: part.ScaleX, ScaleY: part.ScaleY}
				plan.Into(&Slot{Bytes: want.Pix, Channels: 3}, whole, &s)
				if most := furthest(t, got.Pix, want.Pix); most > 1 {
					t.Errorf("%v at 1/%d is off by %d", plan, scale, most)
				}
			}
		}
	}
}

// slots are slots for images of a size, one of each kind.
func slots(width, height, channels int) (list []Slot) {
	norm := DefaultNormalization(channels)
	for _, planar := range []bool{false, true} {
		n := width * height * channels
		list = append(list,
			Slot{Bytes: make([]uint8, n), Channels: channels, Planar: planar},
			Slot{Floats: make([]float32, n), Channels: channels, Planar: planar, Filler: NewFiller(norm)})
	}
	return list
}

// plansFor are plans of all kinds for an image of 90x70 pixels.
func plansFor() []*Plan {
	crop := Crop{X: 20, Y: 10, W: 40, H: 33, Width: 24, Height: 18}
	same := Crop{X: 30, Y: 20, W: 24, H: 18, Width: 24, Height: 18}
	middle := Crop{X: 5, Y: 3, W: 11, H: 9, Width: 11, Height: 9}
	inner := Crop{X: 2, Y: 1, W: 6, H: 5, Width: 6, Height: 5}
	enlarge := Resize(90, 70, 190, 160)
	enlarge.Filter = FilterLanczos
	corner := Crop{X: 150, Y: 110, W: 40, H: 50, Width: 40, Height: 50}
	return []*Plan{
		{}, {Steps: []Step{&crop}}, {Steps: []Step{&crop, &Flip{}}}, {Steps: []Step{&same, &Flip{}}},
		{Steps: []Step{&same}}, {Steps: []Step{&Flip{}, &crop}}, {Steps: []Step{&Flip{}}},
		{Steps: []Step{&crop, &Flip{}, &Flip{}, &FlipVertical{}, &Flip{}}},
		{Steps: []Step{&crop, &middle}}, {Steps: []Step{&crop, &Flip{}, &middle, &Flip{}, &inner}},
		{Steps: []Step{&Flip{}, &same, &middle}}, {Steps: []Step{&enlarge, &corner, &Flip{}}},
		{Steps: []Step{&same, &middle}},
		{Steps: []Step{&crop, &Flip{}, &Solarize{100}, &Flip{}}}, {Steps: []Step{&Posterize{3}}},
		{Steps: []Step{&crop, &Erase{X: 3, Y: 4, W: 5, H: 6}}},
	}
}

// TestIntoEqualsApply compares what Into writes with the image that Apply
// makes of the whole one.
func TestIntoEqualsApply(t *testing.T) {
	var s Scratch
	for _, from := range []int{1, 3} {
		m := pattern(90, 70, from)
		untouched := slices.Clone(m.Pix)
		for _, plan := range plansFor() {
			for _, to := range []int{1, 3} {
				want := plan.Apply(m.Clone().WithChannels(to), nil)
				region, _ := plan.Region(90, 70)
				for i, slot := range slots(want.Width, want.Height, to) {
					plan.Into(&slot, cut(m, region), &s)
					plan.Into(&slot, Whole(m), &s)
					if at := firstDifference(&slot, want); at >= 0 {
						t.Errorf("%v from %d to %d channels, slot %d: value %d is wrong", plan, from, to, i, at)
					}
				}
			}
		}
		if !slices.Equal(m.Pix, untouched) {
			t.Fatal("the part has changed")
		}
	}
}

// firstDifference returns which value of an image the slot has not, or -1.
func firstDifference(slot *Slot, m *Image) int {
	filled := make([]float32, len(m.Pix))
	if slot.Filler != nil {
		slot.Filler.Fill(filled, m)
	}
	for i, v := range m.Pix {
		at := i
		if slot.Planar {
			at = i%m.Channels*m.Width*m.Height + i/m.Channels
		}
		if slot.Bytes != nil && slot.Bytes[at] != v {
			return i
		}
		if slot.Floats != nil && slot.Floats[at] != filled[i] {
			return i
		}
	}
	return -1
}

func TestRegion(t *testing.T) {
	crop := Crop{X: 20, Y: 10, W: 40, H: 33, Width: 24, Height: 18}
	nearest := crop
	nearest.Filter = FilterNearest
	for _, c := range []struct {
		steps   []Step
		region  image.Rectangle
		atLeast image.Point
	}{
		{nil, image.Rect(0, 0, 90, 70), image.Pt(90, 70)},
		{[]Step{&Flip{}, &crop}, image.Rect(0, 0, 90, 70), image.Pt(90, 70)},
		{[]Step{&crop, &Flip{}}, image.Rect(20, 10, 60, 43), image.Pt(24, 18)},
		{[]Step{&crop, &Flip{}, &Crop{X: 14, Y: 4, W: 5, H: 4, Width: 5, Height: 4}},
			image.Rect(25, 13, 41, 29), image.Pt(10, 9)},
		{[]Step{&Crop{X: 20, Y: 10, W: 40, H: 33, Width: 40, Height: 33}, &Flip{},
			&Crop{X: 1, Y: 2, W: 3, H: 4, Width: 3, Height: 4}},
			image.Rect(56, 12, 59, 16), image.Pt(3, 4)},
		{[]Step{&nearest}, image.Rect(20, 10, 60, 43), image.Pt(40, 33)},
	} {
		plan := Plan{Steps: c.steps}
		if region, atLeast := plan.Region(90, 70); region != c.region || atLeast != c.atLeast {
			t.Errorf("%v needs %v in %v, want %v in %v", plan, region, atLeast, c.region, c.atLeast)
		}
	}
}

func TestPasses(t *testing.T) {
	crop, copies := Resize(9, 9, 5, 5), Crop{W: 3, H: 3, Width: 3, Height: 3}
	flip, other := &Flip{}, &Solarize{100}
	for _, c := range []struct {
		steps                []Step
		first, between, last int
	}{
		{nil, 0, 0, 0},
		{[]Step{flip, &copies, flip}, 3, 0, 0},
		{[]Step{&crop, flip, &copies, other, flip, flip}, 3, 1, 2},
		{[]Step{flip, &crop, flip}, 1, 1, 1},
		{[]Step{other, flip, other}, 0, 3, 0},
	} {
		plan := Plan{Steps: c.steps}
		first, between, last := plan.Passes()
		if len(first) != c.first || len(between) != c.between || len(last) != c.last {
			t.Errorf("%v is cut into %d, %d and %d", plan, len(first), len(between), len(last))
		}
	}
}

func TestIntoTakesNoMemory(t *testing.T) {
	var s Scratch
	m := pattern(90, 70, 3)
	for _, plan := range plansFor()[:13] { // those of crops and flips alone
		for _, channels := range []int{1, 3} {
			width, height := plan.Size(90, 70)
			for _, slot := range slots(width, height, channels) {
				if n := testing.AllocsPerRun(5, func() { plan.Into(&slot, Whole(m), &s) }); n != 0 {
					t.Errorf("%v to %d channels allocates %v times", plan, channels, n)
				}
			}
		}
	}
}

func TestIntoRefusesPartsOfWholes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("accepted")
		}
	}()
	plan := Plan{Steps: []Step{&Flip{}}}
	slot := slots(40, 30, 3)[0]
	plan.Into(&slot, cut(pattern(90, 70, 3), image.Rect(3, 0, 43, 30)), nil)
}

func TestNormalizationOfFills(t *testing.T) {
	n := DefaultNormalization(3)
	m := pattern(64, 40, 3)
	got := make([]float32, len(m.Pix))
	NewFiller(n).Fill(got, m)
	for i, v := range m.Pix {
		want := (float64(v)/255 - float64(n.Mean[i%3])) / float64(n.Std[i%3])
		if d := float64(got[i]) - want; d > 1e-6 || d < -1e-6 {
			t.Fatalf("value %d is %v, want %v", i, got[i], want)
		}
	}
}

func BenchmarkInto(b *testing.B) {
	m := pattern(256, 256, 3)
	floats := make([]float32, 224*224*3)
	for _, size := range []int{224, 256} {
		plan := Plan{Steps: []Step{&Crop{W: size, H: size, Width: 224, Height: 224}, &Flip{}}}
		slot := Slot{Floats: floats, Channels: 3, Filler: NewFiller(DefaultNormalization(3))}
		b.Run(fmt.Sprintf("%d to 224", size), func(b *testing.B) {
			var s Scratch
			plan.Into(&slot, Whole(m), &s)
			b.ReportAllocs()
			for b.Loop() {
				plan.Into(&slot, Whole(m), &s)
			}
		})
	}
}
