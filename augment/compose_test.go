package augment

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// planOf draws one transform for an epoch.
func planOf(t Transform, epoch int) string {
	return Pipeline{t}.Plan(dataset.Key{Seed: 5, Epoch: epoch}, 100, 80).String()
}

// share returns in which share of many draws a condition holds.
func share(t Transform, holds func(plan string) bool) float64 {
	const n = 4000
	count := 0
	for epoch := range n {
		if holds(planOf(t, epoch)) {
			count++
		}
	}
	return float64(count) / n
}

func TestCompositionsChooseAsTheySay(t *testing.T) {
	flip, upend, invert := HorizontalFlip(1), VerticalFlip(1), Invert(1)
	weighted := OneOf(flip, upend, invert)
	weighted.Weights = []float64{3, 0, 1}
	is := func(want string) func(string) bool {
		return func(plan string) bool { return plan == want }
	}
	has := func(want string) func(string) bool {
		return func(plan string) bool { return strings.Contains("; "+plan+";", "; "+want+";") }
	}
	for _, c := range []struct {
		transform Transform
		holds     func(string) bool
		want      float64
	}{
		{OneOf(flip, upend, invert), is("invert"), 1. / 3},
		{OneOf(flip, upend, invert), is("flip"), 1. / 3},
		{weighted, is("flip"), 3. / 4},
		{weighted, is("flip vertically"), 0},
		{weighted, is("invert"), 1. / 4},
		{SomeOf(2, flip, upend, invert), is("flip; invert"), 1. / 3},
		{SomeOf(2, flip, upend, invert), has("flip"), 2. / 3},
		{Selection{Pipeline{flip, upend}, [2]int{0, 2}}, is("as it is"), 1. / 3},
		{RandomApply(0.3, flip, invert), is("flip; invert"), 0.3},
		{RandomApply(0.3, flip, invert), is("as it is"), 0.7},
		{RandomOrder(flip, upend, invert), is("invert; flip; flip vertically"), 1. / 6},
	} {
		if got := share(c.transform, c.holds); math.Abs(got-c.want) > 0.03 {
			t.Errorf("%s: share %.3f, want %.3f", Pipeline{c.transform}, got, c.want)
		}
	}
}

func TestBranchesDrawWhateverStandsBesideThem(t *testing.T) {
	jitter, rotation := ColorJitter(0.4, 0.4, 0.4, 0.1), RandomRotation(20)
	for epoch := range 50 {
		alone := planOf(RandomApply(1, jitter), epoch)
		with := planOf(RandomApply(1, rotation, jitter), epoch)
		if !strings.HasSuffix(with, "; "+alone) {
			t.Fatalf("jitter alone draws %s, after a rotation %s", alone, with)
		}
	}
	nested := RandomApply(1, OneOf(jitter, rotation), Invert(0.5))
	more := RandomApply(1, OneOf(jitter, rotation), Invert(0.5), MotionBlur(1))
	for epoch := range 50 {
		few := strings.TrimPrefix(planOf(nested, epoch), "as it is")
		if many := planOf(more, epoch); !strings.HasPrefix(many, few) {
			t.Fatalf("%s became %s", few, many)
		}
	}
}

func TestForReachesIntoCompositions(t *testing.T) {
	crop := RandomResizedCrop(0)
	for name, c := range map[string]struct {
		transform Transform
		isSure    bool
	}{
		"one of all":     {OneOf(crop, CenterCrop(0)), true},
		"one of some":    {OneOf(crop, Invert(1)), false},
		"one of none":    {OneOf(Invert(1)), false},
		"all":            {RandomOrder(Invert(1), crop), true},
		"maybe":          {RandomApply(0.5, crop), false},
		"surely":         {RandomApply(1, crop), true},
		"two of three":   {SomeOf(2, crop, CenterCrop(0), Invert(1)), true},
		"one of three":   {SomeOf(1, crop, CenterCrop(0), Invert(1)), false},
		"in a nest":      {OneOf(RandomOrder(crop), RandomApply(1, Resize(0))), true},
		"in a nest, not": {OneOf(RandomOrder(crop), RandomApply(0.5, Resize(0))), false},
	} {
		sized := Pipeline{c.transform}.For(32, 24)
		if isSure := len(sized) == 1; isSure != c.isSure {
			t.Errorf("%s: %v", name, sized)
		}
		for epoch := range 40 {
			plan := sized.Plan(dataset.Key{Epoch: epoch}, 90, 60)
			m := plan.Apply(pixel.New(90, 60, 3), nil)
			if m.Width != 32 || m.Height != 24 {
				t.Errorf("%s: %v makes %dx%d", name, plan, m.Width, m.Height)
			}
		}
	}
	if crop.Width != 0 {
		t.Error("the transform itself changed")
	}
}

func TestRecipesNest(t *testing.T) {
	got, err := decode(`
augment:
  - one_of:
      weights: [2, 1]
      transforms:
        - posterize: {bits: 5}
        - some_of:
            transforms: [invert, equalize, {solarize: {threshold: 99}}]
            count_range: [1, 2]
  - random_apply: {p: 0.3, transforms: [motion_blur]}
  - random_order: {transforms: [horizontal_flip, vertical_flip]}
`)
	if err != nil {
		t.Fatal(err)
	}
	some := SomeOf(1, Invert(0.5), Equalize(0.5), Solarize(99, 0.5))
	some.CountRange = [2]int{1, 2}
	one := OneOf(Posterize(5, 0.5), some)
	one.Weights = []float64{2, 1}
	want := Pipeline{
		one, RandomApply(0.3, MotionBlur(0.5)), RandomOrder(HorizontalFlip(0.5), VerticalFlip(0.5)),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestFaultsWithinCompositionsNameTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"augment:\n  - one_of": "dsbuild.yaml:2: augment: one_of: transforms is empty",
		"augment:\n  - one_of:\n      transforms: [invert,\n        invert: {p: 3}]": "" +
			"dsbuild.yaml:4: augment.one_of.transforms: invert: p is 3",
		"augment:\n  - one_of: &a {transforms: [{one_of: *a}]}":              "contains itself",
		"augment:\n  - one_of: {transforms: [invrt]}":                        `did you mean "invert"?`,
		"augment:\n  - one_of: {transforms: [invert], weights: [1, 2]}":      "2 numbers for 1 transforms",
		"augment:\n  - one_of: {transforms: [invert], weights: [0]}":         "weights are all 0",
		"augment:\n  - some_of: {transforms: [invert], count_range: [2, 3]}": "count_range is [2, 3]",
		"augment:\n  - random_order: {transforms: [normalize: {mean: [0], std: [1]}]}": "" +
			"outermost list",
	} {
		_, err := decode(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
	err := Pipeline{RandomApply(1, Invert(1), OneOf(HorizontalFlip(2)))}.Validate()
	const want = "random_apply: transform 2, one_of: transform 1, horizontal_flip: p is 2"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}
