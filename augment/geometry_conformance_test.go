package augment

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// TestBoxesAndMasksFollowEveryTransform draws a block, with its box and its
// mask, through all transforms. The block has a bright and a dark half. Where it
// is in the result is told by the pixels that differ from those that the plan
// makes of the same image with the halves exchanged, whatever has become of
// colours: both images have the same pixels in all, and so the same tones.
func TestBoxesAndMasksFollowEveryTransform(t *testing.T) {
	box := dataset.Box{X: 40, Y: 30, Width: 36, Height: 28, Label: "block"}
	const width, height = 120, 100
	block, exchanged := scene(width, height, box, false), scene(width, height, box, true)
	mask := pixel.New(width, height, 1)
	for y := 30; y < 58; y++ {
		for x := 40; x < 76; x++ {
			mask.Row(y)[x] = 9
		}
	}
	for _, transform := range append(all(), full()...) {
		if _, mixes := transform.(policy.Mixed); mixes {
			continue // its boxes and masks are those of the image that it mixes in
		}
		compared := 0
		for epoch := range 16 {
			plan := uncovered(Pipeline{transform}.Plan(dataset.Key{Seed: 2, Epoch: epoch}, width, height))
			seen, isClear := differing(plan.Apply(block.Clone(), nil), plan.Apply(exchanged.Clone(), nil))
			if !isClear {
				continue
			}
			moved := plan.AppendBoxes(nil, []dataset.Box{box}, width, height, pixel.BoxRule{})
			if !checkBox(t, plan, moved, seen) {
				break
			}
			if len(moved) == 1 {
				compared++
				checkMask(t, plan, plan.Mask(mask, nil), seen, moved[0])
			}
		}
		if compared < 4 {
			t.Errorf("%s: the block was seen %d times in 16", transform.Name(), compared)
		}
	}
}

// scene is a gray ground with a block whose left half is bright and whose right
// one is dark, or the other way round.
func scene(width, height int, box dataset.Box, exchanged bool) *pixel.Image {
	m := pixel.New(width, height, 3)
	for y := range height {
		for x := range width {
			colour := []uint8{uint8(160 + x%7), uint8(150 + y%5), 140}
			left, down := float64(x)-box.X, float64(y)-box.Y
			if left >= 0 && left < box.Width && down >= 0 && down < box.Height {
				colour = []uint8{90, 80, 70}
				if (left < box.Width/2) != exchanged {
					colour = []uint8{250, 230, 240}
				}
			}
			copy(m.Row(y)[3*x:], colour)
		}
	}
	return m
}

// uncovered leaves out the steps of a plan that cover the block rather than
// move it.
func uncovered(plan pixel.Plan) pixel.Plan {
	var rest pixel.Plan
	for _, step := range plan.Steps {
		if _, covers := step.(*pixel.Erase); !covers {
			rest.Steps = append(rest.Steps, step)
		}
	}
	return rest
}

// differing marks the pixels whose difference is at least half of the largest,
// and tells whether that is a clear one.
func differing(a, b *pixel.Image) (marked *pixel.Image, isClear bool) {
	distance := make([]int, a.Width*a.Height)
	most := 0
	for i := range distance {
		for c := range a.Channels {
			d := int(a.Pix[i*a.Channels+c]) - int(b.Pix[i*a.Channels+c])
			distance[i] += max(d, -d)
		}
		most = max(most, distance[i])
	}
	marked = pixel.New(a.Width, a.Height, 1)
	for i, d := range distance {
		if 2*d >= most {
			marked.Pix[i] = 1
		}
	}
	return marked, most > 60
}

// checkBox compares a moved box with the rectangle around the marked pixels,
// and tells whether they agree.
func checkBox(t *testing.T, plan pixel.Plan, moved []dataset.Box, seen *pixel.Image) bool {
	t.Helper()
	x0, y0, x1, y1, count := seen.Width, seen.Height, 0, 0, 0
	for y := range seen.Height {
		for x, v := range seen.Row(y) {
			if v != 0 {
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
				count++
			}
		}
	}
	if len(moved) == 0 {
		if count > 12 {
			t.Errorf("%v: no box, and %d pixels of the block", plan, count)
		}
		return count <= 12
	}
	b := moved[0]
	if b.X < 0 || b.Y < 0 || b.X+b.Width > float64(seen.Width)+1e-9 ||
		b.Y+b.Height > float64(seen.Height)+1e-9 {
		t.Errorf("%v: the box %+v leads out of %dx%d pixels", plan, b, seen.Width, seen.Height)
		return false
	}
	if count < 12 {
		return true // next to nothing is left of the block
	}
	for i, d := range []float64{
		float64(x0) - b.X, float64(y0) - b.Y, float64(x1) - b.X - b.Width, float64(y1) - b.Y - b.Height,
	} {
		if math.Abs(d) > 2 {
			t.Errorf("%v: edge %d of the box %+v is %.2f pixels off the block's", plan, i, b, d)
			return false
		}
	}
	return true
}

// checkMask compares a moved mask with the marked pixels. They may differ
// along the block's edges, which are soft in the image.
func checkMask(t *testing.T, plan pixel.Plan, mask, seen *pixel.Image, b dataset.Box) {
	t.Helper()
	if mask.Width != seen.Width || mask.Height != seen.Height {
		t.Fatalf("%v: the mask has %dx%d pixels", plan, mask.Width, mask.Height)
	}
	off := 0
	for i, v := range mask.Pix {
		if v != 0 && v != 9 {
			t.Fatalf("%v: the mask has the new value %d", plan, v)
		}
		if (v != 0) != (seen.Pix[i] != 0) {
			off++
		}
	}
	if most := 3*(b.Width+b.Height) + 4; float64(off) > most {
		t.Errorf("%v: the mask is off in %d pixels, and may be in %.0f", plan, off, most)
	}
}
