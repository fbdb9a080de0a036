package policy

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// mixedOf draws the one step of an AugMix for an epoch.
func mixedOf(m Mixed, epoch int) *pixel.AugMix {
	return planOf(m, epoch).Steps[0].(*pixel.AugMix)
}

func TestAugMixHasItsLaws(t *testing.T) {
	const n = 6000
	var own, share, length [4]float64
	operations := map[string]int{}
	for epoch := range n {
		m := mixedOf(AugMix(), epoch)
		sum := m.Own
		own[min(int(m.Own*4), 3)]++
		// Of three even shares one is below s with probability 1 - (1-s)^2.
		first := m.Chains[0].Weight / (1 - m.Own)
		share[min(int(4*(1-(1-first)*(1-first))), 3)]++
		for _, c := range m.Chains {
			sum += c.Weight
			length[len(c.Plan.Steps)]++
			for _, step := range c.Plan.Steps {
				name, _, _ := strings.Cut(step.String(), " ")
				operations[name]++
			}
		}
		if len(m.Chains) != 3 || math.Abs(sum-1) > 1e-9 {
			t.Fatalf("%v: %d chains, weights that sum to %v", m, len(m.Chains), sum)
		}
	}
	for i := range 4 {
		if math.Abs(own[i]/n-0.25) > 0.02 || math.Abs(share[i]/n-0.25) > 0.02 {
			t.Errorf("quarter %d: %.3f of the own weights, %.3f of the first shares",
				i, own[i]/n, share[i]/n)
		}
	}
	for k := 1; k <= 3; k++ {
		if got := length[k] / (3 * n); math.Abs(got-1./3) > 0.02 {
			t.Errorf("%.3f of the chains have %d operations", got, k)
		}
	}
	total := 0
	for _, count := range operations {
		total += count
	}
	// Shears and shifts are all affine steps.
	for name, want := range map[string]float64{
		"affine": 4, "rotate": 1, "brightness": 1, "saturation": 1, "contrast": 1, "sharpness": 1,
		"posterize": 1, "solarize": 1, "autocontrast": 1, "equalize": 1,
	} {
		if got := 13 * float64(operations[name]) / float64(total); math.Abs(got-want) > 0.1*want {
			t.Errorf("%s comes %.2f times in 13", name, got)
		}
	}
}

func TestAugMixKeepsItsParameters(t *testing.T) {
	m := Mixed{Severity: 1, MixtureWidth: 2, ChainDepth: 4, Alpha: 1, Interpolation: pixel.Bilinear}
	for epoch := range 200 {
		step := mixedOf(m, epoch)
		if len(step.Chains) != 2 {
			t.Fatalf("%d chains", len(step.Chains))
		}
		for _, c := range step.Chains {
			if len(c.Plan.Steps) != 4 {
				t.Fatalf("a chain of %d", len(c.Plan.Steps))
			}
			for _, s := range c.Plan.Steps {
				text := s.String() // at the lowest strength, which changes nothing
				if strings.Contains("brightness saturation contrast sharpness", strings.Fields(text)[0]) {
					t.Errorf("%s without all_ops", text)
				}
				p, isPosterize := s.(*pixel.Posterize)
				if isPosterize && p.Bits != 4 || strings.HasPrefix(text, "solarize") && text != "solarize 255" {
					t.Errorf("%s at severity 1", text)
				}
			}
		}
	}
}

func TestAugMixDrawsAndMixesWithoutMemory(t *testing.T) {
	var plan pixel.Plan
	var s pixel.Scratch
	policies, epoch := []draft.Transform{AugMix()}, 0
	draw := func() {
		epoch = (epoch + 1) % 50
		d := draft.New(&plan, 60, 50)
		d.All(key(epoch), policies)
		d.Release()
	}
	apply := func() {
		draw()
		s.Free(plan.Apply(s.New(60, 50, 3), &s))
	}
	for range 100 {
		apply()
	}
	if n := testing.AllocsPerRun(50, draw); n != 0 {
		t.Errorf("%v allocations a draw", n)
	}
	if n := testing.AllocsPerRun(50, apply); n != 0 {
		t.Errorf("%v allocations an image", n)
	}
}

func TestPoliciesAreValid(t *testing.T) {
	all := []draft.Transform{RandAugment(2, 9), TrivialAugmentWide(), AugMix(), AutoAugment(SVHN)}
	for _, p := range all {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
	odd := AugMix()
	odd.MixtureWidth, odd.Interpolation = pixel.MaxChains+1, "bicubic"
	err := odd.Validate()
	for _, want := range []string{"mixture_width is 11", `interpolation is "bicubic"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if slices.ContainsFunc(mixOperations, func(o operation) bool { return o.name == "identity" }) {
		t.Error("AugMix has the identity")
	}
}
