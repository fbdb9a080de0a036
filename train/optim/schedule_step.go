package optim

import "math"

// Steps multiplies the rate by Gamma at each of some steps:
//
//	rate(t) = Rate Gamma^n   with n milestones at or before t
type Steps struct {
	Rate, Gamma float64
	Milestones  []int // in any order
}

// At implements Schedule.
func (s Steps) At(step int) float64 {
	passed := 0
	for _, at := range s.Milestones {
		if step >= at {
			passed++
		}
	}
	return s.Rate * math.Pow(s.Gamma, float64(passed))
}
