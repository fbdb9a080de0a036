package policy

import (
	"math"
	"testing"
)

func TestAutoPoliciesAreWhole(t *testing.T) {
	for name, pairs := range autoTables {
		if len(pairs) != 25 {
			t.Errorf("%s has %d pairs, want 25", name, len(pairs))
		}
		for i, pair := range pairs {
			for _, c := range pair {
				operationNamed(c.operation) // panics where there is none
				if c.p < 0 || c.p > 1 || c.bin < 0 || c.bin >= autoBins {
					t.Errorf("%s, pair %d: %+v", name, i, c)
				}
			}
		}
	}
}

// The expected numbers of steps an image come from the probabilities in
// torchvision's own tables.
func TestAutoAugmentHappensAsOftenAsItsTables(t *testing.T) {
	const n = 5000
	for policy, want := range map[string]float64{
		ImageNet: 1.24, CIFAR10: 1.06, SVHN: 1.316,
	} {
		steps := 0
		different := map[string]bool{}
		for epoch := range n {
			plan := planOf(AutoAugment(policy), epoch)
			steps += len(plan.Steps)
			different[plan.String()] = true
		}
		if got := float64(steps) / n; math.Abs(got-want) > 0.05 {
			t.Errorf("%s makes %.3f steps an image, want %.3f", policy, got, want)
		}
		if len(different) < 25 {
			t.Errorf("%s makes only %d different plans", policy, len(different))
		}
	}
}
