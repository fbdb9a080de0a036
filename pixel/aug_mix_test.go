package pixel

import (
	"slices"
	"testing"
)

func TestAugMixIsTheWeightedSum(t *testing.T) {
	for _, channels := range []int{1, 3} {
		var plan Plan
		mixed := AddAugMix(&plan, 0.25, 2)
		mixed.Chains[0].Weight, mixed.Chains[1].Weight = 0.5, 0.25
		Add(&mixed.Chains[0].Plan, Invert{})
		Add(&mixed.Chains[1].Plan, Flip{})
		Add(&mixed.Chains[1].Plan, Posterize{Bits: 4})
		m := pattern(31, 40, channels) // larger than one stretch of the sums
		inverted := (&Invert{}).Apply(m.Clone(), nil)
		flipped := (&Posterize{4}).Apply((&Flip{}).Apply(m.Clone(), nil), nil)
		want := make([]uint8, len(m.Pix))
		for i, v := range m.Pix { // these weights are exact
			want[i] = uint8((int(v) + 2*int(inverted.Pix[i]) + int(flipped.Pix[i])) / 4)
		}
		got := plan.Apply(m, &Scratch{})
		if !slices.Equal(got.Pix, want) || got.Width != 31 || got.Channels != channels {
			t.Errorf("an image of %d channels is mixed otherwise", channels)
		}
		const text = "augmix 0.25 as it is + 0.5 invert + 0.25 flip; posterize 4 bits"
		if plan.String() != text {
			t.Errorf("the step is %q, want %q", plan, text)
		}
	}
}

func TestAugMixStartsEmptyAgain(t *testing.T) {
	var plan Plan
	first := AddAugMix(&plan, 0.5, 3)
	Add(&first.Chains[0].Plan, Invert{})
	plan.Reset()
	second := AddAugMix(&plan, 1, 2)
	if second != first || len(second.Chains) != 2 || len(second.Chains[0].Plan.Steps) != 0 {
		t.Errorf("the step is %v, or in other memory", second)
	}
	m := pattern(5, 4, 3)
	if got := plan.Apply(m.Clone(), nil); !slices.Equal(got.Pix, m.Pix) {
		t.Error("an image that is mixed with itself alone changes")
	}
}
