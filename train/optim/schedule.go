package optim

import "math"

// A Schedule gives the learning rate of each step, counted from 0. It is a
// pure function.
type Schedule func(step int) float64

// Constant is the same rate for all steps.
func Constant(rate float64) Schedule { return func(int) float64 { return rate } }

// Cosine rises in a line over warmup steps to rate, and falls along half a
// cosine to 0 at step total (Loshchilov and Hutter, 2017, without restarts).
// From there on it is 0.
func Cosine(rate float64, warmup, total int) Schedule {
	return func(step int) float64 {
		switch {
		case step < warmup:
			return rate * float64(step+1) / float64(warmup)
		case step >= total:
			return 0
		default:
			done := float64(step-warmup) / float64(total-warmup)
			return rate * (1 + math.Cos(math.Pi*done)) / 2
		}
	}
}
