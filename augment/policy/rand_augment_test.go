package policy

import (
	"math"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// The texts are what torchvision's tables hold at the bins named, for images
// of 331x662 pixels.
func TestOperationsHaveTorchvisionsStrengths(t *testing.T) {
	for _, c := range []struct {
		operations []operation
		name       string
		bin, bins  int
		want       string
	}{
		{usualOperations, "rotate", 9, 31, "rotate 9°"},
		{usualOperations, "rotate", 9, 10, "rotate 30°"},
		{usualOperations, "brightness", 9, 31, "brightness 1.27"},
		{usualOperations, "color", 30, 31, "saturation 1.9"},
		{usualOperations, "translate_x", 9, 31, "affine 0° by 45,0 scale 1 shear 0°,0°"},
		{usualOperations, "translate_y", 9, 31, "affine 0° by 0,90 scale 1 shear 0°,0°"},
		{usualOperations, "posterize", 9, 31, "posterize 7 bits"},
		{usualOperations, "posterize", 8, 10, "posterize 4 bits"},
		{usualOperations, "posterize", 5, 10, "posterize 6 bits"},
		{usualOperations, "solarize", 9, 31, "solarize 178"},
		{wideOperations, "rotate", 30, 31, "rotate 135°"},
		{wideOperations, "translate_x", 20, 31, "affine 0° by 21,0 scale 1 shear 0°,0°"},
		{wideOperations, "posterize", 30, 31, "posterize 2 bits"},
		{wideOperations, "posterize", 13, 31, "posterize 5 bits"},
		{wideOperations, "sharpness", 15, 31, "sharpness 1.5"},
		{wideOperations, "solarize", 0, 31, "solarize 255"},
	} {
		for _, o := range c.operations {
			if o.name != c.name {
				continue
			}
			var plan pixel.Plan
			d := draft.New(&plan, 331, 662)
			o.add(d, o.most*strengthOf(c.bin, c.bins), look{})
			d.Release()
			if got := plan.String(); got != c.want {
				t.Errorf("%s at %d of %d is %s, want %s", c.name, c.bin, c.bins, got, c.want)
			}
		}
	}
}

func TestShearsLeaveTheCorner(t *testing.T) {
	for name, want := range map[string][2]float64{
		"shear_x": {40 - 0.3*50, 50}, "shear_y": {40, 50 - 0.3*40},
	} {
		var plan pixel.Plan
		d := draft.New(&plan, 80, 60)
		operationNamed(name).add(d, 0.3, look{})
		d.Release()
		move := plan.Map(80, 60)
		if x, y, _ := move.At(0, 0); math.Abs(x)+math.Abs(y) > 1e-9 {
			t.Errorf("%s moves the corner to %v,%v", name, x, y)
		}
		if x, y, _ := move.At(40, 50); math.Abs(x-want[0])+math.Abs(y-want[1]) > 1e-9 {
			t.Errorf("%s moves (40, 50) to %v,%v, want %v", name, x, y, want)
		}
	}
}

// key is that of all draws of an epoch.
func key(epoch int) dataset.Key { return dataset.Key{Epoch: epoch} }

// planOf draws one policy for an epoch.
func planOf(t draft.Transform, epoch int) pixel.Plan {
	var plan pixel.Plan
	d := draft.New(&plan, 100, 80)
	d.All(key(epoch), []draft.Transform{t})
	d.Release()
	return plan
}

func TestPoliciesChooseAllOperationsAlike(t *testing.T) {
	const n = 14000
	for _, policy := range []draft.Transform{RandAugment(1, 9), TrivialAugmentWide()} {
		count := map[string]int{}
		negative := 0
		for epoch := range n {
			plan := planOf(policy, epoch).String()
			name, _, _ := strings.Cut(plan, " ")
			count[name]++
			if strings.HasPrefix(plan, "rotate -") {
				negative++
			}
		}
		// Shears and shifts both are affine steps.
		for name, want := range map[string]int{
			"as": 1, "affine": 4, "rotate": 1, "brightness": 1, "saturation": 1, "contrast": 1,
			"sharpness": 1, "posterize": 1, "solarize": 1, "autocontrast": 1, "equalize": 1, "invert": 0,
		} {
			if got := float64(count[name]) / 1000; math.Abs(got-float64(want)) > 0.15 {
				t.Errorf("%s: %s comes %.2f times in 14", policy.Name(), name, got)
			}
		}
		if got := float64(negative) / float64(count["rotate"]); math.Abs(got-0.5) > 0.05 {
			t.Errorf("%s: %.2f of the angles are negative", policy.Name(), got)
		}
	}
}
